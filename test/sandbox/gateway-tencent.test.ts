import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signTc3 } from "../../src/cloud/signing/tc3.js";
import { permanentCredentials, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { send, tc3, tencentOutcome, tencentV1 } from "./wire.js";

let sandbox: Sandbox;
let ssl: string;
let teo: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  ssl = sandbox.endpoints["tencent-ssl"];
  teo = sandbox.endpoints["tencent-edgeone"];
});
afterAll(() => sandbox.close());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const wrongSecret = { ...permanentCredentials.tencent, secret: `${permanentCredentials.tencent.secret}!` };
const stranger = { id: "nobody", secret: "nothing" };

describe("Tencent Cloud, TC3", () => {
  const read = "DescribeCertificates";

  it.each([
    ["POST", {}],
    ["GET", { method: "GET" }],
    ["any service in the scope", { service: "127" }],
    ["more signed headers, in lower case", { alsoSign: { "x-tc-action": "describecertificates" } }],
    ["the host signed without its port", { host: "127.0.0.1" }],
    ["a temporary credential", { credential: temporaryCredentials.tencent }],
    ["a clock that is four minutes behind", { time: minutesAgo(4) }],
    ["a clock that is four minutes ahead", { time: minutesAgo(-4) }],
  ] as const)("takes %s", async (_what, otherwise) => {
    const answer = await send(tc3(ssl, read, { Limit: 5, CertificateStatus: [1, 3] }, otherwise));
    expect(tencentOutcome(answer)).toBe("done");
    expect(answer.status).toBe(200);
  });

  it.each([
    ["a wrong secret", { credential: wrongSecret }, "AuthFailure.SignatureFailure"],
    ["an unknown id", { credential: stranger }, "AuthFailure.SecretIdNotFound"],
    ["a clock that is six minutes behind", { time: minutesAgo(6) }, "AuthFailure.SignatureExpire"],
    ["a clock that is six minutes ahead", { time: minutesAgo(-6) }, "AuthFailure.SignatureExpire"],
    ["a token too many", { token: "token" }, "AuthFailure.TokenFailure"],
    [
      "a temporary credential with another token",
      { credential: temporaryCredentials.tencent, token: "x" },
      "AuthFailure.TokenFailure",
    ],
    ["an unknown version", { version: "2018-01-01" }, "NoSuchVersion"],
  ] as const)("refuses %s", async (_what, otherwise, code) => {
    const answer = await send(tc3(ssl, read, {}, otherwise));
    expect(tencentOutcome(answer)).toBe(code);
    expect(answer.status).toBe(200);
  });

  it("refuses a body that was changed on the way", async () => {
    const wire = tc3(ssl, read, { Limit: 5 });
    expect(tencentOutcome(await send({ ...wire, body: wire.body.replace("5", "6") }))).toBe(
      "AuthFailure.SignatureFailure",
    );
  });

  it("refuses a scope of another day than the timestamp", async () => {
    const wire = tc3(ssl, read, {});
    const authorization = wire.headers.authorization?.replace(/\/\d{4}-/, "/2001-") ?? "";
    const spoilt = { ...wire, headers: { ...wire.headers, authorization } };
    expect(tencentOutcome(await send(spoilt))).toBe("AuthFailure.SignatureFailure");
  });

  it("refuses an Authorization header of another form, and none", async () => {
    const wire = tc3(ssl, read, {});
    const { authorization: _, ...unsigned } = wire.headers;
    const bearer = { ...wire, headers: { ...unsigned, authorization: "Bearer token" } };
    expect(tencentOutcome(await send(bearer))).toBe("AuthFailure.InvalidAuthorization");
    expect(tencentOutcome(await send({ ...wire, headers: unsigned }))).toBe("AuthFailure.InvalidAuthorization");
  });

  it("refuses a request without a timestamp or an action", async () => {
    const wire = tc3(ssl, read, {});
    const { "x-tc-timestamp": _, ...timeless } = wire.headers;
    expect(tencentOutcome(await send({ ...wire, headers: timeless }))).toBe("MissingParameter");
    const { "x-tc-action": __, ...aimless } = wire.headers;
    expect(tencentOutcome(await send({ ...wire, headers: aimless }))).toBe("MissingParameter");
  });

  it.each([
    ["InvalidAction", "DescribeNothing", {}],
    ["UnknownParameter", read, { Colour: "red" }],
    ["MissingParameter", "ModifyCertificateAlias", {}],
    ["InvalidParameter", read, { CertificateStatus: "issued" }],
    ["InvalidParameterValue", "ApplyCertificate", { DvAuthMethod: "PIGEON", DomainName: "a.example.com" }],
    ["InvalidParameterValue", "ApplyCertificate", { DvAuthMethod: "DNS", DomainName: "192.0.2.7" }],
  ])("answers %s to %s with %o", async (code, action, params) => {
    expect(tencentOutcome(await send(tc3(ssl, action, params)))).toBe(code);
  });

  it.each([
    [
      "too many client CAs",
      { ClientCertInfo: { Switch: "on", CertInfos: Array(21).fill({ CertId: "x" }) } },
      "ClientCertInfoQuotaLimit",
    ],
    [
      "two upstream certificates",
      { UpstreamCertInfo: { UpstreamMutualTLS: { Switch: "on", CertInfos: [{ CertId: "x" }, { CertId: "y" }] } } },
      "UpstreamClientCertInfoQuotaLimit",
    ],
  ])("has a code of its own for %s", async (_what, params, code) => {
    const wire = tc3(teo, "ModifyHostsCertificate", {
      ZoneId: "zone-sandboxdemo",
      Hosts: ["www.example.com"],
      ...params,
    });
    expect(tencentOutcome(await send(wire))).toBe(`InvalidParameterValue.${code}`);
  });

  it.each([
    ["a Limit above the largest page", "DescribeCertificates", { Limit: 5_000 }],
    ["such a Limit of the operation log", "DescribeCertificateOperateLogs", { Limit: 1_001 }],
  ])("takes %s for that", async (_what, action, params) => {
    expect(tencentOutcome(await send(tc3(ssl, action, params)))).toBe("done");
  });

  it("has a code of its own for a product that one-click update does not know", async () => {
    const update = { OldCertificateId: "abcd1234", CertificateId: "abcd1235" };
    const unknown = "FailedOperation.CertificateHostResourceTypeInvalid";
    for (const wrong of [
      { ResourceTypes: ["edgeone"] },
      { ResourceTypes: ["clb"], ResourceTypesRegions: [{ ResourceType: "cdn", Regions: ["ap-singapore"] }] },
    ]) {
      expect(tencentOutcome(await send(tc3(ssl, "UpdateCertificateInstance", { ...update, ...wrong })))).toBe(unknown);
    }
  });

  it("serves an operation at its own service only", async () => {
    expect(tencentOutcome(await send(tc3(teo, read, {}, { version: "2022-09-01" })))).toBe("InvalidAction");
  });

  it.each(["{", "[]", "7", ""])("refuses the signed body %j", async (body) => {
    const headers = { "content-type": "application/json", host: new URL(ssl).host };
    const wire = tc3(ssl, read, {});
    const { id: secretId, secret: secretKey } = permanentCredentials.tencent;
    const timestamp = Number(wire.headers["x-tc-timestamp"]);
    const call = { secretId, secretKey, service: "ssl", method: "POST", query: "", headers, body, timestamp } as const;
    const signed = { ...wire.headers, authorization: signTc3(call).authorization };
    expect(tencentOutcome(await send({ ...wire, headers: signed, body }))).toBe("InvalidParameter");
  });

  it("refuses other methods than GET and POST", async () => {
    expect(tencentOutcome(await send({ ...tc3(ssl, read, {}), method: "PUT" }))).toBe("UnsupportedProtocol");
  });

  it("takes 10 MB and refuses more", async () => {
    const letter = (megabytes: number) =>
      tc3(ssl, "UploadConfirmLetter", { CertificateId: "x", ConfirmLetter: "A".repeat(megabytes * 1024 * 1024) });
    expect(tencentOutcome(await send(letter(9)))).not.toBe("RequestSizeLimitExceeded");
    expect(tencentOutcome(await send(letter(11)))).toBe("RequestSizeLimitExceeded");
  });
});

