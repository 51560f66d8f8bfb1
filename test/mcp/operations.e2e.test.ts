import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/catalogue/index.js";
import { CertificateAuthority, createCsr } from "../../src/sandbox/authority.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, approvesByToken, pointedAt, startAssistant } from "../support/assistant.js";

/**
 * Every one of the 36 operations through a real client, in stories: each leaves the account in the state that the next
 * one needs. What counts is the state of the clouds afterwards.
 */

/** An hour passes in a fifth of a second inside the sandbox: what the program waits for has come when it looks. */
const SPEED = 20_000;

/** The sandbox's clock as it was set last, when, and how fast it has gone since. */
let clock = { read: Date.now(), at: Date.now(), pace: 1 };
// In whole milliseconds, as dates have them: a part of one is seconds of the sandbox.
const now = () => Math.floor(clock.read + (Date.now() - clock.at) * clock.pace);
const goOn = (pace: number, skip = 0) => {
  clock = { read: now() + skip, at: Date.now(), pace };
};

/** What happens next is seen however busy the machine is. */
const standStill = () => goOn(0);
/** The same, where the program has to wait for something first: a minute passes in three seconds. */
const goSlowly = () => goOn(20 / SPEED);
/** Hours later; the clock goes on. */
const later = () => goOn(1, 1_000);

let sandbox: Sandbox;
let assistant: Assistant;
let authority: CertificateAuthority;
const called = new Set<string>();

beforeAll(async () => {
  sandbox = await startSandbox({ speed: SPEED, now });
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, ...approvesByToken, "--allow-inline-secrets"], {
    env,
    hostApproves: true,
  });
  authority = await CertificateAuthority.create(new Date());
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

async function ask<Schema extends z.ZodTypeAny>(name: string, args: Record<string, unknown>, schema: Schema) {
  called.add(name);
  const result: z.output<Schema> = schema.parse(await assistant.result(name, args));
  return result;
}

const withId = z.object({ CertificateId: z.string() });
const anything = z.object({ RequestId: z.string() });

async function issue(names: readonly string[]) {
  const day = 24 * 3600_000;
  const notBefore = new Date(Date.now() - day);
  return authority.issue({ names, notBefore, notAfter: new Date(Date.now() + 90 * day), key: "EC-P256" });
}

async function upload(names: readonly string[], alias: string): Promise<string> {
  const { certificatePem, privateKeyPem } = await issue(names);
  const pair = { CertificatePublicKey: certificatePem, CertificatePrivateKey: privateKeyPem, Alias: alias };
  return (await ask("UploadCertificate", pair, withId)).CertificateId;
}

const statusOf = async (CertificateId: string) =>
  (await ask("DescribeCertificate", { CertificateId }, z.object({ Status: z.number() }))).Status;

const certificateList = z.object({
  TotalCount: z.number(),
  Certificates: z.array(z.object({ CertificateId: z.string(), Status: z.number(), Alias: z.string().nullish() })),
});
const seeded = async (alias: string) => {
  const { Certificates } = await ask("DescribeCertificates", { Limit: "100" }, certificateList);
  const found = Certificates.find((certificate) => certificate.Alias === alias);
  if (found === undefined) throw new Error(`no certificate is called ${alias}`);
  return found.CertificateId;
};

describe("a free certificate", () => {
  it("is applied for, validated, issued, looked at and reissued", async () => {
    standStill();
    const application = { DvAuthMethod: "dns", DomainName: "new.example.com", Alias: "new" };
    const { CertificateId } = await ask("ApplyCertificate", application, withId);
    expect(await statusOf(CertificateId)).toBe(0);
    const proof = z.object({ DvAuthDetail: z.object({ DvAuthKey: z.string(), DvAuthValue: z.string() }) });
    const { DvAuthDetail } = await ask("DescribeCertificateDetail", { CertificateId }, proof);
    expect(DvAuthDetail.DvAuthKey).toMatch(/^_/);
    later();
    const issued = z.object({
      Status: z.literal(1),
      CertificatePublicKey: z.string(),
      CertificatePrivateKey: z.string(),
    });
    const detail = await ask("DescribeCertificateDetail", { CertificateId, detail: "full" }, issued);
    expect(parseSandboxCertificate(detail.CertificatePublicKey)?.names).toContain("new.example.com");
    expect(detail.CertificatePrivateKey).toMatch(/^vault:/);
    const archive = await ask("DownloadCertificate", { CertificateId }, z.object({ Content: z.string() }));
    expect(archive.Content).toMatch(/^vault:/);
    goSlowly();
    const successor = await ask("ReplaceCertificate", { CertificateId, ValidType: "DNS" }, withId);
    expect(await statusOf(CertificateId)).toBe(11);
    expect(await statusOf(successor.CertificateId)).toBe(0);
    later();
  });

  it("is withdrawn while it is under review", async () => {
    standStill();
    const { CertificateId } = await ask(
      "ApplyCertificate",
      { DvAuthMethod: "DNS", DomainName: "gone.example.com" },
      withId,
    );
    await ask("CancelAuditCertificate", { CertificateId }, z.object({ Result: z.literal(true) }));
    expect(await statusOf(CertificateId)).not.toBe(0);
    later();
  });
});

