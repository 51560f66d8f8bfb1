import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { applyCertificate } from "../../src/catalogue/tencent-ssl/apply-certificate.js";
import { cancelAuditCertificate } from "../../src/catalogue/tencent-ssl/cancel-audit-certificate.js";
import { createCertificateBindResourceSyncTask } from "../../src/catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { revokeCertificate } from "../../src/catalogue/tencent-ssl/revoke-certificate.js";
import { updateCertificateInstance } from "../../src/catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRollback } from "../../src/catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { isJob, type ToolContext } from "../../src/pipeline/tool.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { setStatus } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { status } from "../../src/sandbox/tencent-ssl/state.js";
import { waitFor } from "../../src/tools/wait-for.js";
import { day, Station, second } from "./support.js";

const outcome = z.object({
  state: z.enum(["done", "failed", "needs a person", "still running"]),
  says: z.string(),
  details: z
    .object({
      records: z.array(z.string()).optional(),
      files: z.array(z.object({ url: z.string(), content_lines: z.array(z.string()) })).optional(),
      proof_until: z.string().optional(),
      not_after: z.string().optional(),
      sha256: z.string().optional(),
      resources: z.array(z.string()).optional(),
      bindings: z.string().optional(),
    })
    .optional(),
});

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

const wait = (what: string, id: string, timeout_seconds?: number) =>
  station.run(waitFor, { what, id, ...(timeout_seconds !== undefined && { timeout_seconds }) }, outcome);

const recordId = z.object({ DeployRecordId: z.number() });

const storefrontTo = (replacement: string, ResourceTypes: readonly string[] = ["cdn", "teo"]) => ({
  OldCertificateId: station.certificate("storefront"),
  CertificateId: station.certificate(replacement),
  ResourceTypes,
});

/** Calls until there is a record, as the documents have it. */
async function update(params: Record<string, unknown>): Promise<number> {
  for (;;) {
    const { DeployRecordId: id } = recordId.parse(await station.send(updateCertificateInstance, params));
    if (id > 0) return id;
    station.pass(5 * second);
  }
}

