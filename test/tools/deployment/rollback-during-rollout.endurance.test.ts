import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sslHandlers } from "../../../src/sandbox/tencent-ssl/index.js";
import type { Assistant } from "../../support/assistant.js";
import { type Files, referring, sha256Of } from "../../support/company.js";
import { onCdn, onEdgeone, onLive, onVod, Rollout } from "./rollout-fixture.js";

/** What the cloud has accepted and the edge does not show yet is part of what a target has now. */

let rollout: Rollout;
let next: string;
let old: string;
let oldLeaf: string;
let assistant: Assistant;

beforeEach(async () => {
  rollout = await Rollout.open();
  const { company } = rollout;
  next = company.certificate("storefront, next");
  old = company.certificate("storefront");
  oldLeaf = leafOf(old);
  assistant = await rollout.start();
});
afterEach(() => rollout.close());

function leafOf(id: string): string {
  return sha256Of(rollout.company.sandbox.account.ssl.certificates.get(id)?.material?.certificatePem ?? "");
}

const read = (path: string) => readFile(path, "utf8");
const everywhere = (leaf: string | undefined) => [leaf, leaf, leaf];
const finding = z.object({
  state: z.string(),
  says: z.string(),
  details: z.object({ targets: z.array(z.object({ says: z.string().optional() })) }),
});
const waitFor = async (id = "") =>
  finding.parse(await assistant.result("wait_for", { what: "deployment", id, timeout_seconds: 1 }));

describe("a deployment that is taken back at once", () => {
  it.each([
    ["img.example.com", onCdn, "SetCdnDomainSSLCertificate img.example.com"],
    ["vod.example.com", onVod, "SetVodDomainSSLCertificate vod.example.com"],
    ["play.example.com", onLive, "UpdateDomainHttpsCert play.example.com"],
    ["www.example.com", onEdgeone, "ModifyHostsCertificate www.example.com"],
  ])("is asked about and sent: %s", async (domain, targets, change) => {
    const deployed = await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets });
    expect(deployed.states).toEqual(["accepted"]);
    const back = await rollout.job(assistant, "roll_back", { job: deployed.job });
    expect(back.states).toEqual(["accepted"]);
    expect(back.next).not.toContain("Nothing is left");
    expect(rollout.company.done()).toEqual([change, change]);
    expect(back.questions).toHaveLength(1);
    expect(back.questions[0]).toMatch(
      new RegExp(
        `a deployment \\(job ${deployed.job}, accepted \\d{4}-\\d\\d-\\d\\d [^)]*\\)+ is still rolling out there`,
      ),
    );
    expect(back.questions[0]).toContain(`wait_for deployment ${deployed.job}`);
    expect(JSON.stringify(back)).toMatch(new RegExp(`deployment ${deployed.job}, accepted \\d{4}-\\d\\d-\\d\\dT`));
    rollout.arrive();
    expect(await rollout.company.served(domain)).toEqual(everywhere(oldLeaf));
  });

  it("is never said to be served while what it replaced may still arrive", async () => {
    const { job } = await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets: onCdn });
    const back = await rollout.job(assistant, "roll_back");
    // Each address serves the old one, as none has the new one yet.
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
    const found = await waitFor(back.job);
    expect(found.state).toBe("still running");
    expect(found.details.targets[0]?.says).toContain("was on its way before, and may still arrive");
    const first = await waitFor(job);
    expect(first.state).not.toBe("done");
    expect(first.says).toContain(`rollback ${back.job} was accepted later`);
    const listed = z.object({ jobs: z.array(z.object({ job: z.string(), summary: z.string() })) });
    expect(listed.parse(await assistant.result("list_jobs")).jobs).toEqual([
      { job: back.job, summary: "1 accepted" },
      { job, summary: "1 superseded" },
    ]);
  });

  it("by another process", async () => {
    await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets: onCdn });
    const other = await rollout.start();
    const back = await rollout.job(other, "roll_back");
    expect([back.states, back.questions.length]).toEqual([["accepted"], 1]);
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
  });

  it("and then deployed again, and taken back again, ends as the last one said", async () => {
    const args = { certificate_id: next, targets: onCdn };
    await rollout.job(assistant, "deploy_certificate", args);
    await rollout.job(assistant, "roll_back");
    const again = await rollout.job(assistant, "deploy_certificate", args);
    expect([again.states, again.questions.length]).toEqual([["accepted"], 1]);
    await rollout.job(assistant, "roll_back");
    expect(rollout.company.done()).toHaveLength(4);
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
  });

  it("twice is asked about once: the first is on its way", async () => {
    await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets: onCdn });
    const back = await rollout.job(assistant, "roll_back");
    const again = await rollout.job(assistant, "roll_back");
    expect([again.job, again.states, again.questions]).toEqual([back.job, ["accepted"], []]);
    expect(again.next).toContain("Accepted is not served yet");
    expect(rollout.company.done()).toHaveLength(2);
  });
});