describe("a paid certificate", () => {
  const filled = (CertificateId: string) => ({
    CertificateId,
    CsrType: "online",
    CertificateDomain: "paid.example.com",
    OrganizationName: "Example Ltd",
    OrganizationDivision: "IT",
    OrganizationAddress: "1 Example Street",
    OrganizationCountry: "SG",
    OrganizationCity: "Singapore",
    OrganizationRegion: "Singapore",
    PhoneAreaCode: "65",
    PhoneNumber: "60000000",
    VerifyType: "DNS",
    AdminFirstName: "A",
    AdminLastName: "B",
    AdminPhoneNum: "60000000",
    AdminEmail: "a@example.com",
    AdminPosition: "Engineer",
    ContactFirstName: "A",
    ContactLastName: "B",
    ContactEmail: "a@example.com",
    ContactNumber: "60000000",
    ContactPosition: "Engineer",
  });

  async function buy(ProductId: number): Promise<string> {
    const bought = z.object({ CertificateIds: z.tuple([z.string()]), DealIds: z.array(z.string().regex(/^\d{23}$/)) });
    const { CertificateIds } = await ask("CreateCertificate", { ProductId, DomainNum: 1, TimeSpan: 1 }, bought);
    return CertificateIds[0];
  }

  it("is bought, filled in, committed, and issued after its confirmation letter", async () => {
    standStill();
    const CertificateId = await buy(43);
    expect(await statusOf(CertificateId)).toBe(5);
    await ask("SubmitCertificateInformation", filled(CertificateId), withId);
    const committed = z.object({ OrderId: z.string(), Status: z.literal(8) });
    await ask("CommitCertificateInformation", { CertificateId, VerifyType: "DNS" }, committed);
    const ConfirmLetter = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(2_000, 0x20)]).toString("base64");
    await ask("UploadConfirmLetter", { CertificateId, ConfirmLetter }, z.object({ IsSuccess: z.literal(true) }));
    expect(await statusOf(CertificateId)).toBe(0);
    later();
    expect(await statusOf(CertificateId)).toBe(1);
  });

  it("is cancelled, and resubmitted", async () => {
    const CertificateId = await buy(25);
    await ask("SubmitCertificateInformation", filled(CertificateId), withId);
    await ask("CancelCertificateOrder", { CertificateId }, withId);
    later();
    expect(await statusOf(CertificateId)).toBe(7);
    await ask("ModifyCertificateResubmit", { CertificateId }, withId);
    expect(await statusOf(CertificateId)).toBe(5);
  });
});

describe("an uploaded certificate", () => {
  it("is renamed, moved and deleted, and the log tells of it", async () => {
    const CertificateId = await upload(["short.example.com"], "short-lived");
    await ask("ModifyCertificateAlias", { CertificateId, Alias: "renamed" }, withId);
    expect(await seeded("renamed")).toBe(CertificateId);
    const moved = z.object({ SuccessCertificates: z.tuple([z.literal(CertificateId)]) });
    await ask("ModifyCertificateProject", { CertificateIdList: [CertificateId], ProjectId: "5" }, moved);
    await ask("DeleteCertificate", { CertificateId }, z.object({ DeleteResult: z.literal(true) }));
    expect(sandbox.account.ssl.certificates.has(CertificateId)).toBe(false);
    const logs = z.object({ OperateLogs: z.array(z.object({ Type: z.string(), CertId: z.string() })) });
    const { OperateLogs } = await ask("DescribeCertificateOperateLogs", { Limit: 100 }, logs);
    const types = OperateLogs.filter(({ CertId }) => CertId === CertificateId).map(({ Type }) => Type);
    expect(types).toEqual(expect.arrayContaining(["updateAlias", "delete"]));
  });
});