describe("Tencent Cloud, signature v1", () => {
  const params = { Limit: 5, CertificateStatus: [1, 3] };

  it.each([
    ["POST with HmacSHA256", {}],
    ["POST with HmacSHA1", { algorithm: "HmacSHA1" }],
    ["GET", { method: "GET" }],
    ["a temporary credential", { credential: temporaryCredentials.tencent }],
  ] as const)("takes %s", async (_what, otherwise) => {
    expect(tencentOutcome(await send(tencentV1(ssl, "DescribeCertificates", params, otherwise)))).toBe("done");
  });

  it.each([
    ["a wrong secret", { credential: wrongSecret }, "AuthFailure.SignatureFailure"],
    ["an unknown id", { credential: stranger }, "AuthFailure.SecretIdNotFound"],
    ["a stale clock", { time: minutesAgo(6) }, "AuthFailure.SignatureExpire"],
    [
      "a temporary credential with another token",
      { credential: temporaryCredentials.tencent, token: "x" },
      "AuthFailure.TokenFailure",
    ],
    ["an unknown version", { version: "2018-01-01" }, "NoSuchVersion"],
  ] as const)("refuses %s", async (_what, otherwise, code) => {
    expect(tencentOutcome(await send(tencentV1(ssl, "DescribeCertificates", params, otherwise)))).toBe(code);
  });

  it("refuses a form that was changed on the way", async () => {
    const wire = tencentV1(ssl, "DescribeCertificates", params);
    const changed = { ...wire, body: wire.body.replace("Limit=5", "Limit=6") };
    expect(tencentOutcome(await send(changed))).toBe("AuthFailure.SignatureFailure");
  });

  it("reads structures and Booleans out of flat names", async () => {
    const wire = tencentV1(ssl, "CreateCSR", {
      ...{ Domain: "a.example.com", Organization: "Acme", Department: "IT", Email: "a@example.com" },
      ...{ Province: "P", City: "C", Country: "FR", EncryptAlgo: "ECC", KeyParameter: "prime256v1" },
      Generate: true,
      Tags: [{ TagKey: "team", TagValue: "edge" }],
    });
    expect(tencentOutcome(await send(wire))).toBe("done");
    expect(sandbox.requests.at(-1)?.params).toMatchObject({ Generate: true, Tags: [{ TagKey: "team" }] });
  });

  it.each([{ "Tags.0": "x", "Tags.0.TagKey": "y" }, { "Tags.zero.TagKey": "x" }])(
    "refuses the names %o",
    async (names) => {
      expect(tencentOutcome(await send(tencentV1(ssl, "DescribeCertificates", names)))).toBe("InvalidParameter");
    },
  );

  it("takes 1 MB and refuses more", async () => {
    const wire = tencentV1(ssl, "UploadConfirmLetter", { CertificateId: "x", ConfirmLetter: "A".repeat(1100 * 1024) });
    expect(tencentOutcome(await send(wire))).toBe("RequestSizeLimitExceeded");
  });
});

