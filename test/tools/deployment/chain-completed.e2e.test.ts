import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, approvesByToken, approving } from "../../support/assistant.js";
import { Company, type Files, report } from "../../support/company.js";
import { wide } from "../../support/width.js";

/**
 * A site was given its leaf without the intermediate, clients refuse it, and the same certificate is deployed again with
 * its chain: that is a change, until the chain is served.
 *
 * Seen at certd/certd issue 746 and dromara/domain-admin issue 131 (PKIX path building failed, unable to get local issuer
 * certificate), opnsense/plugins issue 2553 and acmesh-official/acme.sh pull request 1459 (a deploy hook that sends the
 * leaf alone), certimate-go/certimate pull requests 204 and 227 (Repeatable false is answered with the copy that is there).
 */

let company: Company;
let files: Files;
let assistant: Assistant;
const questions: string[] = [];

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  assistant = await company.assistant(["--approve", "elicit"], {
    person: approving(questions),
  });
});
// What one test deploys is another certificate to the next.
beforeEach(async () => {
  files = await company.issue("site", ["shop.example.com", "img.example.com", "play.example.com"]);
  questions.length = 0;
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

const blocks = () => readFileSync(files.chain, "utf8").match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n?/g) ?? [];

/** The certificate in another file of the same folder. */
function written(name: string, pem: string) {
  writeFileSync(join(files.folder, name), pem);
  return { certificate: `file:${join(files.folder, name)}`, private_key: `file:${files.key}` };
}
const leafAlone = () => written("leaf.pem", blocks()[0] ?? "");
const whole = () => written("whole.pem", blocks().join(""));

const edgeone = { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] };
const cdn = { service: "alibaba-cdn", domains: ["img.example.com"] };
const live = { service: "huawei-live", domains: ["play.example.com"], force_redirect: false };
const everywhere = [edgeone, cdn, live];

async function deploy(pair: object, targets: readonly object[] = everywhere) {
  const given = { ...pair, targets, wait_seconds: 30 };
  return report.parse(await assistant.result("deploy_certificate", given));
}
const statesOf = ({ targets }: z.output<typeof report>) => targets.map(({ state }) => state);

const checked = z.object({
  domains: z.array(z.object({ status: z.string().optional(), next: z.string().optional() })),
});
async function check(args: object) {
  const domains = ["shop.example.com", "img.example.com", "play.example.com"];
  return checked.parse(await assistant.result("check_served_certificate", { domains, ...args })).domains;
}

it("the leaf alone is not served, and the chain is a change that ends when it is", wide, async () => {
  const first = await deploy(leafAlone());
  expect(statesOf(first)).toEqual(["incomplete chain", "incomplete chain", "incomplete chain"]);
  expect(first.summary).toBe("3 incomplete chain");
  expect(first.next).toContain("with its chain");
  expect(first.next).not.toContain("Nothing is left");
  expect(questions[0]).toContain("The intermediate certificate is missing");
  for (const { next } of await check({})) expect(next).toContain("unable to get local issuer certificate");
  for (const expected of [{ fingerprint: files.sha256 }, whole(), leafAlone()]) {
    const { certificate, fingerprint } = { certificate: undefined, fingerprint: undefined, ...expected };
    const states = (await check({ ...(certificate && { certificate }), ...(fingerprint && { fingerprint }) })).map(
      ({ status }) => status,
    );
    expect(states).toEqual(["incomplete chain", "incomplete chain", "incomplete chain"]);
  }

  const again = await deploy(leafAlone());
  expect(statesOf(again)).toEqual(["incomplete chain", "incomplete chain", "incomplete chain"]);
  expect(again.next).not.toContain("Nothing is left");
  expect(questions).toHaveLength(1);

  const mended = await deploy(whole());
  expect(statesOf(mended)).toEqual(["served", "served", "served"]);
  expect(mended.certificate_id).not.toBe(first.certificate_id);
  expect(questions).toHaveLength(2);
  for (const object of [
    "EdgeOne host shop.example.com (zone-sandboxdemo)",
    "CDN domain img.example.com",
    "Live domain play.example.com",
  ]) {
    expect(questions[1]).toContain(`${object}, chain: 1 certificate → 2 certificates`);
  }
  expect((await check({ certificate: whole().certificate })).map(({ status }) => status)).toEqual([
    "serving",
    "serving",
    "serving",
  ]);

  const done = company.done();
  const [leaf = "", intermediate = ""] = blocks();
  const root = company.sandbox.edge.rootPem;
  for (const same of [
    whole(),
    written("crlf.pem", `${leaf}${intermediate}`.replaceAll("\n", "\r\n")),
    written("root.pem", `${leaf}${intermediate}${root}`),
    written("order.pem", `${leaf}${root}${intermediate}`),
  ]) {
    const { targets, next } = await deploy(same);
    expect(targets.map(({ state }) => state)).toEqual(["unchanged", "unchanged", "unchanged"]);
    expect(next).toBe("Nothing is left to do.");
  }
  expect(questions).toHaveLength(2);
  expect(company.done()).toEqual(done);
});