describe("the resources that a certificate is bound to", () => {
  it("are found by a task, counted and listed", async () => {
    const CertificateId = await seeded("storefront");
    const started = z.object({ CertTaskIds: z.tuple([z.object({ TaskId: z.string() })]) });
    const { CertTaskIds } = await ask(
      "CreateCertificateBindResourceSyncTask",
      { CertificateIds: [CertificateId], IsCache: 1 },
      started,
    );
    const { TaskId } = CertTaskIds[0];
    later();
    const counted = z.object({
      SyncTaskBindResourceResult: z.tuple([
        z.object({ Status: z.literal(1), BindResourceResult: z.array(z.object({ ResourceType: z.string() })) }),
      ]),
    });
    const { SyncTaskBindResourceResult } = await ask(
      "DescribeCertificateBindResourceTaskResult",
      { TaskIds: [TaskId] },
      counted,
    );
    const types = SyncTaskBindResourceResult[0].BindResourceResult.map(({ ResourceType }) => ResourceType);
    expect(types).toEqual(expect.arrayContaining(["clb", "cdn", "teo"]));
    const listed = z.object({ TEO: z.array(z.object({ InstanceList: z.array(z.object({ Host: z.string() })) })) });
    const { TEO } = await ask("DescribeCertificateBindResourceTaskDetail", { TaskId, Limit: 100, Offset: 0 }, listed);
    expect(TEO[0]?.InstanceList).toMatchObject([{ Host: "www.example.com" }]);
    const hosts = z.object({ InstanceList: z.array(z.object({ Host: z.string() })) });
    const { InstanceList } = await ask("DescribeHostTeoInstanceList", { CertificateId }, hosts);
    expect(InstanceList.map(({ Host }) => Host)).toContain("www.example.com");
  });
});

describe("a one-click update", () => {
  const deployed = z.object({ DeployRecordId: z.number().positive() });

  async function update(OldCertificateId: string, CertificateId: string): Promise<number> {
    const ResourceTypesRegions = [{ ResourceType: "clb", Regions: ["ap-singapore", "ap-hongkong"] }];
    const change = { OldCertificateId, CertificateId, ResourceTypes: ["clb", "cdn", "teo"], ResourceTypesRegions };
    const first = await ask("UpdateCertificateInstance", change, z.object({ DeployRecordId: z.number() }));
    if (first.DeployRecordId > 0) return first.DeployRecordId;
    later();
    return (await ask("UpdateCertificateInstance", change, deployed)).DeployRecordId;
  }

  const counts = async (DeployRecordId: number) => {
    const { RequestId: _, ...rest } = await ask(
      "DescribeHostUpdateRecordDetail",
      { DeployRecordId, Limit: 200 },
      z.object({
        TotalCount: z.number(),
        SuccessTotalCount: z.number(),
        FailedTotalCount: z.number(),
        RequestId: z.string(),
      }),
    );
    return rest;
  };

  it("moves every resource, and a rollback moves them back", async () => {
    const old = await seeded("storefront");
    const next = await seeded("storefront, next");
    const record = await update(old, next);
    later();
    expect(await counts(record)).toEqual({ TotalCount: 5, SuccessTotalCount: 5, FailedTotalCount: 0 });
    const www = sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
    expect(www?.certificateIds).toEqual([next]);
    const records = z.object({ DeployRecordList: z.array(z.object({ Id: z.number(), OldCertId: z.string() })) });
    const { DeployRecordList } = await ask("DescribeHostUpdateRecord", { OldCertificateId: old }, records);
    expect(DeployRecordList).toMatchObject([{ Id: record, OldCertId: old }]);
    await ask("UpdateCertificateRecordRollback", { DeployRecordId: record }, deployed);
    later();
    await counts(record);
    expect(www?.certificateIds).toEqual([old]);
  });

  it("fails where the names do not fit, and is retried", async () => {
    const old = await seeded("storefront");
    const narrow = await upload(["www.example.com"], "narrow");
    const record = await update(old, narrow);
    later();
    expect((await counts(record)).FailedTotalCount).toBeGreaterThan(0);
    standStill();
    await ask("UpdateCertificateRecordRetry", { DeployRecordId: record }, anything);
    expect((await counts(record)).FailedTotalCount).toBe(0);
    later();
  });
});

