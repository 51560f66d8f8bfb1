import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, approvesByToken, pointedAt, startAssistant } from "../support/assistant.js";

/** Documented errors, provoked by real bad input, as the model reads them. */

let sandbox: Sandbox;
let assistant: Assistant;
let good: { certificatePem: string; privateKeyPem: string };
let other: typeof good;
let expired: typeof good;

const day = 24 * 3600_000;

beforeAll(async () => {
  sandbox = await startSandbox();
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, ...approvesByToken], { env, hostApproves: true });
  const authority = await CertificateAuthority.create(new Date(Date.now() - 100 * day));
  const issue = (from: number, to: number) =>
    authority.issue({
      names: ["*.example.com", "*.cdn.example.com"],
      notBefore: new Date(Date.now() + from * day),
      notAfter: new Date(Date.now() + to * day),
      key: "EC-P256",
    });
  [good, other, expired] = await Promise.all([issue(-1, 90), issue(-1, 90), issue(-90, -1)]);
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const seeded = (alias: string) => {
  const found = [...sandbox.account.ssl.certificates.values()].find((certificate) => certificate.alias === alias);
  return found?.id ?? "";
};

type Case = readonly [code: string, tool: string, args: () => Record<string, unknown>];

const zone = { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "sslcert" };
const edge = (CertId: string) => ({ ...zone, ServerCertInfo: [{ CertId }] });
const live = { project_id: "sandboxproject", domain: "play.example.com" };
const delivery = (tool: string, DomainName: string): readonly Case[] => {
  const on = { DomainName, SSLProtocol: "on" };
  const pem = (pub: typeof good, key = pub) => ({ ...on, SSLPub: pub.certificatePem, SSLPri: key.privateKeyPem });
  return [
    ["SSLPub.MissingParameter", tool, () => on],
    ["SSLPri.MissingParameter", tool, () => ({ ...on, SSLPub: good.certificatePem })],
    ["CertName.MissingParameter", tool, () => ({ ...on, CertType: "cas" })],
    ["Certificate.NotFind", tool, () => ({ ...on, CertType: "cas", CertId: 1 })],
    ["InvalidSSLPub", tool, () => ({ ...pem(good), SSLPub: "not a certificate" })],
    ["InvalidSSLPri", tool, () => ({ ...pem(good), SSLPri: "not a key" })],
    ["Certificate.MissMatch", tool, () => pem(good, other)],
    ["Certificate.Expired", tool, () => pem(expired)],
  ];
};

const cases: readonly Case[] = [
  ["FailedOperation.CertificateNotFound", "DescribeCertificate", () => ({ CertificateId: "zzzzzzzz" })],
  ["FailedOperation.CertificateNotFound", "DeleteCertificate", () => ({ CertificateId: "zzzzzzzz" })],
  [
    "FailedOperation.CertificateNotFoundOrCantCancel",
    "CancelAuditCertificate",
    () => ({ CertificateId: seeded("storefront") }),
  ],
  [
    "FailedOperation.InvalidCertificateStatusCode",
    "DownloadCertificate",
    () => ({ CertificateId: seeded("for the new shop") }),
  ],
  ["InvalidParameter.InvalidCSRId", "DescribeCSR", () => ({ CSRId: 999_999 })],
  [
    "FailedOperation.CertificateSyncTaskIdInvalid",
    "DescribeCertificateBindResourceTaskResult",
    () => ({ TaskIds: ["1"] }),
  ],
  ["FailedOperation.CertificateParseError", "UploadCertificate", () => ({ CertificatePublicKey: "not a certificate" })],
  ["ResourceUnavailable.ZoneNotFound", "ModifyHostsCertificate", () => ({ ...zone, ZoneId: "zone-00000000000" })],
  ["ResourceUnavailable.HostNotFound", "ModifyHostsCertificate", () => ({ ...zone, Hosts: ["no.example.com"] })],
  ["FailedOperation.CertificateNotFound", "ModifyHostsCertificate", () => edge("zzzzzzzz")],
  ["InvalidParameter.CertNotMatchDomain", "ModifyHostsCertificate", () => edge(seeded("mail"))],
  ...delivery("SetCdnDomainSSLCertificate", "img.example.com"),
  ["InvalidDomain.Offline", "SetCdnDomainSSLCertificate", () => ({ DomainName: "no.example.com", SSLProtocol: "off" })],
  ...delivery("SetVodDomainSSLCertificate", "vod.example.com"),
  ["DomainOwnerVerifyFail", "SetVodDomainSSLCertificate", () => ({ DomainName: "no.example.com", SSLProtocol: "off" })],
  ["LIVE.100011001", "UpdateDomainHttpsCert", () => live],
  [
    "LIVE.100011001",
    "UpdateDomainHttpsCert",
    () => ({ ...live, certificate: good.certificatePem, certificate_key: other.privateKeyPem }),
  ],
  [
    "LIVE.100011003",
    "UpdateDomainHttpsCert",
    () => ({ ...live, project_id: "other", tls_certificate: { source: "scm", cert_id: "scs1600000000000" } }),
  ],
  [
    "LIVE.103011019",
    "UpdateDomainHttpsCert",
    () => ({ ...live, domain: "no.example.com", tls_certificate: { source: "scm", cert_id: "scs1600000000000" } }),
  ],
];

it.each(cases)("%s from %s comes with meaning, outcome and next step", async (code, tool, args) => {
  const said = await assistant.failure(tool, args());
  const [happened, changed, next, reference] = said.split("\n");
  expect(happened).toMatch(
    new RegExp(`^(Tencent|Alibaba|Huawei) Cloud .* refused ${tool} with ${code}: ".+"\\. \\w.{15,}\\.`),
  );
  expect(changed).toBe("Nothing was changed.");
  expect(next).toMatch(/^Next: .{20,}/);
  expect(reference).toMatch(new RegExp(`^\\(code ${code}, request id [0-9a-f-]{36}, HTTP \\d{3}\\)$`, "i"));
  expect(said).not.toContain("PRIVATE KEY");
});

describe("a wrong secret", () => {
  it.each([
    ["TENCENTCLOUD_SECRET_KEY", "AuthFailure.SignatureFailure", "DescribeCertificates", {}],
    [
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
      "SignatureDoesNotMatch",
      "SetCdnDomainSSLCertificate",
      { DomainName: "img.example.com", SSLProtocol: "off" },
    ],
    ["HUAWEICLOUD_SDK_SK", "APIGW.0301", "UpdateDomainHttpsCert", live],
  ])("in %s is %s, and is not shown", async (variable, code, tool, args) => {
    const { args: flags, env } = pointedAt(sandbox);
    const wrong = `${env[variable]}x`;
    const stranger = await startAssistant([...flags, ...approvesByToken], {
      env: { ...env, [variable]: wrong },
      hostApproves: true,
    });
    const said = await stranger.failure(tool, args);
    await stranger.close();
    expect(said).toContain(code);
    expect(said).toContain("Nothing was changed.");
    expect(said).not.toContain(wrong);
  });
});