describe("a certificate", () => {
  it("is done when it is issued, with its dates and fingerprint", async () => {
    const id = station.certificate("preview.example.org");
    const reply = await wait("certificate", id, 300);
    expect(reply.state).toBe("done");
    expect(reply.says).toBe(`Certificate ${id}: issued.`);
    const { material } = station.sandbox.account.ssl.certificates.get(id) ?? {};
    const leaf = parseSandboxCertificate(material?.certificatePem ?? "")?.leaf;
    expect(reply.details).toMatchObject({ sha256: leaf?.fingerprint256.replaceAll(":", "").toLowerCase() });
    expect(Date.parse(reply.details?.not_after ?? "")).toBe(material?.parsed.notAfter.getTime());
    expect(station.paused).toBeGreaterThanOrEqual(120 * second);
    expect(station.said[0]).toContain("under review (domain validation pending)");
  });

  it("is looked at once, without a pause, by a wait of 0 seconds", async () => {
    const reply = await wait("certificate", station.certificate("preview.example.org"), 0);
    expect(reply).toMatchObject({ state: "still running", says: expect.stringContaining("Still running after 0 s.") });
    expect(station.paused).toBe(0);
  });

  it("still runs at the deadline, with the record that a person has to set", async () => {
    const id = station.certificate("preview.example.org");
    const { proofs: [proof] = [] } = station.sandbox.account.ssl.certificates.get(id)?.order?.application ?? {};
    const reply = await wait("certificate", id, 10);
    expect(reply.state).toBe("still running");
    expect(reply.says).toContain("Still running after 10 s.");
    expect(reply.details?.records).toEqual([`Add a CNAME record: name ${proof?.key}, value ${proof?.value}.`]);
    expect(reply.details?.proof_until).toBe(new Date(Date.parse("2026-04-01T03:00:00Z") + 7 * day).toISOString());
    expect(station.paused).toBe(10 * second);
    // At once, after 1, 2 and 5 seconds, and at the deadline.
    expect(station.operations()).toEqual(Array(5).fill("DescribeCertificate"));
  });

  it.each([
    ["forward", 60 * second],
    ["back", -120 * 60 * second],
  ])("is waited for as long as was asked for if the clock is set %s meanwhile", async (_where, ms) => {
    station.duringPauses((turn) => {
      if (turn === 2) station.setClock(ms);
    });
    const reply = await wait("certificate", station.certificate("preview.example.org"), 10);
    expect(reply.says).toContain("Still running after 10 s.");
    expect(station.paused).toBe(10 * second);
  });

  it("by file: where it is to be served, and what is in it", async () => {
    const params = { DvAuthMethod: "FILE", DomainName: "files.example.org" };
    const { CertificateId: id } = z
      .object({ CertificateId: z.string() })
      .parse(await station.send(applyCertificate, params));
    const { proofs: [proof] = [] } = station.sandbox.account.ssl.certificates.get(id)?.order?.application ?? {};
    const { details } = await wait("certificate", id, 1);
    expect(details?.records).toEqual([
      `Serve a file at http://files.example.org/.well-known/pki-validation/${proof?.key}: files has its content, line by line.`,
    ]);
    // A line break within a text would reach the person as a backslash and an n.
    const [file] = details?.files ?? [];
    expect(file?.url).toBe(`http://files.example.org/.well-known/pki-validation/${proof?.key}`);
    expect(file?.content_lines.join("\n")).toBe(proof?.value);
    expect(file?.content_lines.length).toBeGreaterThan(1);
  });

  it("that was taken back is not said to lack a proof", async () => {
    const id = station.certificate("preview.example.org");
    await station.send(cancelAuditCertificate, { CertificateId: id });
    const { state, says } = await wait("certificate", id, 0);
    expect([state, says]).toEqual(["failed", expect.stringContaining("The application was withdrawn.")]);
  });

  it("by the cloud's own DNS: nothing is left to a person", async () => {
    const params = { DvAuthMethod: "DNS_AUTO", DomainName: "auto.example.org" };
    const { CertificateId: id } = z
      .object({ CertificateId: z.string() })
      .parse(await station.send(applyCertificate, params));
    expect((await wait("certificate", id, 1)).says).toContain("sets the record by itself");
    expect((await wait("certificate", id, 600)).state).toBe("done");
  });

  it.each([
    ["staging.example.invalid", "failed", "review failed (The domain was not proven"],
    ["legacy.example.org", "failed", "expired"],
    ["for the new shop", "needs a person", "SubmitCertificateInformation"],
    ["secure.example.com", "needs a person", "UploadConfirmLetter"],
  ])("%s: %s at once", async (name, state, says) => {
    const reply = await wait("certificate", station.certificate(name));
    expect(reply).toMatchObject({ state, says: expect.stringContaining(says) });
    expect(station.paused).toBe(0);
  });

  it("whose proof never comes fails after seven days, and is still running before", async () => {
    const params = { DvAuthMethod: "DNS", DomainName: "never.example.invalid" };
    const { CertificateId: id } = z
      .object({ CertificateId: z.string() })
      .parse(await station.send(applyCertificate, params));
    expect((await wait("certificate", id, 600)).state).toBe("still running");
    station.pass(7 * day);
    expect((await wait("certificate", id)).state).toBe("failed");
  });

  it("that does not exist is a failure", async () => {
    await expect(wait("certificate", "zzzzzzzz")).rejects.toThrow("CertificateNotFound");
  });
});

describe("a one-click update", () => {
  it("is done when every resource is, by its record", async () => {
    const id = await update(storefrontTo("storefront, next"));
    const reply = await wait("update", String(id));
    expect(reply).toMatchObject({
      state: "done",
      says: `Record ${id}: 2 of 2 resources settled: 2 deployed. What the edge serves was not checked.`,
      details: { resources: ["cdn static.example.com: deployed", "teo www.example.com: deployed"] },
    });
    expect(station.said.some((line) => line.includes("0 of 2 resources settled"))).toBe(true);
  });

  it("still runs at the deadline", async () => {
    const id = await update(storefrontTo("storefront, next"));
    const reply = await wait("update", String(id), 3);
    expect(reply.state).toBe("still running");
    expect(reply.details?.resources).toEqual([
      "cdn static.example.com: being deployed",
      "teo www.example.com: to be deployed",
    ]);
  });

  it("fails where a resource did, which comes first", async () => {
    const id = await update(storefrontTo("mail", ["cdn"]));
    const reply = await wait("update", String(id));
    expect(reply.state).toBe("failed");
    expect(reply.says).toContain("1 failed");
    expect(reply.details?.resources).toEqual([
      'cdn static.example.com: failed: "The certificate does not cover static.example.com."',
    ]);
  });

  it("without a record: the call that makes it has to be repeated", async () => {
    const params = storefrontTo("storefront, next");
    expect(await station.send(updateCertificateInstance, params)).toMatchObject({ DeployRecordId: 0 });
    const reply = await wait("update", params.OldCertificateId);
    expect(reply.state).toBe("needs a person");
    expect(reply.says).toContain("call it again with the same arguments");
    const id = await update(params);
    const later = await wait("update", params.OldCertificateId);
    expect(later).toMatchObject({ state: "done", says: expect.stringContaining(`Record ${id}: 2 of 2`) });
    // An older record must not pass for that of a call that made none yet.
    expect(later.says).toContain(`the latest that replaces ${params.OldCertificateId} by ${params.CertificateId}`);
  });

  it("rolled back: its own record says so, and that of the rollback is done", async () => {
    const id = await update(storefrontTo("storefront, next"));
    await wait("update", String(id));
    const { DeployRecordId } = recordId.parse(
      await station.send(updateCertificateRecordRollback, { DeployRecordId: id }),
    );
    const rollback = await wait("rollback", String(DeployRecordId));
    expect(rollback).toMatchObject({ state: "done", says: expect.stringContaining("2 rolled back") });
    expect(await wait("update", String(id))).toMatchObject({
      state: "failed",
      says: expect.stringContaining("It was rolled back."),
    });
  });

  it.each([
    ["update", "0"],
    ["rollback", "0"],
    ["rollback", "abcd1234"],
  ])("%s %s is no record", async (what, id) => {
    await expect(wait(what, id)).rejects.toThrow("not a deployment record");
    expect(station.operations()).toEqual([]);
  });
});