describe("a CSR", () => {
  const subject = {
    Domain: "csr.example.com",
    Organization: "Example Ltd",
    Department: "IT",
    Email: "it@example.com",
    Province: "Singapore",
    City: "Singapore",
    Country: "SG",
    EncryptAlgo: "ecc",
    KeyParameter: "prime256v1",
  };

  it("is created, edited, generated, listed and deleted", async () => {
    const created = z.object({ Id: z.number() });
    const { Id } = await ask("CreateCSR", { ...subject, Generate: false }, created);
    await ask("ModifyCSR", { CSRId: Id, Generate: true, Remark: "ready" }, created);
    const shown = z.object({ CSR: z.string(), PrivateKey: z.string(), Remarks: z.literal("ready") });
    const { CSR, PrivateKey } = await ask("DescribeCSR", { CSRId: String(Id) }, shown);
    expect(CSR).toContain("BEGIN CERTIFICATE REQUEST");
    expect(PrivateKey).toMatch(/^vault:/);
    const { Set: listed } = await ask(
      "DescribeCSRSet",
      { Domain: "csr.example.com" },
      z.object({ Set: z.array(z.object({ Id: z.number() })) }),
    );
    expect(listed).toMatchObject([{ Id }]);
    await ask("BatchDeleteCSR", { CSRIds: [Id] }, z.object({ Success: z.tuple([z.literal(Id)]) }));
    expect(sandbox.account.ssl.csrs.has(Id)).toBe(false);
  });

  it("made on this computer is accepted in a paid order", async () => {
    const { csrPem } = await createCsr({ CN: "own.example.com" }, ["own.example.com"], "EC-P256");
    const CertificateId = await seeded("for the new shop");
    await ask("SubmitCertificateInformation", { CertificateId, CsrType: "parse", CsrContent: csrPem }, withId);
  });
});

describe("the edges", () => {
  it("EdgeOne serves a certificate on a host", async () => {
    const CertId = await upload(["shop.example.com"], "shop");
    const change = { ZoneId: "zone-sandboxdemo", Hosts: ["shop.example.com"], Mode: "SSLCERT" };
    await ask("ModifyHostsCertificate", { ...change, ServerCertInfo: [{ CertId }] }, anything);
    const host = sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("shop.example.com");
    expect(host).toMatchObject({ mode: "sslcert", certificateIds: [CertId] });
  });

  it.each([
    ["SetCdnDomainSSLCertificate", ".cdn.example.com", "*.cdn.example.com", "cdn"],
    ["SetVodDomainSSLCertificate", "vod.example.com", "vod.example.com", "vod"],
  ] as const)("%s puts a certificate and its key on a domain", async (name, DomainName, covered, service) => {
    const { certificatePem, privateKeyPem } = await issue([covered]);
    const settings = { DomainName, SSLProtocol: "on", CertType: "upload", CertName: service };
    await ask(name, { ...settings, SSLPub: certificatePem, SSLPri: privateKeyPem }, anything);
    const domain = sandbox.account[service].get(DomainName);
    expect(domain).toMatchObject({ https: true, certificate: { certificatePem, privateKeyPem } });
  });

  it("Huawei Live puts a certificate and its key on a domain", async () => {
    const { certificatePem, privateKeyPem } = await issue(["play.example.com"]);
    const tls_certificate = { source: "user", certificate: certificatePem, certificate_key: privateKeyPem };
    await ask(
      "UpdateDomainHttpsCert",
      { project_id: "sandboxproject", domain: "play.example.com", force_redirect: true, tls_certificate },
      anything,
    );
    const domain = sandbox.account.live.get("play.example.com");
    expect(domain).toMatchObject({ https: true, forceRedirect: true, certificate: { certificatePem, privateKeyPem } });
  });
});

it("every operation was called", () => {
  expect(operations.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
});

it("nothing that reached the client held a private key", () => {
  expect(assistant.received.length).toBeGreaterThan(60);
  expect(JSON.stringify(assistant.received)).not.toContain("PRIVATE KEY");
});

it("no request had a secret in the clear where the sandbox logs it", () => {
  expect(JSON.stringify(sandbox.requests)).not.toContain("PRIVATE KEY");
});
