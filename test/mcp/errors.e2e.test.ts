import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, approvesByToken, pointedAt, startAssistant } from "../support/assistant.js";
import { ofRows, rows } from "../support/width.js";

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
  assistant = await startAssistant([...args, ...approvesByToken, "--allow-inline-secrets"], {
    env,
    hostApproves: true,
  });
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

const edge = (CertId: string, changes = {}) => ({
  ZoneId: "zone-sandboxdemo",
  Hosts: ["www.example.com"],
  Mode: "sslcert",
  ServerCertInfo: [{ CertId }],
  ...changes,
});
const live = { project_id: "sandboxproject", domain: "play.example.com" };
const scm = (cert_id: string) => ({ tls_certificate: { source: "scm", cert_id } });
const on = (DomainName: string) => ({ DomainName, SSLProtocol: "on" });
const pem = (pair: typeof good, key = pair) => ({ SSLPub: pair.certificatePem, SSLPri: key.privateKeyPem });

/** What only the cloud can know. */
const refusedByTheCloud: readonly Case[] = [
  ["FailedOperation.CertificateNotFound", "DescribeCertificate", () => ({ CertificateId: "zzzzzzzz" })],
  ["FailedOperation.BoundResources", "DeleteCertificate", () => ({ CertificateId: seeded("storefront") })],
  [
    "FailedOperation.CertificateSyncTaskIdInvalid",
    "DescribeCertificateBindResourceTaskResult",
    () => ({ TaskIds: ["1"] }),
  ],
  [
    "ResourceUnavailable.ZoneNotFound",
    "ModifyHostsCertificate",
    () => edge(seeded("storefront, next"), { ZoneId: "zone-00000000000" }),
  ],
  [
    "ResourceUnavailable.HostNotFound",
    "ModifyHostsCertificate",
    () => edge(seeded("storefront, next"), { Hosts: ["no.example.com"] }),
  ],
  [
    "Certificate.NotFind",
    "SetCdnDomainSSLCertificate",
    () => ({ ...on("img.example.com"), CertType: "cas", CertId: 1 }),
  ],
  ["InvalidDomain.Offline", "SetCdnDomainSSLCertificate", () => ({ DomainName: "no.example.com", SSLProtocol: "off" })],
  ["CertificateContent.Duplicated", "SetCdnDomainSSLCertificate", () => ({ ...on("img.example.com"), ...pem(good) })],
  [
    "CertNameAlreadyExists",
    "SetCdnDomainSSLCertificate",
    () => ({ ...on("img.example.com"), ...pem(other), CertName: "taken" }),
  ],
  [
    "Certificate.NotFind",
    "SetVodDomainSSLCertificate",
    () => ({ ...on("vod.example.com"), CertType: "cas", CertId: 1 }),
  ],
  ["DomainOwnerVerifyFail", "SetVodDomainSSLCertificate", () => ({ DomainName: "no.example.com", SSLProtocol: "off" })],
  [
    "CertNameAlreadyExists",
    "SetVodDomainSSLCertificate",
    () => ({ ...on("vod.example.com"), ...pem(other), CertName: "taken" }),
  ],
  ["LIVE.100011001", "UpdateDomainHttpsCert", () => ({ ...live, ...scm("scs0000000000000") })],
  ["LIVE.100011003", "UpdateDomainHttpsCert", () => ({ ...live, project_id: "other", ...scm("scs1600000000000") })],
  [
    "LIVE.103011019",
    "UpdateDomainHttpsCert",
    () => ({ ...live, domain: "no.example.com", ...scm("scs1600000000000") }),
  ],
];

beforeAll(async () => {
  await assistant.result("SetCdnDomainSSLCertificate", { ...on("img.example.com"), ...pem(good), CertName: "taken" });
});