describe("Tencent Cloud's sites", () => {
  it("has the operations on signing requests on the international one only", async () => {
    const mainland = await startSandbox({ site: "mainland" });
    const at = mainland.endpoints["tencent-ssl"];
    expect(tencentOutcome(await send(tc3(at, "DescribeCSRSet", {})))).toBe("InvalidAction");
    expect(tencentOutcome(await send(tc3(ssl, "DescribeCSRSet", {})))).toBe("done");
    await mainland.close();
  });

  it("takes the parameters of the mainland models on the mainland one only", async () => {
    const mainland = await startSandbox({ site: "mainland" });
    for (const [action, params] of [
      ["DescribeCertificates", { ServiceId: "x" }],
      ["UploadCertificate", { CertificatePublicKey: "x", KeyPassword: "x" }],
      ["ReplaceCertificate", { CertificateId: "x", ValidType: "DNS", SignAlgo: "x" }],
      ["ReplaceCertificate", { CertificateId: "x", ValidType: "DNS", UseCrossSignRoot: true }],
    ] as const) {
      expect(tencentOutcome(await send(tc3(ssl, action, params)))).toBe("UnknownParameter");
      const there = await send(tc3(mainland.endpoints["tencent-ssl"], action, params));
      expect(tencentOutcome(there)).not.toBe("UnknownParameter");
    }
    await mainland.close();
  });
});