describe("the previous certificate, deployed while the next is on its way", () => {
  it.each([
    ["img.example.com", onCdn],
    ["play.example.com", onLive],
    ["www.example.com", onEdgeone],
  ])("is asked about and sent: %s", async (domain, targets) => {
    const first = await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets });
    const second = await rollout.job(assistant, "deploy_certificate", { certificate_id: old, targets });
    expect(second.states).toEqual(["accepted"]);
    expect(second.questions[0]).toContain(`a deployment (job ${first.job}, accepted`);
    expect(second.next).not.toContain("Nothing is left");
    rollout.arrive();
    expect(await rollout.company.served(domain)).toEqual(everywhere(oldLeaf));
  });

  it("that a single operation sent", async () => {
    const files = await rollout.company.issue("by-hand");
    const settings = { DomainName: "img.example.com", SSLProtocol: "on", CertType: "upload", CertName: "by-hand" };
    const pair = { SSLPub: `file:${files.chain}`, SSLPri: `file:${files.key}` };
    await assistant.result("SetCdnDomainSSLCertificate", { ...settings, ...pair });
    const told = await rollout.job(assistant, "deploy_certificate", { certificate_id: old, targets: onCdn });
    expect(told.states).toEqual(["accepted"]);
    expect(told.questions[0]).toMatch(
      /what SetCdnDomainSSLCertificate set \(accepted .* with .*, SHA-256 [0-9a-f]{16}…\./,
    );
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
  });

  it("that a single operation took HTTPS away by", async () => {
    await assistant.result("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" });
    const told = await rollout.job(assistant, "deploy_certificate", { certificate_id: old, targets: onCdn });
    expect(told.questions[0]).toMatch(/what SetCdnDomainSSLCertificate set \(accepted .* with no HTTPS\./);
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
  });

  it("is what a rollback of a third one goes back to", async () => {
    const third = await rollout.company.issue("third");
    await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets: onCdn });
    const { job } = await rollout.job(assistant, "deploy_certificate", { ...referring(third), targets: onCdn });
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(third.sha256));
    await rollout.job(assistant, "roll_back", { job });
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(leafOf(next)));
  });
});

describe("what is on its way to where it should be", () => {
  let files: Files;
  beforeEach(async () => {
    files = await rollout.company.issue("fresh");
  });

  it("is named with its job, and not sent twice", async () => {
    const first = await rollout.job(assistant, "deploy_certificate", { ...referring(files), targets: onCdn });
    const targets = [...onCdn, ...onVod];
    const both = await rollout.job(assistant, "deploy_certificate", { ...referring(files), targets });
    expect(both.states).toEqual(["accepted", "accepted"]);
    const alone = await rollout.job(await rollout.start(), "deploy_certificate", {
      ...referring(files),
      targets: onCdn,
    });
    expect(alone.targets[0]?.says).toMatch(/of 2 addresses|by deployment [0-9a-f]{8}, and on its way/);
    expect(alone.next).toContain("Accepted is not served yet");
    expect(first.job).toBe(alone.job);
    expect(rollout.company.done()).toHaveLength(2);
  });

  it("is sent again where somebody has deployed a third one meanwhile", async () => {
    const third = await rollout.company.issue("third");
    await rollout.job(assistant, "deploy_certificate", { ...referring(files), targets: onCdn });
    const img = rollout.company.sandbox.account.cdn.get("img.example.com");
    const [certificatePem, privateKeyPem] = await Promise.all([read(third.chain), read(third.key)]);
    Object.assign(img ?? {}, { certificate: { certificatePem, privateKeyPem }, changedAt: new Date() });
    await rollout.company.served("img.example.com");
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(third.sha256));
    const again = await rollout.job(assistant, "deploy_certificate", { ...referring(files), targets: onCdn });
    expect([again.states, again.questions.length]).toEqual([["accepted"], 1]);
  });

  it("is waited for an hour, and then no longer called on its way", async () => {
    await rollout.job(assistant, "deploy_certificate", { ...referring(files), targets: onCdn });
    await age(61 * 60_000);
    const told = await rollout.job(await rollout.start(), "deploy_certificate", {
      certificate_id: old,
      targets: onCdn,
    });
    expect([told.states, told.questions]).toEqual([["unchanged"], []]);
    expect(told.targets[0]?.says).toMatch(/^deployment [0-9a-f]{8}, sent \S+Z, was never seen there$/);
  });
});

