import { createPrivateKey, X509Certificate } from "node:crypto";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { describeCertificate } from "../../src/catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificateOperateLogs } from "../../src/catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { downloadCertificate } from "../../src/catalogue/tencent-ssl/download-certificate.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "../../src/catalogue/tencent-ssl/modify-certificate-project.js";
import { certificateNamesOf, keyAlgorithmOf } from "../../src/sandbox/tencent-ssl/certificate-facts.js";
import { sslHandlers } from "../../src/sandbox/tencent-ssl/index.js";
import { findCertificate } from "../../src/sandbox/tencent-ssl/lookup.js";
import { documentedOperations } from "../support/data.js";
import { day, TestAccount } from "./tencent-ssl-account.js";

let test: TestAccount;
const open = async () => {
  test = await TestAccount.open();
};

it("carries out every operation of the service", () => {
  const ssl = sslHandlers.map(({ operation }) => operation);
  expect(new Set(ssl.map(({ name }) => name)).size).toBe(32);
  expect(ssl.every(({ name, service }) => service.id === "tencent-ssl" && name in documentedOperations)).toBe(true);
});

describe("the account at the start", () => {
  beforeAll(open);

  it("holds certificates in many states", async () => {
    const { Certificates } = await test.call(describeCertificates, { Limit: 100 });
    const states = new Set(Certificates.map(({ Status }: { Status: number }) => Status));
    expect(states).toEqual(new Set([0, 1, 2, 3, 5, 7, 8]));
  });

  it("begins alike every time", async () => {
    const again = await TestAccount.open();
    expect([...again.account.ssl.certificates.keys()]).toEqual([...test.account.ssl.certificates.keys()]);
  });

  it("tells other services about a certificate", () => {
    const found = findCertificate(test.account, test.boundId);
    expect(found).toMatchObject({ id: test.boundId, status: 1, kind: "SVR" });
    expect(found && certificateNamesOf(found)).toEqual(["example.com", "*.example.com"]);
    expect(found && keyAlgorithmOf(found)).toBe("ECC prime256v1");
    expect(findCertificate(test.account, "nothing1")).toBeUndefined();
  });
});

describe("the list", () => {
  beforeAll(open);

  const ids = async (params: Parameters<typeof test.call<typeof describeCertificates.params>>[1]) => {
    const { Certificates } = await test.call(describeCertificates, { Limit: 1000, ...params });
    return (Certificates ?? []).map(({ CertificateId }: { CertificateId: string }) => CertificateId);
  };

  it("is paged, the latest application first", async () => {
    const all = await ids({});
    const first = await test.call(describeCertificates, {});
    expect(first.TotalCount).toBe(all.length);
    expect(await ids({ Limit: 2, Offset: 1 })).toEqual(all.slice(1, 3));
    const times = first.Certificates.map(({ InsertTime }: { InsertTime: string }) => InsertTime);
    expect(times).toEqual([...times].sort().reverse());
  });

  it("is null where it is empty", async () => {
    expect(await test.call(describeCertificates, { SearchKey: "no such thing" })).toEqual({
      TotalCount: 0,
      Certificates: null,
    });
  });

  it("is sorted by expiry, what has none last", async () => {
    const sorted = await ids({ ExpirationSort: "ASC" });
    expect(sorted.indexOf(test.idOf("legacy.example.org"))).toBe(0);
    expect(sorted.indexOf(test.boundId)).toBe(1);
    const ending = sorted.filter((id: string) => test.account.ssl.certificates.get(id)?.material);
    expect((await ids({ ExpirationSort: "DESC" })).slice(0, ending.length)).toEqual([...ending].reverse());
  });

  it("is filtered by everything that is documented", async () => {
    const bound = test.boundId;
    const root = test.idOf("sandbox root");
    const waiting = test.idOf("preview.example.org");
    const blog = test.idOf("blog.example.com");
    expect(await ids({ SearchKey: bound.slice(2, 7) })).toEqual([bound]);
    expect(await ids({ SearchKey: "PREVIEW" })).toEqual([waiting]);
    expect(await ids({ SearchKey: "storefront, n" })).toEqual([test.idOf("storefront, next")]);
    expect(await ids({ CertificateType: "CA" })).toEqual([root]);
    expect(await ids({ CertificateStatus: [0] })).toEqual([waiting]);
    expect(await ids({ CertIds: [root, blog] })).toEqual([blog, root]);
    expect(await ids({ FilterExpiring: 1 })).toEqual([bound]);
    expect(await ids({ IsPendingIssue: 1 })).toEqual([waiting, test.idOf("secure.example.com")]);
    expect(await ids({ FilterSource: "buy", CertificateStatus: [1] })).toEqual([blog]);
    expect(await ids({ Hostable: 1 })).toEqual([blog]);
    expect(await ids({ Upload: 1 })).toHaveLength(4);
    expect(await ids({ Deployable: 1 })).not.toContain(root);
    expect(await ids({ Deployable: 0 })).toContain(root);
    expect(await ids({ IsSM: 1 })).toEqual([]);
    expect(await ids({ Renew: 1 })).toEqual([]);
    expect(await ids({ ProjectId: 7 })).toEqual([]);
    expect(await ids({ Tags: [{ TagKey: "team", TagValue: "web" }] })).toEqual([]);
  });
});

