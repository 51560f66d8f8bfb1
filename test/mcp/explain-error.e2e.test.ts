import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant } from "../support/assistant.js";

/** explain_error through a real client, with what people and programs paste. */

let sandbox: Sandbox;
let assistant: Assistant;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 60 });
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant(args, { env });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const explanation = z.object({
  service: z.string(),
  code: z.string().optional(),
  known: z.boolean(),
  meaning: z.string(),
  causes: z.array(z.string()),
  checks: z.array(z.string()),
  retry: z.string(),
  next: z.string(),
  documented_for: z.array(z.string()),
  notes: z.array(z.string()).default([]),
});

async function explained(code: string, service?: string) {
  return explanation.parse(await assistant.result("explain_error", { code, ...(service && { service }) }));
}

it("costs at most 300 tokens in the list of tools", async () => {
  const { tools } = await assistant.client.listTools();
  const { name, description, inputSchema, outputSchema } = tools.find((tool) => tool.name === "explain_error") ?? {};
  const cost = encode(JSON.stringify({ name, description, inputSchema, outputSchema })).length;
  expect(cost).toBeGreaterThan(100);
  expect(cost).toBeLessThanOrEqual(300);
});

describe("what is pasted is explained", () => {
  it("a bare code", async () => {
    const {
      known,
      causes,
      checks,
      retry,
      documented_for: listed,
    } = await explained("FailedOperation.CertificateExists");
    expect(known).toBe(true);
    expect(causes[0]).toMatch(/reply was lost/);
    expect(checks.join()).toContain("DescribeCertificates");
    expect(retry).toMatch(/^No/);
    expect(listed).toContain("UpdateCertificateInstance");
  });

  it("a message of Tencent Cloud's SDK", async () => {
    const { code, service, causes } = await explained(
      "failed to execute sdk request 'ssl.UpdateCertificateInstance': [TencentCloudSDKError] " +
        "Code=FailedOperation.CertificateDeployInstanceEmpty, Message=no instance, RequestId=507aa423-7a80-4797-b621-2005f003ad7e",
    );
    expect({ code, service }).toEqual({
      code: "FailedOperation.CertificateDeployInstanceEmpty",
      service: "tencent-ssl",
    });
    expect(causes[0]).toMatch(/already in place/);
  });

  it("a reply of Alibaba Cloud's gateway, whose host tells the service", async () => {
    const { code, service, retry } = await explained(
      '{"RequestId":"C826B7B0-F226","HostId":"vod.cn-shanghai.aliyuncs.com","Code":"InvalidTimeStamp.Expired","Message":"expired"}',
    );
    expect({ code, service }).toEqual({ code: "InvalidTimeStamp.Expired", service: "alibaba-vod" });
    const ofDcdn = await explained('{"HostId":"dcdn.aliyuncs.com","Code":"InvalidTimeStamp.Expired"}');
    expect(ofDcdn.service).toBe("alibaba-dcdn");
    expect(retry).toBe("No, not until the clock is right.");
  });

  it("a message of Huawei Cloud's gateway", async () => {
    const { code, causes } = await explained(
      "HttpException: [APIGW.0301]Incorrect IAM authentication information: verify aksk signature fail",
    );
    expect(code).toBe("APIGW.0301");
    expect(causes.join()).toMatch(/another cloud.*clock/);
  });

  it("a Chinese sentence around a code", async () => {
    expect(await explained("部署的时候报了 Certificate.MissMatch 这个错误，怎么办？")).toMatchObject({
      code: "Certificate.MissMatch",
      service: "alibaba-cdn, alibaba-dcdn, alibaba-vod",
    });
  });

  it("lower case", async () => {
    expect((await explained("authfailure.signaturefailure")).code).toBe("AuthFailure.SignatureFailure");
  });

  it("the end of a code", async () => {
    const { code, notes } = await explained("CertificateNotFound");
    expect(code).toBe("FailedOperation.CertificateNotFound");
    expect(notes.join()).toContain("Also a code of Tencent Cloud EdgeOne");
  });

  it("an error of this server, which names the service", async () => {
    const said = await assistant.failure("DescribeCertificate", { CertificateId: "nosuchid" });
    expect(said).toContain("CertificateNotFound");
    expect(await explained(said)).toMatchObject({ service: "tencent-ssl", known: true, notes: [] });
  });

  it("a code that several clouds have: the others are named", async () => {
    const { service, notes } = await explained("InternalError");
    expect(service).toBe("tencent-ssl, tencent-edgeone");
    expect(notes).toEqual([
      expect.stringContaining("Alibaba Cloud CDN and Alibaba Cloud DCDN and Alibaba Cloud VOD"),
      expect.stringContaining("Alibaba Cloud Certificate Management"),
    ]);
    const { service: named, retry } = await explained("InternalError", "alibaba-vod");
    expect(named).toBe("alibaba-vod");
    expect(retry).toContain("read first");
  });

  it("a code of another service: it says whose", async () => {
    const { service, known, notes, meaning } = await explained("LIVE.103011019", "tencent-ssl");
    expect({ service, known }).toEqual({ service: "huawei-live", known: true });
    expect(meaning).toContain("domain");
    expect(notes).toEqual(["Tencent Cloud SSL does not document this code; it is one of Huawei Cloud Live."]);
  });

  it("a code of the service that is named, and of no other that only ends so", async () => {
    expect(await explained("NoPermission", "alibaba-cdn")).toMatchObject({ service: "alibaba-cdn", known: true });
    const elsewhere = await explained("CertificateNotFound", "huawei-live");
    expect(elsewhere).toMatchObject({ service: "huawei-live", code: "CertificateNotFound", known: false });
    const { service, notes } = await explained("CertificateNotFound", "tencent-edgeone");
    expect(service).toBe("tencent-edgeone");
    expect(notes[0]).toBe("Read as FailedOperation.CertificateNotFound, because the text is the end of it.");
  });

  it("a word that is one cloud's code and the end of another's: both are named", async () => {
    const { service, code, notes } = await explained("NoPermission");
    expect({ service, code }).toMatchObject({ service: expect.stringContaining("alibaba-cdn"), code: "NoPermission" });
    expect(notes.join()).toContain("UnauthorizedOperation.NoPermission of Tencent Cloud EdgeOne");
  });

  it("a sentence of another cloud than the one that is named: whose it is, and no explanation of it", async () => {
    const { service, known, causes, notes } = await explained("certificate has expired", "huawei-live");
    expect({ service, known, causes }).toEqual({ service: "huawei-live", known: false, causes: [] });
    expect(notes.join()).toContain("Certificate.Expired of Alibaba Cloud CDN");
    expect(await explained("certificate has expired", "alibaba-vod")).toMatchObject({ service: "alibaba-vod" });
  });

  it("a slip: read by its first part, with the code that is meant", async () => {
    const { known, meaning, notes } = await explained("InvalidParameter.CertNotMatchDomian", "tencent-edgeone");
    expect(known).toBe(false);
    expect(meaning).toContain("first part, InvalidParameter");
    expect(notes.join()).toContain("InvalidParameter.CertNotMatchDomain");
  });

  // certimate-go/certimate#868, allinssl/allinssl#138 and #267
  it.each([
    ['{"status_code":403,"error_code":"CDN.00010198","error_message":"Insufficient permission."}', "CDN.00010198"],
    ["StatusCode: 404 Code: ServerCertificateId.NotFound Message: code: 404, it", "ServerCertificateId.NotFound"],
    ["SDKError: StatusCode: 400 Code: CertQuotaCheckFailed Message: code: 400, failed.", "CertQuotaCheckFailed"],
  ])("the code that a text names, known or not, and not the status beside it: %s", async (text, code) => {
    const { next, ...told } = await explained(text);
    expect(told).toMatchObject({ code, known: false });
    expect(next).not.toContain("Get the body");
  });

  it.each(["404", "HTTP404", "HTTP 404", "Request failed with status code 404"])("a status alone: %s", async (text) => {
    expect(await explained(text)).toMatchObject({ code: "404", known: true });
  });

  it("the SDK of Alibaba Cloud without credentials: no argument is at fault", async () => {
    const text = "SDKError: StatusCode: 0 Code: InvalidCredentials Message: Please set up the credentials correctly.";
    const { code, meaning, next } = await explained(text);
    expect(code).toBe("InvalidCredentials");
    expect(meaning).toContain("no credentials");
    expect(next).toContain("ALIBABA_CLOUD_ACCESS_KEY_ID");
  });

  it("a refusal that says what lacks the permission", async () => {
    const detail = JSON.stringify({
      NoPermissionType: "ExplicitDeny",
      PolicyType: "ControlPolicy",
      AuthAction: "cdn:A",
    });
    const body = JSON.stringify({ Code: "NoPermission", Message: "m", AccessDeniedDetail: detail });
    expect(await explained(`SDKError: StatusCode: 403 Data: ${body}`)).toMatchObject({
      code: "NoPermission",
      meaning: "Denied explicitly by a control policy: cdn:A.",
      next: expect.stringMatching(/^A grant in RAM does not help/),
    });
  });

  it.each([
    ["ImplicitDeny", "ControlPolicy", /control policies/],
    ["ImplicitDeny", "SessionPolicy", /session policy/],
    ["ImplicitDeny", "AssumeRolePolicy", /trust policy/],
    ["ExplicitDeny", "AccountLevelIdentityBasedPolicy", /a RAM policy that denies cdn:A/],
    ["ExplicitDeny", "Unheard", /a policy \(PolicyType Unheard\) that denies cdn:A/],
  ])("no grant where none helps, in no member: %s by %s", async (NoPermissionType, PolicyType, check) => {
    const detail = { NoPermissionType, PolicyType, AuthAction: "cdn:A" };
    const told = await explained(JSON.stringify({ Code: "Forbidden.RAM", AccessDeniedDetail: detail }));
    expect(told).toMatchObject({ code: "Forbidden.RAM", checks: [expect.stringMatching(check)] });
    expect(told.retry).toBe("No, not until that policy is changed.");
  });

  it("a grant where that helps", async () => {
    const detail = { NoPermissionType: "ImplicitDeny", PolicyType: "AccountLevelIdentityBasedPolicy" };
    const told = await explained(JSON.stringify({ Code: "Forbidden.RAM", AccessDeniedDetail: detail }));
    expect(told.retry).toMatch(/granted the access/);
    expect(told.checks[0]).toMatch(/^RAM console: the permissions/);
  });

  it("a principal of a kind that is not known", async () => {
    const detail = {
      NoPermissionType: "ImplicitDeny",
      AuthPrincipalType: "constructor",
      AuthPrincipalDisplayName: "2086",
    };
    const told = await explained(JSON.stringify({ Code: "Forbidden.RAM", AccessDeniedDetail: detail }));
    expect(told.meaning).toMatch(/: principal 2086\.$/);
  });

  it("an unknown code: nothing is made up", async () => {
    const { known, causes, retry, service } = await explained("Nope.SomethingStrange");
    expect({ known, causes, service }).toEqual({ known: false, causes: [], service: "unknown" });
    expect(retry).toMatch(/^Not known/);
  });

  it("the number of operations that list a common code is capped", async () => {
    const { documented_for: listed } = await explained("FailedOperation.CertificateNotFound", "tencent-ssl");
    expect(listed).toHaveLength(11);
    expect(listed.at(-1)).toMatch(/^and \d+ more$/);
  });
});

it("a sentence without a code is read by its wording, and says so", async () => {
  const { code, known, notes } = await explained("证书不可以部署到实例列表下。");
  expect({ code, known }).toEqual({ code: "FailedOperation.CertificateNotDeployInstance", known: true });
  expect(notes[0]).toMatch(/^Explained by its wording/);
});

it("no cloud is asked", async () => {
  const before = sandbox.requests.length;
  await explained("RequestLimitExceeded");
  expect(sandbox.requests.length).toBe(before);
});
