import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import { updateDomainHttpsCert } from "../../src/catalogue/huawei-live/update-domain-https-cert.js";
import { cancelAuditCertificate } from "../../src/catalogue/tencent-ssl/cancel-audit-certificate.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { uploadConfirmLetter } from "../../src/catalogue/tencent-ssl/upload-confirm-letter.js";
import { fixedCredentials } from "../../src/cloud/credential-source.js";
import { httpReply, startFaultyServer } from "../support/faulty-server.js";
import { sendWith } from "../support/send.js";
import { clientOf, clientTo, failureOf } from "./clients.js";

const calls = {
  read: [describeCertificates, {}],
  tencent: [modifyCertificateAlias, { CertificateId: "abcd1234" }],
  alibaba: [setCdnDomainSSLCertificate, { DomainName: "img.example.com", SSLProtocol: "off" }],
  huawei: [updateDomainHttpsCert, { project_id: "p", domain: "play.example.com", certificate: "PEM" }],
} as const;

type Broken = readonly [name: string, behave: (socket: Socket) => void, what: RegExp];

const broken: readonly Broken[] = [
  ["an HTML page", (s) => s.end(httpReply(502, "<html>Bad gateway</html>")), /HTTP 502 .*HTML/],
  ["an HTML page under 200", (s) => s.end(httpReply(200, "<html>Log in</html>")), /HTTP 200 .*HTML/],
  ["JSON cut short", (s) => s.end(httpReply(200, '{"Response":{"Cert')), /not a JSON object/],
  [
    "XML that is no error of the cloud",
    (s) => s.end(httpReply(200, "<Error><Message>m</Message></Error>")),
    /HTML or XML/,
  ],
  ["JSON that is no object", (s) => s.end(httpReply(200, "[1,2]")), /not a JSON object/],
  ["a redirect", (s) => s.end(httpReply(302, "", { location: "http://127.0.0.1:9/" })), /HTTP 302 .*empty/],
  ["fewer bytes than announced", (s) => s.end(httpReply(200, "{}", { "content-length": "99" })), /connection .*failed/],
  ["a reply that is too large", (s) => s.end(httpReply(200, `{"a":"${"x".repeat(2_000)}"}`)), /larger than 1000 bytes/],
  ["a reset", (s) => s.resetAndDestroy(), /connection .*failed/],
];

/** These are waited for until the time is up. */
const unanswered: readonly Broken[] = [
  ["silence", () => {}, /did not answer .* within [\d.]+ seconds/],
  [
    "a reply that stops half way",
    (s) => s.write(httpReply(200, "{}", { "content-length": "99" })),
    /within [\d.]+ seconds/,
  ],
];

describe.concurrent.each([
  ...broken.map((row) => [...row, {}] as const),
  ...unanswered.map((row) => [...row, { timeout: 1_000 }] as const),
])("a cloud that answers with %s", (_name, behave, what, options) => {
  it.each(["tencent", "alibaba", "huawei"] as const)("leaves the outcome of a change unknown: %s", async (cloud) => {
    const facts = await failureOf(await clientOf(behave, options), calls[cloud]);
    expect(facts).toMatchObject({ kind: "cloud", changed: "unknown", happened: expect.stringMatching(what) });
    expect(facts.next).toContain("read the current state");
  });

  it("has changed nothing when it was a read", async () => {
    const facts = await failureOf(await clientOf(behave, options), calls.read);
    expect(facts).toMatchObject({ kind: "cloud", changed: "no" });
  });
});

describe("an empty reply", () => {
  const empty = (socket: Socket) => socket.end(httpReply(200, ""));

  it.each(["tencent", "alibaba"] as const)("is not a success of %s", async (cloud) => {
    expect(await failureOf(await clientOf(empty), calls[cloud])).toMatchObject({ changed: "unknown" });
  });

  it("is the documented success of Huawei Cloud", async () => {
    const client = await clientOf((socket) => socket.end(httpReply(200, "", { "x-request-id": "r1" })));
    const [operation, params] = calls.huawei;
    const outcome = await sendWith(client, operation, params, new AbortController().signal);
    expect(outcome).toEqual({ ok: true, result: {}, requestId: "r1" });
  });
});