describe("the passing of time", () => {
  beforeAll(open);

  it("makes certificates expire", async () => {
    const statusOfBound = async () => (await test.call(describeCertificate, { CertificateId: test.boundId })).Status;
    expect(await statusOfBound()).toBe(1);
    test.wait(21 * day);
    expect(await statusOfBound()).toBe(3);
    expect(findCertificate(test.account, test.boundId)?.status).toBe(3);
    expect(await test.call(describeCertificates, { FilterExpiring: 1 })).toMatchObject({ TotalCount: 0 });
  });
});

describe("one certificate", () => {
  beforeAll(open);

  it("is described, with the main domain among its names or beside them", async () => {
    const short = await test.call(describeCertificate, { CertificateId: test.boundId });
    const long = await test.call(describeCertificateDetail, { CertificateId: test.boundId });
    expect(short).toMatchObject({
      From: "upload",
      Domain: "example.com",
      SubjectAltName: ["example.com", "*.example.com"],
      IsWildcard: true,
      Deployable: true,
      ProductZhName: "Cloudcert Sandbox Issuing CA",
    });
    expect(long.SubjectAltName).toEqual(["*.example.com"]);
    const leaf = new X509Certificate(long.CertificatePublicKey);
    expect(leaf.checkPrivateKey(createPrivateKey(long.CertificatePrivateKey))).toBe(true);
    expect(long.CertFingerprint).toBe(leaf.fingerprint);
    expect(long.CertChainInfo).toHaveLength(2);
    expect(long.CertEndTime).toBe("2026-04-21 11:00:00");
  });

  it("of a CA is described as one", async () => {
    const root = await test.call(describeCertificate, { CertificateId: test.idOf("sandbox root") });
    expect(root).toMatchObject({
      CertificateType: "CA",
      Deployable: false,
      CACommonNames: ["Cloudcert Sandbox Root CA"],
      CAEncryptAlgorithms: ["ECC prime256v1"],
    });
  });

  it("must exist", async () => {
    expect(await test.refusal(describeCertificate, { CertificateId: "nothing1" })).toBe(
      "FailedOperation.CertificateNotFound",
    );
  });

  it("is renamed, and its name cleared", async () => {
    await test.call(modifyCertificateAlias, { CertificateId: test.boundId, Alias: "shop window" });
    expect(await test.call(describeCertificate, { CertificateId: test.boundId })).toMatchObject({
      Alias: "shop window",
    });
    await test.call(modifyCertificateAlias, { CertificateId: test.boundId });
    expect(await test.call(describeCertificate, { CertificateId: test.boundId })).toMatchObject({ Alias: "" });
  });

  it("is moved to a project, each by itself", async () => {
    const params = { CertificateIdList: [test.boundId, "nothing1"], ProjectId: 12 };
    expect(await test.call(modifyCertificateProject, params)).toEqual({
      SuccessCertificates: [test.boundId],
      FailCertificates: ["nothing1"],
    });
    expect(await test.call(describeCertificate, { CertificateId: test.boundId })).toMatchObject({ ProjectId: "12" });
  });
});

