import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { domainServing } from "../../src/sandbox/delivery.js";
import type { StoredSslCertificate } from "../../src/sandbox/tencent-ssl/state.js";
import { type Assistant, approving, declining, type Person, textOf } from "../support/assistant.js";
import { Company, referring } from "../support/company.js";
import { wide } from "../support/width.js";

/** A certificate is revoked only after its plan has shown that nothing serves it any more. */

let company: Company;
let assistant: Assistant;
const questions: string[] = [];

const person: Person = approving(questions);

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});
beforeEach(() => {
  questions.length = 0;
});

function ordered(name: string): StoredSslCertificate {
  const found = [...company.sandbox.account.ssl.certificates.values()].find(
    ({ order }) => order?.application?.names[0] === name,
  );
  if (found === undefined) throw new Error(`there is no order for ${name}`);
  return found;
}

const revoke = async (CertificateId: string) =>
  textOf(await assistant.call("RevokeCertificate", { CertificateId, Reason: "key lost" }));

describe("a change that waits for approval", () => {
  let undecided: Assistant;
  let asked = () => {};
  beforeAll(async () => {
    // Reads, and has not answered yet.
    const person = () => {
      asked();
      return new Promise<never>(() => {});
    };
    undecided = await company.assistant(["--approve", "elicit"], { person });
  });
  afterAll(() => undecided.close());

  it.each([
    ["RevokeCertificate", "revocation", "issued. RevokeCertificate"],
    ["DeleteCertificate", "deletion", "still there (issued). DeleteCertificate"],
  ])("by %s is not called over: a %s is told as such", async (operation, what, says) => {
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const id = what === "revocation" ? ordered("preview.example.org").id : company.certificate("mail");
    if (what === "revocation") await undecided.result("wait_for", { what: "certificate", id, timeout_seconds: 20 });
    const ended = undecided.call(operation, { CertificateId: id }).then(textOf, String);
    // Whatever ends the call before anybody is asked shows here.
    expect(await Promise.race([waiting, ended])).toBeUndefined();
    const told = await undecided.result("wait_for", { what, id, timeout_seconds: 1 });
    expect(told).toMatchObject({
      state: "needs a person",
      says: expect.stringContaining(`${says} is waiting for approval, until`),
      wait_ended: "waiting changes nothing: a person has to act",
    });
    const approval = /Next: wait_for approval (\S+)\.$/.exec(String(told.says))?.[1];
    expect(await undecided.result("wait_for", { what: "approval", id: approval, timeout_seconds: 1 })).toMatchObject({
      state: "still running",
    });
  });
});

describe("a leaked key", () => {
  it("is replaced on the other cloud that serves it, and only then revoked", async () => {
    const { id, material } = ordered("blog.example.com");
    const { certificatePem = "", privateKeyPem = "" } = material ?? {};
    // A copy that was uploaded there: no list connects it with the certificate.
    const copy = { certificatePem, privateKeyPem, name: "blog-copy" };
    company.sandbox.account.cdn.set("blog.example.com", domainServing(copy, "blog.example.com", new Date(0)));

    const refused = await revoke(id);
    expect(refused).toContain("is still served by domain blog.example.com");
    expect(refused).toContain("deploy_certificate");
    expect(questions).toEqual([]);
    expect(ordered("blog.example.com").status).toBe(1);

    const next = await company.issue("next", ["blog.example.com"]);
    await assistant.result("deploy_certificate", {
      ...referring(next),
      targets: [{ domains: ["blog.example.com"] }],
    });
    questions.length = 0;
    await revoke(id);
    expect(questions[0]).toContain(`Revoke certificate ${id} for good?`);
    expect(questions[0]).toMatch(/served by: none of the domains looked at \(1\) → as now/);
    expect(questions[0]).toMatch(/bound resources: none → none/);
    expect(questions[0]).not.toContain("Not seen:");
    expect(await assistant.result("wait_for", { what: "revocation", id, timeout_seconds: 20 })).toMatchObject({
      state: "done",
      says: `Certificate ${id}: revoked.`,
    });
    questions.length = 0;
    expect(await revoke(id)).toContain("is revoked, or about to be, already");
    expect(questions).toEqual([]);
  });

  it("is asked about under a warning with what could not be seen", wide, async () => {
    const { id } = ordered("preview.example.org");
    await assistant.result("wait_for", { what: "certificate", id, timeout_seconds: 20 });
    // Nothing answers under the name, and the policy keeps the list of one cloud out.
    const no = declining(questions);
    const blind = await company.assistant(["--approve", "elicit", "--deny", "ShowDomain"], { person: no });
    await blind.call("RevokeCertificate", { CertificateId: id });
    await blind.close();
    expect(questions[0]).toMatch(/Warning: Not seen: 1 place where it may still be served\./);
    expect(questions[0]).toMatch(/not seen: Huawei Cloud Live: the domains could not be listed\./);
  });

  it("is not revoked while a cloud resource has it, nor if it was uploaded", async () => {
    const { id } = ordered("preview.example.org");
    const { cdnDomains } = company.sandbox.account.ssl;
    cdnDomains.push({ name: "preview.example.org", status: "online", certificateId: id, changedAt: new Date(0) });
    expect(await revoke(id)).toMatch(/is used by 1 cloud resource, whose visitors would be refused/);
    expect(await revoke(company.certificate("mail"))).toMatch(/was uploaded, not ordered here/);
    expect(await revoke(ordered("legacy.example.org").id)).toMatch(/is expired, so there is nothing to revoke/);
    expect(questions).toEqual([]);
    expect(company.sandbox.requests.filter(({ operation }) => operation === "RevokeCertificate")).toHaveLength(1);
    cdnDomains.pop();
  });
});

it("a revocation that nobody asked for is told as such", async () => {
  const id = company.certificate("mail");
  expect(await assistant.result("wait_for", { what: "revocation", id, timeout_seconds: 1 })).toMatchObject({
    state: "failed",
    says: expect.stringContaining("No revocation is under way"),
    wait_ended: "it will not happen now",
  });
});