describe("a job that was cut short", () => {
  it("with a request of which nothing is known is taken back in full", async () => {
    await rollout.job(assistant, "deploy_certificate", { certificate_id: next, targets: onCdn });
    const [job] = await rollout.company.journal.list();
    if (job === undefined) throw new Error("there is a job");
    const { owner: _, ...left } = job;
    const targets = job.targets.map(({ acceptedAt: __, ...target }) => ({ ...target, state: "sending" as const }));
    await rollout.company.journal.save({ ...left, targets });
    const back = await rollout.job(await rollout.start(), "roll_back");
    expect(back.states).toEqual(["accepted"]);
    expect(back.questions[0]).toContain("sent with unknown outcome");
    rollout.arrive();
    expect(await rollout.company.served("img.example.com")).toEqual(everywhere(oldLeaf));
  });
});

describe("a one-click update that is under way", () => {
  /** Begun in the cloud's console; resolves with its record, of which no resource has been reached yet. */
  async function recordFor(type: string): Promise<number> {
    const params = { OldCertificateId: old, CertificateId: next, ResourceTypes: [type] };
    const update = sslHandlers.find(({ operation }) => operation.name === "UpdateCertificateInstance");
    for (;;) {
      const answer = await update?.handle(params, rollout.company.sandbox.account);
      if (Number(answer?.DeployRecordId) > 0) return Number(answer?.DeployRecordId);
      rollout.arrive();
    }
  }

  it("keeps the previous certificate from being unchanged on a host that it has not reached", async () => {
    const record = await recordFor("teo");
    const told = await rollout.job(assistant, "deploy_certificate", { certificate_id: old, targets: onEdgeone });
    expect(told.states).toEqual(["not attempted"]);
    expect(told.targets[0]?.says).toContain(`record ${record} is still running, from certificate ${old} to ${next}`);
    expect(told.next).not.toContain("Nothing is left");
  });

  it("keeps what it leads to from being called without use", async () => {
    const record = await recordFor("cdn");
    const targets = [{ service: "tencent-ssl", old_certificate_id: next, resource_types: ["cdn"] }];
    const told = await rollout.job(assistant, "deploy_certificate", { certificate_id: old, targets });
    expect(told.states).toEqual(["not attempted"]);
    expect(told.targets[0]?.says).toContain(`wait_for it (update, ${record})`);
  });
});

it("what was sent while the person was asked makes the plan void", async () => {
  const other = await rollout.start();
  const deployNext = { certificate_id: next, targets: onCdn, wait_seconds: 0 };
  const files = await rollout.company.issue("third");
  const slow = await rollout.start([], {
    person: async () => {
      await other.result("deploy_certificate", deployNext);
      return { action: "accept", content: { approve: true } };
    },
  });
  const args = { ...referring(files), targets: onCdn, wait_seconds: 0 };
  expect(await slow.failure("deploy_certificate", args)).toMatch(
    // Whichever look comes first: at the cloud, or at the journal.
    /What the person was shown has changed since|Something else was sent to a target of this job/,
  );
  expect(rollout.company.done()).toHaveLength(1);
});

/** Makes all that the journal holds older. */
async function age(ms: number): Promise<void> {
  for (const job of await rollout.company.journal.list()) {
    const earlier = (time: string | undefined) => time && new Date(Date.parse(time) - ms).toISOString();
    const targets = job.targets.map((target) => ({
      ...target,
      acceptedAt: earlier(target.acceptedAt),
      sentAt: earlier(target.sentAt),
    }));
    await rollout.company.journal.save({ ...job, targets });
  }
}