describe("a binding task", () => {
  const task = async (name: string) => {
    const params = { CertificateIds: [station.certificate(name)], IsCache: 0 };
    const answer = await station.send(createCertificateBindResourceSyncTask, params);
    return z.object({ CertTaskIds: z.tuple([z.object({ TaskId: z.string() })]) }).parse(answer).CertTaskIds[0].TaskId;
  };

  it.each([
    ["storefront", "2 clb, 1 cdn, 1 teo"],
    ["mail", "none"],
  ])("of %s finds %s", async (name, bindings) => {
    const id = await task(name);
    expect(await wait("bindings", id, 2)).toMatchObject({ state: "still running" });
    expect(await wait("bindings", id)).toMatchObject({ state: "done", details: { bindings } });
  });

  it("fails when the certificate is gone by then", async () => {
    const id = await task("mail");
    station.sandbox.account.ssl.certificates.delete(station.certificate("mail"));
    expect(await wait("bindings", id)).toMatchObject({
      state: "failed",
      says: expect.stringContaining("could not be looked up: FailedOperation.CertificateNotFound"),
    });
  });
});

describe("a deletion", () => {
  it.each([
    ["mail", "done", "no longer exists."],
    ["storefront", "still running", "still there (issued)"],
  ])("of %s is %s", async (name, state, says) => {
    const id = station.certificate(name);
    await station.send(deleteCertificate, { CertificateId: id, IsCheckResource: true });
    expect(await wait("deletion", id)).toMatchObject({ state, says: expect.stringContaining(says) });
    expect(station.paused).toBeGreaterThanOrEqual(30 * second);
  });

  it("of what was not there at the first look is told as such", async () => {
    expect(await wait("deletion", "zzzzzzzz")).toMatchObject({
      state: "done",
      says: expect.stringContaining("or never there under this id"),
    });
  });
});

describe("the task of a deletion", () => {
  const begin = async (name: string, at: Station) => {
    const params = { CertificateId: at.certificate(name), IsCheckResource: true };
    return z.object({ TaskId: z.string() }).parse(await at.send(deleteCertificate, params)).TaskId;
  };

  it.each([
    ["mail", "done", "deleted."],
    ["storefront", "failed", "not deleted, because cloud resources use it. The cloud says: "],
  ])("of %s is %s on the mainland site", async (name, state, says) => {
    const mainland = await Station.open({ site: "mainland" });
    onTestFinished(() => mainland.close());
    const id = await begin(name, mainland);
    const reply = await mainland.run(waitFor, { what: "deletion", id }, outcome);
    expect(reply).toMatchObject({ state, says: expect.stringContaining(says) });
    expect(reply.says).toContain(`Deletion ${id}`);
    expect(mainland.paused).toBeGreaterThanOrEqual(30 * second);
  });

  it("cannot be looked at on the international one, which says what to give instead", async () => {
    const id = await begin("mail", station);
    const failure = await wait("deletion", id).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      details: { kind: "input", next: "Give the ID of the certificate instead." },
    });
  });
});