it.each(rows(refusedByTheCloud, 3))(
  "%s from %s comes with meaning, outcome and next step",
  ofRows,
  async (code, tool, args) => {
    const said = await assistant.failure(tool, args());
    const [happened, changed, next, reference] = said.split("\n");
    expect(happened).toMatch(
      new RegExp(`^(Tencent|Alibaba|Huawei) Cloud .* refused ${tool} with ${code}: ".+"\\. \\w.{15,}\\.`),
    );
    expect(changed).toBe("Nothing was changed.");
    expect(next).toMatch(/^Next: .{20,}/);
    expect(reference).toMatch(new RegExp(`^\\(code ${code}, request id [0-9a-f-]{36}, HTTP \\d{3}\\)$`, "i"));
    expect(said).not.toContain("PRIVATE KEY");
  },
);

/** What can be known before. */
const stoppedBefore: readonly Case[] = [
  ["SSLPub.MissingParameter", "SetCdnDomainSSLCertificate", () => on("img.example.com")],
  ["CertName.MissingParameter", "SetCdnDomainSSLCertificate", () => ({ ...on("img.example.com"), CertType: "cas" })],
  ["Certificate.MissMatch", "SetCdnDomainSSLCertificate", () => ({ ...on("img.example.com"), ...pem(good, other) })],
  ["Certificate.Expired", "SetVodDomainSSLCertificate", () => ({ ...on("vod.example.com"), ...pem(expired) })],
  ["LIVE.100011001", "UpdateDomainHttpsCert", () => live],
  [
    "InvalidParameter.InvalidCertInfo",
    "ModifyHostsCertificate",
    () => ({ ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "sslcert" }),
  ],
];

it.each(stoppedBefore)("%s from %s is said before anything is sent", async (code, tool, args) => {
  const before = sandbox.requests.length;
  const said = await assistant.failure(tool, args());
  expect(said).toContain(`${tool} was not sent`);
  expect(said).toContain(`(The cloud would answer ${code}.)`);
  expect(said).toContain("Nothing was changed.");
  expect(sandbox.requests).toHaveLength(before);
});

/** What a read tells before a person is asked. */
const toldByARead: readonly Case[] = [
  ["FailedOperation.CertificateNotFound", "DeleteCertificate", () => ({ CertificateId: "zzzzzzzz" })],
  ["FailedOperation.CertificateNotFound", "ModifyHostsCertificate", () => edge("zzzzzzzz")],
  ["InvalidParameter.InvalidCSRId", "DescribeCSR", () => ({ CSRId: 999_999 })],
];

it.each(toldByARead)("%s from %s is told without a question", async (code, tool, args) => {
  const said = await assistant.failure(tool, args());
  expect(said).toMatch(new RegExp(`^${tool} was not carried out, and nobody was asked: .* does not exist `));
  expect(said).toContain("Nothing was changed.");
  expect(said).toContain(`(code ${code})`);
});

it("InvalidParameter.CertNotMatchDomain is said once the certificate was read, before anybody is asked", async () => {
  const said = await assistant.failure("ModifyHostsCertificate", edge(seeded("mail")));
  expect(said).toContain("ModifyHostsCertificate was not sent");
  expect(said).toContain("(The cloud would answer InvalidParameter.CertNotMatchDomain.)");
  expect(said).toContain("Nothing was changed.");
});

describe("a wrong secret", () => {
  it.each(
    rows(
      [
        ["TENCENTCLOUD_SECRET_KEY", "AuthFailure.SignatureFailure", "DescribeCertificates", {}],
        [
          "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
          "SignatureDoesNotMatch",
          "SetCdnDomainSSLCertificate",
          { DomainName: "img.example.com", SSLProtocol: "off" },
        ],
        ["HUAWEICLOUD_SDK_SK", "APIGW.0301", "UpdateDomainHttpsCert", { ...live, ...scm("scs1600000000000") }],
      ],
      1,
    ),
  )("in %s is %s, and is not shown", ofRows, async (variable, code, tool, args) => {
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