describe("the archive", () => {
  beforeAll(open);

  const download = async (CertificateId: string) => {
    const { Content, ContentType } = await test.call(downloadCertificate, { CertificateId });
    expect(ContentType).toBe("application/zip");
    const files = unzipSync(Buffer.from(Content, "base64"));
    return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, strFromU8(bytes)]));
  };

  it("holds what nginx and Apache want, and the request", async () => {
    const files = await download(test.idOf("blog.example.com"));
    expect(Object.keys(files).sort()).toEqual([
      "Apache/blog.example.com.crt",
      "Apache/blog.example.com.key",
      "Apache/root_bundle.crt",
      "Nginx/blog.example.com.key",
      "Nginx/blog.example.com_bundle.crt",
      "Nginx/blog.example.com_bundle.pem",
      "blog.example.com.csr",
      "blog.example.com.key",
      "blog.example.com.pem",
    ]);
    const leaf = new X509Certificate(files["Apache/blog.example.com.crt"] ?? "");
    const issuer = new X509Certificate(files["Apache/root_bundle.crt"] ?? "");
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(leaf.checkPrivateKey(createPrivateKey(files["Nginx/blog.example.com.key"] ?? ""))).toBe(true);
  });

  it("has no request of an uploaded certificate, no key of a CA", async () => {
    expect(Object.keys(await download(test.idOf("storefront, next")))).not.toContain("example.com.csr");
    expect(Object.keys(await download(test.idOf("sandbox root"))).some((path) => path.endsWith(".key"))).toBe(false);
  });

  it("is there for issued certificates only", async () => {
    const CertificateId = test.idOf("preview.example.org");
    expect(await test.refusal(downloadCertificate, { CertificateId })).toBe(
      "FailedOperation.InvalidCertificateStatusCode",
    );
  });
});

describe("the log", () => {
  beforeAll(open);

  it("tells who did what, latest first", async () => {
    await test.call(modifyCertificateAlias, { CertificateId: test.boundId, Alias: "x" });
    await test.call(downloadCertificate, { CertificateId: test.boundId });
    const log = await test.call(describeCertificateOperateLogs, { Limit: 2 });
    expect(log.OperateLogs).toMatchObject([
      { Type: "download", CertId: test.boundId, CreatedOn: "2026-04-01 11:00:00" },
      { Type: "updateAlias", CertId: test.boundId, Uin: "100000000001" },
    ]);
    expect(log.TotalCount).toBe(2);
    expect(log.AllTotal).toBeGreaterThan(2);
  });

  it("has at most 1000 rows on a page, whatever the Limit", async () => {
    const { log } = test.account.ssl;
    const before = log.length;
    const at = test.account.clock.now();
    log.push(...Array.from({ length: 1_100 }, () => ({ type: "download" as const, certificateId: "x", at })));
    const page = await test.call(describeCertificateOperateLogs, { Limit: 5_000 });
    log.length = before;
    expect(page).toMatchObject({ TotalCount: 1_000, AllTotal: expect.any(Number) });
    expect(page.AllTotal).toBeGreaterThan(1_100);
  });

  it("reaches back 15 days unless asked for more", async () => {
    const recent = await test.call(describeCertificateOperateLogs, { Limit: 1000 });
    const params = { Limit: 1000, StartTime: "2025-01-01 00:00:00", EndTime: "2026-04-01 11:00:00" };
    const all = await test.call(describeCertificateOperateLogs, params);
    expect(all.AllTotal).toBeGreaterThan(recent.AllTotal);
    expect(await test.refusal(describeCertificateOperateLogs, { StartTime: "yesterday" })).toBe(
      "FailedOperation.InvalidParam",
    );
  });
});