describe("errors in the vendors' own envelopes", () => {
  it.each([
    [
      "tencent",
      200,
      { Response: { Error: { Code: "FailedOperation.CertificateNotFound", Message: "m" }, RequestId: "r" } },
    ],
    ["tencent", 200, { code: 4000, codeDesc: "InvalidParameter", message: "m" }],
    ["alibaba", 404, { Code: "CertName.MissingParameter", Message: "m", RequestId: "r\n", HostId: "h" }],
    ["huawei", 404, { error_code: "LIVE.103011019", error_msg: "m" }],
    ["huawei", 401, { error_code: "APIGW.0301", error_msg: "m", request_id: "r" }],
    ["tencent", 200, { Response: { Error: { code: "InvalidParameter", message: "m" }, RequestId: "r" } }],
    ["huawei", 401, { error: { code: "APIGW.0301", message: "m", title: "Unauthorized" }, request_id: "r" }],
    ["huawei", 200, { error: { code: "APIGW.0301", message: "m" } }],
  ] as const)("%s: %i %j", async (cloud, status, body) => {
    const text = JSON.stringify(body);
    for (const sent of [text, `\ufeff${text}`]) {
      const facts = await failureOf(await clientOf((socket) => socket.end(httpReply(status, sent))), calls[cloud]);
      expect(text).toContain(facts.code ?? "no code");
      expect(facts.happened).toMatch(/: "m"/);
      expect(facts).toMatchObject({ kind: "cloud", changed: "no", httpStatus: status });
      expect(facts.requestId).toBe(/"r\W/.test(text) ? "r" : undefined);
    }
  });

  it.each([200, 403])("alibaba: %i in XML", async (status) => {
    const xml =
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><RequestId>r</RequestId><HostId>h</HostId>' +
      "<Code>Forbidden.RAM</Code><Message>a &lt;b&gt; &amp;quot;</Message></Error>\n";
    const facts = await failureOf(await clientOf((s) => s.end(httpReply(status, xml))), calls.alibaba);
    expect(facts).toMatchObject({ changed: "no", code: "Forbidden.RAM", requestId: "r", httpStatus: status });
    expect(facts.happened).toContain('"a <b> &quot;"');
  });

  // certimate-go/certimate#1329: the detail was not passed on, and the advice was a grant that could not help.
  const denial = {
    AuthAction: "cdn:SetCdnDomainSSLCertificate",
    AuthPrincipalType: "SubUser",
    AuthPrincipalDisplayName: "2086",
    AuthPrincipalOwnerId: "1771",
    EncodedDiagnosticMessage: "AQEAAAAAZBgxr0U1",
  };
  const to = "cdn:SetCdnDomainSSLCertificate, RAM user 2086 of account 1771.";
  const explicit = { ...denial, NoPermissionType: "ExplicitDeny" };
  const implicit = { ...denial, NoPermissionType: "ImplicitDeny" };
  const deniedBy: [object | string, string, RegExp][] = [
    [
      { ...explicit, PolicyType: "ControlPolicy" },
      `Denied explicitly by a control policy: ${to}`,
      /^A grant.*not help/,
    ],
    [{ ...implicit, PolicyType: "ControlPolicy" }, `Not allowed by any control policy: ${to}`, /resource directory/],
    [
      { ...implicit, PolicyType: "AssumeRolePolicy" },
      "Not allowed by the trust policy of the role: ",
      /^A grant.*not help/,
    ],
    [{ ...implicit, PolicyType: "SessionPolicy" }, "Not allowed by the session policy of", /temporary credentials/],
    [
      { ...explicit, PolicyType: "AccountLevelIdentityBasedPolicy" },
      `Denied explicitly by a RAM policy: ${to}`,
      /a deny wins/,
    ],
    [
      JSON.stringify({ ...implicit, PolicyType: "AccountLevelIdentityBasedPolicy" }),
      `Not allowed by any RAM policy: ${to}`,
      /grant .* with cdn:SetCdnDomainSSLCertificate\.$/,
    ],
    [
      { ...implicit, PolicyType: "ResourceGroupLevelIdentityBassdPolicy" },
      `resource group: ${to}`,
      /for the resource group that holds/,
    ],
    [implicit, `Not allowed by any policy: ${to}`, /grant .* with cdn:Set/],
    [{ ...explicit, PolicyType: "a\nnew one" }, 'Denied explicitly by a policy (PolicyType "a', /a deny wins/],
    [{ PolicyType: "" }, "No RAM policy allows", /administrator/],
  ];
  it.each(deniedBy)(
    "alibaba says what lacks the permission, and what helps: %j",
    async (AccessDeniedDetail, says, next) => {
      const body = JSON.stringify({ RequestId: "r", Code: "NoPermission", Message: "m", AccessDeniedDetail });
      const facts = await failureOf(await clientOf((socket) => socket.end(httpReply(403, body))), calls.alibaba);
      expect(facts.happened).toContain(says);
      expect(facts.next).toMatch(next);
      expect(facts).toMatchObject({ changed: "no", code: "NoPermission" });
      const encoded = JSON.stringify(AccessDeniedDetail).includes("AQEAAAAAZBgxr0U1");
      expect(facts.happened.includes("decodes: AQEAAAAAZBgxr0U1.")).toBe(encoded);
    },
  );

  it("alibaba says it in XML, too, and without what may be encoded data of a request with a key", async () => {
    const detail = Object.entries({
      ...explicit,
      PolicyType: "ControlPolicy",
      EncodedDiagnosticMessage: "A1".repeat(40),
    });
    const xml = `<Error><RequestId>r</RequestId><Code>NoPermission</Code><Message>m</Message><AccessDeniedDetail>${detail
      .map(([name, text]) => `<${name}>${text}</${name}>`)
      .join("")}</AccessDeniedDetail></Error>`;
    const client = await clientOf((socket) => socket.end(httpReply(403, xml)));
    const facts = await failureOf(client, calls.alibaba);
    expect(facts.happened).toContain(`Denied explicitly by a control policy: ${to} For an administrator`);
    const [operation, params] = calls.alibaba;
    const withKey = await failureOf(client, [
      operation,
      { ...params, SSLProtocol: "on", SSLPub: "PEM", SSLPri: "PEM" },
    ]);
    expect(withKey.happened).toMatch(new RegExp(`Denied explicitly by a control policy: ${to}$`));
  });

  const withoutCode = [
    ["tencent", { Response: { RequestId: "r", Error: {} } }],
    ["tencent", { Response: { RequestId: "r", CertificateId: "abcd1234", Error: { Code: "", Message: "rejected" } } }],
    ["alibaba", { RequestId: "r", Success: false, Message: "rejected" }],
    ["alibaba", { RequestId: "r", Success: false, Code: "OK", Message: "rejected" }],
  ] as const;
  it.each(withoutCode)("one without a code leaves the outcome unknown: %s %j", async (cloud, body) => {
    let requests = 0;
    const client = await clientOf((socket) => {
      requests += 1;
      socket.end(httpReply(200, JSON.stringify(body)));
    });
    const facts = await failureOf(client, calls[cloud]);
    expect(facts).toMatchObject({ changed: "unknown", requestId: "r", httpStatus: 200 });
    expect(facts.code).toBeUndefined();
    const said = JSON.stringify(body).includes("rejected") ? ': "rejected".' : ".";
    expect(facts.happened).toContain(`with an error that has no code${said}`);
    expect(facts.next).toContain("read the current state");
    // The alias of a certificate is read afterwards.
    expect(requests).toBe(cloud === "tencent" ? 2 : 1);
  });

  it.each([
    ["alibaba", 400, { Code: "ServiceBusy", Message: "m" }, /being configured/, /Wait/],
    ["alibaba", 403, { Code: "NoPermission", Message: "m" }, /RAM policy/, /administrator/],
    ["alibaba", 403, { Code: "UserNotInTheSameAccount", Message: "m" }, /another Alibaba Cloud account/, /AccessKey/],
    ["alibaba", 403, { Code: "InvalidAccountStatus.NotEnoughBalance", Message: "m" }, /balance/, /pay the bill/],
    ["alibaba", 400, { Code: "Strange", Message: "The Domain is being configured: m" }, /By its message/, /not before/],
    ["alibaba", 403, { Code: "Strange", Message: "m" }, /By its status, HTTP 403/, /administrator/],
    ["huawei", 401, { error_code: "APIGW.0307", error_msg: "m" }, /token has expired/, /new token/],
    ["huawei", 401, { error_code: "APIGW.0305", error_msg: "m" }, /authenticate/, /operator/],
    ["huawei", 403, { error_code: "APIGW.0802", error_msg: "m" }, /region/, /region/],
    ["huawei", 403, { error_code: "APIGW.0399", error_msg: "m" }, /did not pass the call on/, /administrator/],
    ["huawei", 401, { error_code: "IAM.0011", error_msg: "m" }, /By its status, HTTP 401/, /operator/],
    [
      "huawei",
      401,
      { error: { code: 401, message: "m", title: "Unauthorized" } },
      /By its status, HTTP 401/,
      /operator/,
    ],
  ] as const)(
    "a call that was turned away has changed nothing, also with a code of no list: %s %i %j",
    async (cloud, status, body, means, next) => {
      let requests = 0;
      const client = await clientOf((socket) => {
        requests += 1;
        socket.end(httpReply(status, JSON.stringify(body)));
      });
      const facts = await failureOf(client, calls[cloud]);
      expect(facts).toMatchObject({ changed: "no", httpStatus: status, next: expect.stringMatching(next) });
      expect(facts.happened).toMatch(means);
      expect(facts.happened).toMatch(/m"/);
      expect(requests).toBe(1);
    },
  );

  it.each([
    ["alibaba", 400, { Code: "Strange", Message: "m" }],
    ["alibaba", 500, { Code: "Strange", Message: "m" }],
    // A failure may quote anything.
    ["alibaba", 500, { Code: "Strange", Message: "m: whether the Domain is being configured" }],
    ["huawei", 400, { error_code: "IAM.0011", error_msg: "m" }],
    ["huawei", 403, { error: { code: 401, message: "m", title: "Unauthorized" } }],
    ["huawei", 500, { error: { code: 500, message: "m", title: "Internal Server Error" } }],
  ] as const)(
    "a code of no list without such a status leaves the outcome unknown: %s %i %j",
    async (cloud, status, body) => {
      const client = await clientOf((socket) => socket.end(httpReply(status, JSON.stringify(body))));
      expect(await failureOf(client, calls[cloud])).toMatchObject({ changed: "unknown", httpStatus: status });
    },
  );

  it("says that the outcome is unknown when a fault may have come after the change", async () => {
    const body = JSON.stringify({ Response: { Error: { Code: "InternalError", Message: "" }, RequestId: "r" } });
    const client = await clientOf((socket) => socket.end(httpReply(200, body)));
    expect(await failureOf(client, calls.tencent)).toMatchObject({ changed: "unknown", code: "InternalError" });
  });
});

describe("a reply that contradicts itself is no success", () => {
  const result = { Response: { RequestId: "r", CertificateId: "abcd1234" } };
  it.each([
    ["tencent", 500, result],
    ["tencent", 400, result],
    ["tencent", 302, result],
    ["tencent", 200, { Response: { RequestId: "r", Error: "AuthFailure" } }],
    ["tencent", 200, { Response: { RequestId: "r", Error: [{ Code: "AuthFailure", Message: "m" }] } }],
    ["tencent", 200, { Response: { RequestId: "r", Error: true } }],
    ["alibaba", 200, { RequestId: "r", Code: { text: "Forbidden" }, Message: "m" }],
    ["alibaba", 500, { RequestId: "r", Code: "", Message: "m" }],
    ["huawei", 200, { error_code: ["LIVE.100011001"] }],
    ["huawei", 200, { error: "no" }],
    ["huawei", 401, { error: { code: 401, message: "m" } }],
  ] as const)("its outcome is unknown: %s, %i %j", async (cloud, status, body) => {
    const client = await clientOf((socket) => socket.end(httpReply(status, JSON.stringify(body))));
    expect(await failureOf(client, calls[cloud])).toMatchObject({
      changed: "unknown",
      happened: expect.stringMatching(/JSON that is neither a result nor an error of its API/),
    });
  });

  it.each([
    ["alibaba", { RequestId: "r", Code: "CertName.MissingParameter", Message: "m" }],
    ["huawei", { error_code: "LIVE.103011019", error_msg: "m" }],
  ] as const)("a refusal with a status of success is one: %s %j", async (cloud, body) => {
    const client = await clientOf((socket) => socket.end(httpReply(200, JSON.stringify(body))));
    expect(await failureOf(client, calls[cloud])).toMatchObject({ changed: "no", httpStatus: 200 });
  });

  it.each([
    ["tencent", { Response: { RequestId: "r", Error: null } }],
    ["alibaba", { RequestId: "r", Code: "OK", Message: "success" }],
    ["alibaba", { RequestId: "r", Code: 200, Success: true }],
    ["alibaba", { RequestId: "r", Code: "", Message: "m" }],
    ["huawei", { request_id: "r", error_code: "" }],
  ] as const)("an empty error or a code of success is none: %s %j", async (cloud, body) => {
    const client = await clientOf((socket) => socket.end(httpReply(200, JSON.stringify(body))));
    const [operation, params] = calls[cloud];
    expect(await sendWith(client, operation, params, new AbortController().signal)).toMatchObject({ ok: true });
  });
});

describe("a call that never left", () => {
  it("changed nothing: no connection", async () => {
    const gone = await startFaultyServer(() => {});
    await gone.close();
    const facts = await failureOf(clientTo(gone.url), calls.tencent);
    expect(facts).toMatchObject({ changed: "no", happened: expect.stringContaining("never sent") });
  });

  it("changed nothing: cancelled before", async () => {
    const client = await clientOf(() => {
      throw new Error("a request arrived");
    });
    const facts = await failureOf(client, calls.tencent, AbortSignal.abort());
    expect(facts).toMatchObject({ kind: "cancelled", changed: "no" });
  });

  it("changed nothing: no credentials, and it names the variables", async () => {
    const facts = await failureOf(
      clientTo(new URL("http://127.0.0.1:9/"), { source: fixedCredentials({}) }),
      calls.alibaba,
    );
    expect(facts).toMatchObject({ kind: "configuration", changed: "no" });
    expect(facts.next).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID");
  });

  it("changed nothing: too large for the signature", async () => {
    const params = { CertificateId: "abcd1234", ConfirmLetter: "x".repeat(1_100_000) };
    const client = clientTo(new URL("http://127.0.0.1:9/"), { tencentSignature: "HmacSHA256" });
    expect(await failureOf(client, [uploadConfirmLetter, params])).toMatchObject({ kind: "input", changed: "no" });
  });
});

describe("what was approved for one credential", () => {
  /** Credentials of which another one is set each time that they are read, as from files that somebody replaces. */
  const replacedEachTime = () => {
    let reads = 0;
    const next = () => {
      reads += 1;
      return { tencent: { id: `AKID${reads}`, key: "key" } };
    };
    return { latest: next, signing: async () => next(), refused: () => {} };
  };
  const { signal } = new AbortController();
  const modified = httpReply(200, '{"Response":{"CertificateId":"abcd1234","RequestId":"r"}}');

  it("is not sent when another one would sign it, however shortly before it was replaced", async () => {
    let requests = 0;
    const client = await clientOf(
      (socket) => {
        requests += 1;
        socket.end(modified);
      },
      { source: replacedEachTime() },
    );
    const [operation, params] = calls.tencent;
    const signer = client.credentialIdOf(operation.service);
    const refused = await client.sendApproved(operation, params, signer, signal).catch((error: unknown) => error);
    const isVoid = { kind: "refused", changed: "no", sent: false, awaitsPerson: true, endsApproval: true };
    expect(refused).toMatchObject({ details: isVoid });
    expect(requests).toBe(0);
    expect(await client.sendApproved(operation, params, "AKID3", signal)).toMatchObject({ ok: true });
    expect(requests).toBe(1);
  });

  it("is not taken for failed by the read of another account", async () => {
    const client = await clientOf((socket) => socket.resetAndDestroy(), { source: replacedEachTime() });
    const params = { CertificateId: "abcd1234" };
    const sent = client.sendApproved(cancelAuditCertificate, params, "AKID1", signal);
    expect(await sent.catch((error: unknown) => error)).toMatchObject({
      message: expect.stringContaining("DescribeCertificate could not be read afterwards"),
      details: { changed: "unknown", sent: true, endsApproval: true },
    });
  });

  it("is void as soon as another one is set, and only at clouds that it is for", () => {
    const client = clientTo(new URL("http://127.0.0.1:9/"));
    const { name } = modifyCertificateAlias;
    expect(client.signerChange({ name }, { tencent: "id" })).toBeUndefined();
    expect(client.signerChange({ name }, {})).toBeUndefined();
    const change = client.signerChange({ name }, { tencent: "id", huawei: "another" });
    expect(change?.message).toContain("The credential for Huawei Cloud was changed after the plan was made");
  });
});

it("a call cancelled after it was sent has an unknown outcome", async () => {
  const cancel = new AbortController();
  const client = await clientOf(() => cancel.abort(), { timeout: 10_000 });
  const facts = await failureOf(client, calls.tencent, cancel.signal);
  expect(facts).toMatchObject({ kind: "cancelled", changed: "unknown" });
});
