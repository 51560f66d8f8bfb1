import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import type { JobTarget } from "../../src/jobs/job.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { temporaryCredentials } from "../../src/sandbox/credentials.js";
import type { Assistant } from "../support/assistant.js";
import { type Files, referring } from "../support/company.js";
import { wide } from "../support/width.js";
import { onCdn, onLive, Rollout } from "../tools/deployment/rollout-fixture.js";

/** What was tried against a stand-in, or by another account, was not done here. */

let standIn: Rollout;
let real: Rollout;
let files: Files;
const jobs = mkdtempSync(join(tmpdir(), "cc-15-"));
let folder: string;
let number = 0;
/** How many changes earlier tests made. */
let earlier: number;
const done = () => real.company.done().slice(earlier);

beforeAll(async () => {
  [standIn, real] = [await Rollout.open(), await Rollout.open()];
});
beforeEach(async () => {
  earlier = real.company.done().length;
  files = await real.company.issue("next");
  number += 1;
  folder = join(jobs, String(number));
});
afterAll(async () => {
  await standIn.close();
  await real.close();
});

const on = (rollout: Rollout, options = {}) => {
  const roots = [standIn, real].map(({ company }) => company.sandbox.edge.rootPem).join("");
  const path = join(rollout.company.home, "roots.pem");
  writeFileSync(path, roots);
  return rollout.start(["--jobs", folder, "--files", real.company.home], {
    env: { NODE_EXTRA_CA_CERTS: path },
    ...options,
  });
};
const args = () => ({ ...referring(files), targets: onCdn });
const onPlay = () => ({ ...referring(files), targets: onLive });
const listed = z.object({ jobs: z.array(z.object({ job: z.string() })), of_other_accounts_or_endpoints: z.number() });
const jobIds = async (assistant: Assistant) => {
  const { jobs: found, of_other_accounts_or_endpoints: foreign } = listed.parse(await assistant.result("list_jobs"));
  return { found: found.map(({ job }) => job), foreign };
};

it("a deployment to a stand-in is none of the real cloud, and nothing there knows of it", wide, async () => {
  const tried = await standIn.job(await on(standIn), "deploy_certificate", args());
  expect(tried.states).toEqual(["accepted"]);
  const { job = "" } = tried;
  const assistant = await on(real);
  expect(await jobIds(assistant)).toEqual({ found: [], foreign: 1 });
  const wait = { what: "deployment", id: job, timeout_seconds: 1 };
  expect(await assistant.failure("wait_for", wait)).toContain(
    `The journal has no job ${job} of this account and endpoint`,
  );
  expect(await assistant.failure("roll_back")).toContain("There is no deployment in the journal of this account");
  expect(await assistant.failure("roll_back", { job })).toContain(`This account and endpoint have no job "${job}"`);
  const { resources } = await assistant.client.listResources();
  expect(resources.filter(({ uri }) => uri.includes("/jobs/"))).toEqual([]);
  await expect(assistant.client.readResource({ uri: `cloudcert://jobs/${job}` })).rejects.toThrow();
  expect(done()).toEqual([]);
  const told = await real.job(assistant, "deploy_certificate", args());
  expect([told.states, told.questions.length]).toEqual([["accepted"], 1]);
  expect(told.job).not.toBe(job);
  expect(done()).toEqual(["SetCdnDomainSSLCertificate img.example.com"]);
  expect(told.questions[0]).not.toContain(job);
});

it(
  "another access key does not take up the job, and does not call unchanged what it left on its way",
  wide,
  async () => {
    const first = await real.job(await on(real), "deploy_certificate", args());
    await keepsIdAndHost();
    const { id, secret, token } = temporaryCredentials.alibaba;
    const rotated = {
      ...real.company.sandbox.env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
      ALIBABA_CLOUD_SECURITY_TOKEN: token,
    };
    const assistant = await on(real, {
      env: { ...rotated, NODE_EXTRA_CA_CERTS: join(real.company.home, "roots.pem") },
    });
    expect(await jobIds(assistant)).toEqual({ found: [], foreign: 1 });
    const old = real.company.certificate("storefront");
    const told = await real.job(assistant, "deploy_certificate", { certificate_id: old, targets: onCdn });
    expect(told.states).toEqual(["accepted"]);
    expect(told.questions[0]).toMatch(
      new RegExp(`a deployment \\(job ${first.job}, accepted .*, under another access key\\)`),
    );
    expect(done()).toHaveLength(2);
  },
);

it("a job under another access key is not taken up", async () => {
  const assistant = await on(real);
  const first = await real.job(assistant, "deploy_certificate", onPlay());
  await forAll(({ account, ...target }) => ({
    ...target,
    ...(account && { account: { ...account, credential: "LTAIanother" } }),
  }));
  const second = await real.job(assistant, "deploy_certificate", onPlay());
  expect([second.states, second.questions.length]).toEqual([["accepted"], 1]);
  expect(await jobIds(assistant)).toEqual({ found: [second.job], foreign: 1 });
  expect(first.job).not.toBe(second.job);
});

/** The journal has the id of the credential and the host, and no secret. */
async function keepsIdAndHost(): Promise<void> {
  const [job] = await new Journal(new JobFiles(folder), () => new Date()).list();
  const endpoint = new URL(real.company.sandbox.endpoints["alibaba-cdn"]).host;
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: credential = "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret = "" } =
    real.company.sandbox.env;
  expect(job?.targets[0]?.account).toEqual({ credential, endpoint });
  expect(JSON.stringify(job)).not.toContain(secret);
}

type Change = (target: JobTarget) => JobTarget;

async function forAll(change: Change): Promise<void> {
  const journal = new Journal(new JobFiles(folder), () => new Date());
  for (const { owner: _, ...job } of await journal.list()) {
    await journal.save({ ...job, targets: job.targets.map(change) });
  }
}