describe("a revocation", () => {
  const ordered = (name: string) => {
    const found = [...station.sandbox.account.ssl.certificates.values()].find(
      ({ order }) => order?.application?.names[0] === name,
    );
    if (found === undefined) throw new Error(`there is no order for ${name}`);
    return found;
  };

  it("is done when the CA has revoked", async () => {
    const { id } = ordered("blog.example.com");
    await station.send(revokeCertificate, { CertificateId: id });
    expect(await wait("revocation", id, 120)).toMatchObject({ state: "done", says: `Certificate ${id}: revoked.` });
    expect(station.paused).toBeGreaterThanOrEqual(60 * second);
    expect(station.said[0]).toContain("being revoked");
  });

  it("names the file that the CA looks for", async () => {
    const certificate = ordered("blog.example.com");
    const { order } = certificate;
    const [proof] = order?.application?.proofs ?? [];
    if (order?.application === undefined || proof === undefined) throw new Error("no proof");
    const file = { ...proof, type: "FILE" as const, path: "/.well-known/pki-validation/" };
    order.application = { ...order.application, method: "FILE", proofs: [file] };
    await station.send(revokeCertificate, { CertificateId: certificate.id });
    const reply = await wait("revocation", certificate.id, 1);
    expect(reply).toMatchObject({ state: "still running", says: expect.stringContaining("A person must set up") });
    expect(reply.details?.records).toEqual([
      expect.stringContaining("Serve a file at http://blog.example.com/.well-known/pki-validation/"),
    ]);
  });

  it("needs a person where a letter is awaited, and is none where nobody asked for it", async () => {
    const certificate = ordered("secure.example.com");
    setStatus(certificate, status.awaitingRevocationLetter, station.now());
    expect(await wait("revocation", certificate.id)).toMatchObject({
      state: "needs a person",
      says: expect.stringContaining("signs the letter"),
    });
    const mail = station.certificate("mail");
    expect(await wait("revocation", mail)).toMatchObject({
      state: "failed",
      says: expect.stringContaining("No revocation is under way"),
    });
  });
});

it.each<[string, object, string, RegExp]>([
  ["failed", { Status: 2, Error: "the CA is away" }, "failed", /certificate abcd1234: not deleted\. .*the CA is away/],
  [
    "that lacks a role",
    { Status: 3 },
    "needs a person",
    /not deleted\. Ask a person to grant the role SSL_QCSLinkedRole/,
  ],
  ["that took too long", { Status: 5 }, "failed", /not deleted: the search .* took too long\. Delete again\./],
  ["of a state that is not known", { Status: 9 }, "still running", /is still looking for resources/],
])("a deletion %s says that nothing was deleted, and what is left to do", async (_, result, state, says) => {
  const read: ToolContext["read"] = async () => ({
    DeleteTaskResult: [
      { TaskId: "90001", CertId: "another", Status: 1 },
      { TaskId: "90002", CertId: "abcd1234", Domains: [], ...result },
    ],
  });
  if (isJob(waitFor)) throw new Error("wait_for is a job");
  const reply = await waitFor.run({ what: "deletion", id: "90002", timeout_seconds: 1 }, { ...station.context, read });
  expect(reply).toMatchObject({ state, says: expect.stringMatching(says) });
});

it.each(["certificate", "revocation"] as const)("a %s whose status is not known is not over", async (what) => {
  for (const Status of [99, null, undefined]) {
    const read: ToolContext["read"] = async () => ({ Status });
    if (isJob(waitFor)) throw new Error("wait_for is a job");
    const reply = await waitFor.run({ what, id: "abcd1234", timeout_seconds: 1 }, { ...station.context, read });
    expect(reply).toMatchObject({ state: "still running", wait_ended: expect.stringContaining("call again") });
  }
});

const issuance = { done: [1, 11], "still running": [0, 4, 15], "needs a person": [5, 8, 13] };
const revocation = { done: [10], "still running": [9], "needs a person": [12] };

it.each<["certificate" | "revocation", Readonly<Record<string, readonly number[]>>]>([
  ["certificate", issuance],
  ["revocation", revocation],
])("a %s has failed at every documented status but these: %j", async (what, states) => {
  if (isJob(waitFor)) throw new Error("wait_for is a job");
  for (let Status = 0; Status <= 15; Status += 1) {
    const read: ToolContext["read"] = async () => ({ Status });
    const reply = await waitFor.run({ what, id: "abcd1234", timeout_seconds: 0 }, { ...station.context, read });
    const state = Object.keys(states).find((each) => states[each]?.includes(Status)) ?? "failed";
    expect([Status, reply]).toEqual([Status, expect.objectContaining({ state })]);
  }
});

it("a call that is taken back ends at once, and nothing more is sent", async () => {
  const id = station.certificate("preview.example.org");
  station.duringPauses((turn) => {
    if (turn === 2) station.cancel();
  });
  const failure = await wait("certificate", id).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ToolError);
  expect(failure).toMatchObject({ details: { kind: "cancelled", changed: "no" } });
  expect(station.operations()).toEqual(["DescribeCertificate", "DescribeCertificate"]);
});

it("there is no job of an id that the journal does not know", async () => {
  await expect(wait("deployment", "0123abcd")).rejects.toThrow("no job 0123abcd");
});

describe("a call whose client waits no longer than it has to", () => {
  it("looks for as long as the client waits, and not for as long as it was told", async () => {
    const id = station.certificate("storefront");
    station.timeLeft = 20 * second;
    const reply = await wait("deletion", id, 600);
    expect(reply.says).toContain("Still running after 18 s.");
    expect(station.paused).toBeLessThanOrEqual(18 * second);
  });
});