it("a resource of Tencent Cloud moves from the leaf alone to the same certificate with its chain", async () => {
  await deploy(leafAlone(), [edgeone]);
  const old = (await deploy(leafAlone(), [edgeone])).certificate_id ?? "";
  const target = { service: "tencent-ssl", old_certificate_id: old, resource_types: ["teo"] };
  const moved = await deploy(whole(), [target]);
  expect(statesOf(moved)).toEqual(["served"]);
  expect(moved.certificate_id).not.toBe(old);
});

it("taking the chain back puts the leaf alone back, and says so", wide, async () => {
  await deploy(leafAlone(), [cdn]);
  await deploy(whole(), [cdn]);
  const back = report.parse(await assistant.result("roll_back", { wait_seconds: 30 }));
  expect(statesOf(back)).toEqual(["incomplete chain"]);
  expect(questions.at(-1)).toContain("The intermediate certificate is missing");
  expect((await check({ fingerprint: files.sha256 }))[1]?.status).toBe("incomplete chain");
});

it("the leaf alone, where the whole chain is stored and served, changes nothing", wide, async () => {
  await deploy(whole());
  const done = company.done();
  const { targets } = await deploy(leafAlone());
  expect(targets.map(({ state }) => state)).toEqual(["unchanged", "unchanged", "unchanged"]);
  expect(company.done()).toEqual(done);
});

it("a copy that Tencent Cloud answers an upload with is not deployed without its chain", wide, async () => {
  await deploy(leafAlone(), [edgeone]);
  const done = company.done();
  const restricted = await company.assistant([...approvesByToken, "--deny", "DescribeCertificates"], {
    hostApproves: true,
  });
  try {
    const given = { ...whole(), targets: [edgeone], wait_seconds: 0 };
    const told = report.parse(await restricted.result("deploy_certificate", given));
    expect(statesOf(told)).toEqual(["failed"]);
    expect(told.targets[0]?.says).toMatch(
      /which it had stored before, and its chain lacks an intermediate.*Repeatable/,
    );
    expect(
      company
        .done()
        .slice(done.length)
        .filter((line) => line.startsWith("ModifyHostsCertificate")),
    ).toEqual([]);
  } finally {
    await restricted.close();
  }
});

it("wait_for and find_certificates say it, too", wide, async () => {
  const { job = "" } = await deploy(leafAlone(), [cdn]);
  const { state, says } = await assistant.result("wait_for", { what: "deployment", id: job, timeout_seconds: 1 });
  expect(state).toBe("needs a person");
  expect(says).toContain("with its chain");
  const { served_on } = await assistant.result("find_certificates", { served_on: ["img.example.com"] });
  expect(JSON.stringify(served_on)).toMatch(/the intermediate is missing.*with its chain/);
});

it(
  "a host that nobody can look at is not unchanged while what is stored for it lacks its intermediate",
  wide,
  async () => {
    const settings = { mode: "disable" as const, certificateIds: [], clientCaIds: [], changedAt: new Date(0) };
    company.sandbox.account.zones
      .get("zone-sandboxdemo")
      ?.hosts.set("*.example.com", { name: "*.example.com", ...settings });
    files = await company.issue("wildcard", ["*.example.com"]);
    const wildcard = { ...edgeone, domains: ["*.example.com"] };
    expect(statesOf(await deploy(leafAlone(), [wildcard]))).toEqual(["accepted"]);
    // Without a journal nothing of it is on its way.
    await company.journal.list().then((jobs) => Promise.all(jobs.map(({ id }) => company.journal.remove(id))));
    expect(statesOf(await deploy(leafAlone(), [wildcard]))).toEqual(["incomplete chain"]);
  },
);
