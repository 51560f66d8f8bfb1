import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { JobTarget } from "../../src/jobs/job.js";
import { domainServing, plainDomain } from "../../src/sandbox/delivery.js";
import { boundsOf, give } from "../standing-approvals/support.js";
import { approvesByToken } from "../support/assistant.js";
import { Company, type Files, referring, sha256Of } from "../support/company.js";
import { wide } from "../support/width.js";
import { commandOf } from "./support.js";

/** A renewal whose second wave is not served: what it sent is put back by itself only if a person granted that. */

const domains = ["a", "b", "c", "d", "e", "f"].map((name) => `${name}.example.com`);
const [first = "", bad = ""] = domains;

const line = z.object({
  outcome: z.string(),
  due: z.array(z.object({ domain: z.string(), state: z.string(), says: z.string().optional() })),
  calls: z.array(z.object({ tool: z.string(), outcome: z.string() })),
});

let company: Company;
let old: Files;
let next: Files;

beforeEach(async () => {
  company = await Company.open({ speed: 1_000_000 });
  for (const name of company.sandbox.account.cdn.keys()) company.sandbox.account.cdn.delete(name);
  for (const store of Object.values(company.sandbox.account.cas)) store.certificates = [];
  for (const name of domains) company.sandbox.account.cdn.set(name, plainDomain(name, new Date(0)));
  const ending = await company.sandbox.account.authority.issue({
    names: ["*.example.com"],
    key: "EC-P256",
    notBefore: new Date(Date.now() - 80 * 86_400_000),
    notAfter: new Date(Date.now() + 10 * 86_400_000),
  });
  const [chain, key] = [join(company.home, "old.crt"), join(company.home, "old.key")];
  writeFileSync(chain, ending.certificatePem);
  writeFileSync(key, ending.privateKeyPem, { mode: 0o600 });
  old = { folder: company.home, chain, key, sha256: sha256Of(ending.certificatePem) };
  const person = await company.assistant(approvesByToken, { hostApproves: true });
  await person.result("deploy_certificate", { ...referring(old), targets: [{ domains }], waves: false });
  await person.close();
  next = await company.issue("next", ["*.example.com"]);
  company.sandbox.edge.faults.set(bad, (pairs) =>
    pairs.some(({ certificatePem }) => sha256Of(certificatePem) === next.sha256) ? [] : pairs,
  );
});
afterEach(() => company.close());

async function approvedInAdvance(grants: readonly string[]): Promise<void> {
  const person = await company.assistant(["--approve", "page"]);
  await give(person, { ...boundsOf(company), services: ["alibaba-cdn"], grants });
  await person.close();
}

const renew = async (services = "alibaba-cdn") => {
  const before = company.done().length;
  const ended = await commandOf(company, ["renew", "--services", services, "--wait", "2"]).ended();
  return { ...line.parse(JSON.parse(ended.out)), sent: company.done().slice(before), err: ended.err };
};
const servedNow = () => Promise.all(domains.map(async (name) => (await company.served(name))[0]));

describe("a renewal whose second wave is not served", () => {
  it("puts back what it sent if a person granted that, and does not try the same again", wide, async () => {
    await approvedInAdvance(["put_back"]);
    const { calls, sent, due } = await renew();
    expect(calls.map(({ tool }) => tool)).toEqual(["deploy_certificate", "roll_back"]);
    // A busy machine sees the proof only later; what the edge serves is looked at below.
    expect(["done", "accepted"]).toContain(calls[1]?.outcome);
    const touched = sent.map((change) => change.split(" ")[1]);
    expect(touched).toHaveLength(6);
    expect(new Set(touched)).toEqual(new Set(domains.slice(0, 3)));
    expect(await servedNow()).toEqual(Array(6).fill(old.sha256));
    expect(due.map(({ state }) => state)).not.toContain("renewed");
    const again = await renew();
    expect(again.sent).toEqual([]);
    expect(again.due.map(({ domain, state }) => ({ domain, state }))).toEqual(
      domains.map((domain) => ({ domain, state: "needs a person" })),
    );
    expect(again.due[0]?.says).toMatch(/was rolled back here \(job [0-9a-f]{8}\)/);
    // Nor the copies that the uploads left in the cloud's store, under ids of their own.
    const fromStore = await renew("alibaba-cdn,alibaba-cas");
    expect({ calls: fromStore.calls, sent: fromStore.sent }).toEqual({ calls: [], sent: [] });
    expect(new Set(fromStore.due.map(({ says }) => says))).toEqual(new Set([again.due[0]?.says]));
  });

  it("goes on putting back where it was killed in the middle of that", wide, async () => {
    await approvedInAdvance(["put_back"]);
    await renew();
    const rollback = (await company.journal.list()).find(({ kind }) => kind === "rollback");
    if (rollback === undefined) throw new Error("the journal has no rollback");
    // Killed between the journal and the second request; what follows was never begun.
    const { account } = company.sandbox;
    const pair = { certificatePem: readFileSync(next.chain, "utf8"), privateKeyPem: readFileSync(next.key, "utf8") };
    const { endedAt: _, ...killed } = rollback;
    await company.journal.save({
      ...killed,
      targets: rollback.targets.map(({ acceptedAt, sentAt, ...each }, index): JobTarget => {
        if (index === 0) return { ...each, acceptedAt, sentAt };
        account.cdn.set(each.domain ?? "", domainServing(pair, each.domain ?? "", account.clock.now()));
        return index === 1 ? { ...each, sentAt, state: "sending" } : { ...each, state: "pending" };
      }),
    });
    const { calls, sent } = await renew();
    expect(calls[0]?.tool).toBe("roll_back");
    expect(sent.map((change) => change.split(" ")[1])).toEqual(rollback.targets.slice(1).map(({ domain }) => domain));
    expect(await servedNow()).toEqual(Array(6).fill(old.sha256));
  });

  it("leaves putting it back to a person otherwise", wide, async () => {
    await approvedInAdvance([]);
    const { calls, sent } = await renew();
    expect(calls.map(({ tool, outcome }) => `${tool} ${outcome}`)).toEqual([
      "deploy_certificate failed",
      "roll_back needs a person",
    ]);
    expect(sent.map((change) => change.split(" ")[1])).toEqual(domains.slice(0, 3));
    expect((await servedNow())[domains.indexOf(first)]).toBe(next.sha256);
  });

  it("takes a certificate that comes later, also where the one before it was rolled back", wide, async () => {
    await approvedInAdvance(["put_back"]);
    await renew();
    company.sandbox.edge.faults.delete(bad);
    const later = await company.issue("later", ["*.example.com"]);
    const { outcome, due } = await renew();
    expect({ outcome, states: new Set(due.map(({ state }) => state)) }).toEqual({
      outcome: "done",
      states: new Set(["renewed"]),
    });
    expect(await servedNow()).toEqual(Array(6).fill(later.sha256));
  });
});
