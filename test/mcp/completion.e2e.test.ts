import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompleteRequest } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { defaultCompanions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import { serviceIds } from "../../src/catalogue/services.js";
import { ATTEMPTS } from "../../src/cloud/retry.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant } from "../support/assistant.js";
import { httpReply, startFaultyServer } from "../support/faulty-server.js";
import { wide } from "../support/width.js";

let sandbox: Sandbox;
let assistant: Assistant;
let jobId: string;
const questions: unknown[] = [];
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const jobs = mkdtempSync(join(tmpdir(), "cc-completion-"));
  const certificate = { sha256: "ab".repeat(32), names: [], notAfter: "2026-06-01T00:00:00Z", source: {} };
  const job = { kind: "deployment", key: "k", certificate, targets: [] } as const;
  jobId = (await new Journal(new JobFiles(jobs), () => new Date()).open({ ...job, targets: [] })).id;
  sandbox = await startSandbox();
  const { args, env } = pointedAt(sandbox);
  const person = (question: unknown) => {
    questions.push(question);
    return { action: "decline" as const };
  };
  assistant = await startAssistant([...args, "--jobs", jobs], { env, person });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(args: readonly string[], env: Record<string, string> = {}) {
  const other = await startAssistant(args, { env });
  cleanups.push(() => other.close());
  return other;
}

type Ref = CompleteRequest["params"]["ref"];
const prompt = (name: string): Ref => ({ type: "ref/prompt", name });
const template = (uri: string): Ref => ({ type: "ref/resource", uri: `cloudcert://${uri}` });

async function complete(ref: Ref, name: string, value: string, chosen?: Record<string, string>, other = assistant) {
  const context = chosen && { context: { arguments: chosen } };
  return (await other.client.complete({ ref, argument: { name, value }, ...context })).completion;
}

const values = async (...given: Parameters<typeof complete>) => (await complete(...given)).values;

const idsNamed = (...aliases: string[]) =>
  [...sandbox.account.ssl.certificates.values()].filter(({ alias }) => aliases.includes(alias)).map(({ id }) => id);

describe("certificates, by", () => {
  const rotate = prompt("rotate_certificate");

  it("id", async () => {
    const [id = ""] = idsNamed("mail");
    expect((await values(rotate, "certificate", id.slice(0, 5)))[0]).toBe(id);
    expect((await values(template("certificates/{id}"), "id", id.toLowerCase()))[0]).toBe(id);
  });

  it.each([
    ["remark", "STORE", ["storefront", "storefront, next"]],
    ["domain", "mail.ex", ["mail"]],
    ["domain below a wildcard", "*.exam", ["storefront", "storefront, next"]],
    ["nothing that there is", "no-such", []],
  ])("%s", async (_, typed, aliases) => {
    expect((await values(rotate, "replacement", typed)).sort()).toEqual(idsNamed(...aliases).sort());
  });

  it("all of them while nothing is typed", async () => {
    const { values: ids, total, hasMore } = await complete(rotate, "certificate", "");
    expect([...ids].sort()).toEqual([...sandbox.account.ssl.certificates.keys()].sort());
    expect({ total, hasMore }).toEqual({ total: ids.length, hasMore: false });
  });
});

describe("what else there is in the account", () => {
  it("domains that certificates are for", async () => {
    expect(await values(prompt("issue_free_certificate"), "domain", "example")).toEqual([
      "example.com",
      "*.example.com",
    ]);
    expect(await values(prompt("expiry_review"), "domain", "legacy")).toEqual(["legacy.example.org"]);
  });

  it("EdgeOne zones", async () => {
    expect(await values(prompt("issue_free_certificate"), "zone", "zone-s")).toEqual(["zone-sandboxdemo"]);
    expect(await values(prompt("migrate_to_another_cloud"), "zone", "zone-x")).toEqual([]);
  });

  it("EdgeOne hosts that the certificate covers, one after another", async () => {
    const [certificate = ""] = idsNamed("storefront, next");
    const chosen = { certificate, service: "tencent-edgeone", zone: "zone-sandboxdemo" };
    const migrate = prompt("migrate_to_another_cloud");
    expect(await values(migrate, "domains", "w", chosen)).toEqual(["www.example.com"]);
    expect(await values(migrate, "domains", "www.example.com, s", chosen)).toEqual([
      "www.example.com,shop.example.com",
    ]);
    expect(await values(migrate, "domains", "www.example.com,www", chosen)).toEqual([]);
    expect(await values(migrate, "domains", "", { ...chosen, zone: "zone-other" })).toEqual([]);
    const [mail = ""] = idsNamed("mail");
    expect(await values(migrate, "domains", "", { ...chosen, certificate: mail })).toEqual([]);
    // A reference cannot be asked what it covers.
    const byReference = { ...chosen, certificate: "file:new.pem" };
    expect(await values(migrate, "domains", "shop", byReference)).toEqual(["shop.example.com"]);
  });

  it("elsewhere the domains of certificates", async () => {
    const chosen = { certificate: "abcd1234", service: "alibaba-cdn" };
    expect(await values(prompt("migrate_to_another_cloud"), "domains", "blog", chosen)).toEqual(["blog.example.com"]);
  });
});

describe("what the program knows by itself", () => {
  it("operations, services, codes and jobs", async () => {
    expect(await values(template("operations/{name}"), "name", "describecertificateb")).toEqual([
      "DescribeCertificateBindResourceTaskDetail",
      "DescribeCertificateBindResourceTaskResult",
    ]);
    expect(await values(template("operations/{name}"), "name", "")).toEqual([
      ...operations.map(({ name }) => name),
      ...defaultCompanions.map(({ name }) => name),
    ]);
    const codes = template("errors/{service}/{code}");
    expect(await values(codes, "service", "")).toEqual(serviceIds);
    expect(await values(codes, "code", "failedoperation.certificatenota", { service: "tencent-ssl" })).toEqual([
      "FailedOperation.CertificateNotAvailable",
    ]);
    expect(await values(codes, "code", "", { service: "no-such" })).toEqual([]);
    expect(await values(codes, "code", "LIVE.")).toEqual([]);
    expect(await values(template("jobs/{id}"), "id", jobId.slice(0, 3))).toEqual([jobId]);
  });

  it("services to go to, and days", async () => {
    const migrate = prompt("migrate_to_another_cloud");
    expect(await values(migrate, "service", "alibaba")).toEqual(["alibaba-cdn", "alibaba-dcdn", "alibaba-vod"]);
    expect(await values(migrate, "service", "tencent-s")).toEqual([]);
    expect(await values(prompt("expiry_review"), "days", "3")).toEqual(["30"]);
  });
});

it("a hundred at most are given and listed, and that there are more is said", wide, async () => {
  const large = await startSandbox();
  cleanups.push(() => large.close());
  const { certificates } = large.account.ssl;
  const [one] = certificates.values();
  for (let number = 0; one && number < 150; number += 1) {
    const id = `copy${String(number).padStart(4, "0")}`;
    certificates.set(id, { ...one, id });
  }
  const { args, env } = pointedAt(large);
  const other = await started(args, env);
  const completion = await complete(prompt("rotate_certificate"), "certificate", "copy", {}, other);
  expect(new Set(completion.values).size).toBe(100);
  expect(completion).toMatchObject({ total: 150, hasMore: true });
  const { resources } = await other.client.listResources();
  expect(resources.filter(({ uri }) => uri.startsWith("cloudcert://certificates/"))).toHaveLength(100);
});

it("a person typing costs few reads, none of which changes or asks anything", wide, async () => {
  const { args, env } = pointedAt(sandbox);
  const other = await started(args, env);
  const before = sandbox.requests.length;
  const chosen = { service: "tencent-edgeone" };
  await Promise.all(
    ["", "s", "st", "sto", "stor"].flatMap((typed) => [
      complete(prompt("rotate_certificate"), "certificate", typed, {}, other),
      complete(prompt("migrate_to_another_cloud"), "domains", typed, chosen, other),
      complete(prompt("issue_free_certificate"), "zone", typed, {}, other),
      complete(prompt("issue_free_certificate"), "domain", typed, {}, other),
    ]),
  );
  const sent = sandbox.requests.slice(before);
  expect(sent.map(({ operation }) => operation).sort()).toEqual([
    "DescribeCertificates",
    "DescribeHostTeoInstanceList",
    "DescribeHostTeoInstanceList",
  ]);
  expect(questions).toEqual([]);
});

describe("what cannot be completed", () => {
  it("an argument of which nothing is known has no values", async () => {
    expect(await values(prompt("rotate_certificate"), "colour", "r")).toEqual([]);
    expect(await values(template("jobs/{id}"), "name", "")).toEqual([]);
  });

  it.each([prompt("no_such_prompt"), template("vault/{id}")])("what there is none of is an error: %j", async (ref) => {
    await expect(complete(ref, "id", "")).rejects.toThrow(/no such/);
  });

  it("without credentials there is nothing of the account, and no error", async () => {
    const other = await started([]);
    expect(await values(prompt("rotate_certificate"), "certificate", "", {}, other)).toEqual([]);
    expect(await values(prompt("issue_free_certificate"), "zone", "", {}, other)).toEqual([]);
    expect(await values(template("operations/{name}"), "name", "Apply", {}, other)).toEqual(["ApplyCertificate"]);
  });

  it("a cloud that fails is asked by one call, and gives nothing", wide, async () => {
    let asked = 0;
    const failing = await startFaultyServer((socket) => {
      asked += 1;
      socket.end(httpReply(200, '{"Response":{"Error":{"Code":"InternalError","Message":"down"},"RequestId":"r"}}'));
    });
    cleanups.push(() => failing.close());
    const env = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" };
    const other = await started(["--endpoint", `tencent-ssl=${failing.url.href}`], env);
    for (const typed of ["", "a", "ab"]) {
      const completion = await complete(prompt("rotate_certificate"), "certificate", typed, {}, other);
      expect(completion).toEqual({ values: [], total: 0, hasMore: false });
    }
    expect(asked).toBe(ATTEMPTS);
  });

  it("a read that the operator denies is not made", async () => {
    const { args, env } = pointedAt(sandbox);
    const other = await started([...args, "--deny", "DescribeCertificates,DescribeHostTeoInstanceList"], env);
    const before = sandbox.requests.length;
    expect(await values(prompt("rotate_certificate"), "certificate", "", {}, other)).toEqual([]);
    const chosen = { certificate: "abcd1234", service: "tencent-edgeone" };
    expect(await values(prompt("migrate_to_another_cloud"), "domains", "", chosen, other)).toEqual([]);
    expect(sandbox.requests).toHaveLength(before);
  });
});
