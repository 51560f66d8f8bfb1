import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { explanationOf } from "../../src/catalogue/errors/explanation.js";
import { codesOf } from "../../src/catalogue/errors/index.js";
import { codesByWording, wordings } from "../../src/catalogue/errors/sentences.js";
import { operations } from "../../src/catalogue/index.js";
import { services } from "../../src/catalogue/services.js";
import { ownTools } from "../../src/tools/index.js";
import { type Assistant, startAssistant } from "../support/assistant.js";

/** Sentences that other programs show without the code, as people paste them. */

let assistant: Assistant;
beforeAll(async () => {
  assistant = await startAssistant(["--sandbox"]);
});
afterAll(() => assistant.close());

const explanation = z.object({
  service: z.string(),
  code: z.string().optional(),
  known: z.boolean(),
  meaning: z.string(),
  retry: z.string(),
  checks: z.array(z.string()).default([]),
  causes: z.array(z.string()).default([]),
  next: z.string(),
  notes: z.array(z.string()).default([]),
});
const explained = async (code: string) => explanation.parse(await assistant.result("explain_error", { code }));

describe("a sentence leads to its code", () => {
  it.each([
    ["netcccyun/dnsmgr#178", "[Error] The certificate name already exists.", "CertNameAlreadyExists"],
    ["netcccyun/dnsmgr#165", "上传证书失败：名称重复，请重新输入。", "CertNameAlreadyExists"],
    ["netcccyun/dnsmgr#234", "❗   “名称重复，请重新输入。”", "CertNameAlreadyExists"],
    ["certd/certd#372", "You must specify CertName", "CertName.MissingParameter"],
    ["certd/certd#763", "接口请求异常: Domain is being configured 【https://api…】", "InvalidDomain.notOnline"],
    [
      "certd/certd#763, in JSON",
      '{"code":"50024","msg":"Domain is being configured","data":null}',
      "InvalidDomain.notOnline",
    ],
    ["what is left of Certificate.Duplicated", "Duplicated", "Certificate.Duplicated"],
    [
      "certimate-go/certimate#376",
      "解析失败，请检查证书是否符合标准，请留意是否有多余的空格",
      "FailedOperation.CertificateParseError",
    ],
    ["certimate-go/certimate#129, #176", "证书不可以部署到实例列表下", "FailedOperation.CertificateNotDeployInstance"],
    [
      "allinssl/allinssl#77",
      "证书不可以部署到实例下: ap-guangzhou|a|b，请您核对证书域名与云资源实例是否匹配。",
      "FailedOperation.CertificateNotDeployInstance",
    ],
    [
      "allinssl/allinssl#239, #323",
      "系统未检测到可用实例，无法更新证书，请您核对证书域名与云资源实例是否匹配。",
      "FailedOperation.CertificateDeployInstanceEmpty",
    ],
    ["certimate-go/certimate#1381", "参数取值错误。", "InvalidParameterValue"],
    ["tencentcloud-cli#84", "SecretId不存在，请输入正确的密钥。", "AuthFailure.SecretIdNotFound"],
    [
      "tencentcloud-sdk-nodejs#138",
      "The SecretId is not found, please ensure that your SecretId is correct.",
      "AuthFailure.SecretIdNotFound",
    ],
    [
      "CAM, as the SDKs pass it on",
      "you are not authorized to perform operation (ssl:UploadCertificate)",
      "AuthFailure.UnauthorizedOperation",
    ],
    ["jeessy2/ddns-go#844", "Incorrect IAM authentication information: ak LTAI5tDvss not exist", "APIGW.0301"],
    ["NewFuture/DDNS#136", "Get secretKey failed,ak:zyczy123123,err:ak not exist", "APIGW.0301"],
    ["RAM, as the console shows it", "User not authorized to operate on the specified resource.", "Forbidden.RAM"],
    [
      "Alibaba Cloud's gateway",
      "Specified signature is not matched with our calculation. server string to sign is:POST",
      "SignatureDoesNotMatch",
    ],
    ["Alibaba Cloud's gateway", "Request was denied due to user flow control.", "Throttling.User"],
    [
      "Huawei Cloud's gateway",
      "The throttling threshold has been reached: policy ip over ratelimit,limit:60,time:1 minute.",
      "APIGW.0308",
    ],
    ["Go's TLS", "tls: private key does not match public key", "FailedOperation.CertificateMismatch"],
    ["OpenSSL", "x509 certificate routines: key values mismatch", "FailedOperation.CertificateMismatch"],
    ["a console", "私钥不匹配", "FailedOperation.CertificateMismatch"],
    ["a console", "域名不存在", "LIVE.103011019"],
    ["a console", "请求频率超限", "RequestLimitExceeded"],
    ["the API", "您当前每秒请求 `25` 次,超过了每秒频率上限 `20` 次,请稍后重试。", "RequestLimitExceeded"],
    ["a console", "加速域名不存在", "ResourceUnavailable.HostNotFound"],
    ["the API's example", "The certificate has expired.", "Certificate.Expired"],
  ])("%s: %s", async (_source, text, code) => {
    const found = await explained(text);
    expect(found).toMatchObject({ code, known: true });
    expect(found.notes[0]).toMatch(/^Explained by its wording/);
  });

  it("of the service that is asked, where several say the same", async () => {
    const text = "证书与私钥不匹配";
    expect((await explained(text)).code).toBe("FailedOperation.CertificateMismatch");
    expect((await explained(text)).notes.join()).toContain(
      "Certificate.MissMatch of Alibaba Cloud CDN and Alibaba Cloud DCDN and Alibaba Cloud VOD",
    );
    const asked = await assistant.result("explain_error", { code: text, service: "alibaba-cdn" });
    expect(asked.code).toBe("Certificate.MissMatch");
  });

  it("of every service that says it, where the text names none", async () => {
    const { notes } = await explained("域名不存在");
    expect(notes.join()).toContain("InvalidDomain.NotFound of Alibaba Cloud CDN");
  });

  it("a code in the text counts more than the sentence around it", async () => {
    const text =
      "[TencentCloudSDKError] Code=FailedOperation.CertificateMatchError, Message=The certificate name already exists.";
    expect(await explained(text)).toMatchObject({ code: "FailedOperation.CertificateMatchError", notes: [] });
  });
});

describe("what is no cloud's code", () => {
  it.each([
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    [
      "request to https://ssl.tencentcloudapi.com failed, reason: getaddrinfo ENOTFOUND ssl.tencentcloudapi.com",
      "ENOTFOUND",
    ],
    [
      "Error: self signed certificate in certificate chain { code: 'SELF_SIGNED_CERT_IN_CHAIN' }",
      "SELF_SIGNED_CERT_IN_CHAIN",
    ],
    ["connect ETIMEDOUT 43.135.2.1:443", "ETIMEDOUT"],
    ["x509: certificate has expired or is not yet valid: current time 2026-05-01", "CERT_HAS_EXPIRED"],
    ["curl: (60) SSL certificate problem: certificate has expired", "CERT_HAS_EXPIRED"],
    ["unable to verify the first certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    ],
    ["Error: self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"],
    ["SSL certificate problem: self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"],
    [
      "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    [
      "tls: failed to verify certificate: x509: certificate is valid for a.example.com, not b.example.com",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    ["sun.security.validator.ValidatorException: PKIX path building failed", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
    ["x509: certificate signed by unknown authority", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
    ["Error: socket hang up", "ECONNRESET"],
    ["net::ERR_CERT_COMMON_NAME_INVALID", "ERR_CERT_COMMON_NAME_INVALID"],
    ["ERR_CERT_DATE_INVALID", "ERR_CERT_DATE_INVALID"],
    ["您的连接不是私密连接 NET::ERR_CERT_AUTHORITY_INVALID", "ERR_CERT_AUTHORITY_INVALID"],
    ["ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH"],
    ["Error code: SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER"],
    ["hostname mismatch", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["证书链不完整", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("%s is the connection's", async (text, code) => {
    const found = await explained(text);
    expect(found).toMatchObject({ code, known: true, service: "none" });
    expect(found.meaning).toContain("not a cloud's code");
  });
});

describe("what a visitor's browser shows is about the domain first", () => {
  it.each([
    ["NET::ERR_CERT_DATE_INVALID", "ERR_CERT_DATE_INVALID"],
    ["net::ERR_CERT_COMMON_NAME_INVALID", "ERR_CERT_COMMON_NAME_INVALID"],
    ["ERR_CERT_AUTHORITY_INVALID", "ERR_CERT_AUTHORITY_INVALID"],
    ["Error code: SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNKNOWN_ISSUER"],
    ["证书已过期", "ERR_CERT_DATE_INVALID"],
    ["您的证书已过期", "ERR_CERT_DATE_INVALID"],
    ["浏览器提示您的证书已过期", "ERR_CERT_DATE_INVALID"],
    ["NET::ERR_CERT_REVOKED", "ERR_CERT_REVOKED"],
    ["ERR_SSL_PROTOCOL_ERROR", "ERR_SSL_PROTOCOL_ERROR"],
    ["ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH"],
    ["网站提示连接不安全", "certificate warning"],
    ["您与此网站之间建立的连接不安全", "certificate warning"],
    ["此网站的安全证书已过期", "ERR_CERT_DATE_INVALID"],
    ["您的连接不是私密连接", "certificate warning"],
    ["你的连接不是专用连接", "certificate warning"],
    ["Your connection is not private", "certificate warning"],
    ["警告：面临潜在的安全风险", "certificate warning"],
  ])("%s", async (text, code) => {
    const found = await explained(text);
    expect(found).toMatchObject({ code, known: true, service: "none" });
    expect(found.meaning).toContain("a browser's error, not a cloud's code");
    expect(found.checks[0]).toContain("check_served_certificate with the domain");
    expect(found.causes.join()).not.toContain("This machine");
  });

  it.each(["ERR_TOO_MANY_REDIRECTS", "example.com 将您重定向的次数过多。", "此页面不能正确地重定向"])(
    "%s is no fault of a certificate",
    async (text) => {
      expect(await explained(text)).toMatchObject({ code: "ERR_TOO_MANY_REDIRECTS", known: true });
    },
  );

  it.each(["数据库连接不安全", "上传的证书已过期"])("%s is none of a browser", async (text) => {
    expect((await explained(text)).meaning).not.toContain("a browser's error");
  });

  it("unless the service is named that said it of an upload", async () => {
    expect((await explained("证书已过期")).notes.join()).toContain(
      "also fits Certificate.Expired of Alibaba Cloud CDN",
    );
    const asked = await assistant.result("explain_error", { code: "证书已过期", service: "alibaba-cdn" });
    expect(asked.code).toBe("Certificate.Expired");
  });
});

describe("an HTTP status alone", () => {
  it.each([
    ["HTTP 403", "403", /^No/],
    ["403 Forbidden", "403", /^No/],
    ["Request failed with status code 429", "429", /^Yes/],
    ["HTTP/1.1 502 Bad Gateway", "502", /read first/],
    ["401", "401", /^No/],
    ["状态码：404", "404", /^No/],
  ])("%s is explained as what it is", async (text, code, retry) => {
    const found = await explained(text);
    expect(found).toMatchObject({ code, known: true, service: "none", retry: expect.stringMatching(retry) });
    expect(found.meaning).toContain("not a cloud's code");
    expect(found.next).not.toContain("what the cloud said");
  });

  it("says nothing beside a cloud's code", async () => {
    expect(await explained("HTTP 403 Forbidden.RAM: no")).toMatchObject({ code: "Forbidden.RAM" });
  });
});

describe("what is not known is said to be, and nothing is made up", () => {
  it.each([
    ["certimate-go/certimate#868", "it says: Insufficient permission to access scm."],
    ["allinssl/allinssl#222", "数据验证错误，请检查输入内容"],
    ["nothing at all", "it does not work"],
  ])("%s", async (_source, text) => {
    const found = await explained(text);
    expect(found).toMatchObject({ known: false, meaning: "Neither a code nor a sentence that this server knows." });
    expect(found.next).toContain("word for word");
  });

  it("certimate-go/certimate#1384: a number that is called a code is one", async () => {
    const found = await explained("api error: code='109', message='The Token usage region is incorrect.'");
    expect(found).toMatchObject({ code: "109", known: false });
    expect(found.next).toContain("word for word");
  });

  it("a word that reads as a code keeps its place", async () => {
    expect(await explained("DomainNotFound")).toMatchObject({ code: "DomainNotFound", known: false });
  });
});

describe("the table of wordings", () => {
  it.each(wordings.map(({ code, of }) => [code, of] as const))("%s is a code of %j", (code, of) => {
    for (const service of services.filter(({ id }) => of.includes(id))) expect(codesOf(service)).toContain(code);
  });

  it("finds nothing in this server's own words, and takes no time over a long text", () => {
    for (const { summary } of [...operations, ...ownTools]) expect(codesByWording(summary, services)).toEqual([]);
    expect(codesByWording("证书".repeat(1_000_000), services)).toEqual([]);
  });
});

const all = services.flatMap((service) =>
  codesOf(service).map((code) => [service.id, code, explanationOf(service, code)] as const),
);

describe("advice", () => {
  const tools = new Set([...operations, ...ownTools].map(({ name }) => name));

  it.each(all)("%s %s names tools that there are, and does not contradict itself", (_service, _code, found) => {
    const { retry = "", next = "", checks = [], causes = [] } = found ?? {};
    const snake = [next, ...checks, ...causes]
      .join(" ")
      .match(/\b(?:find|deploy|check|wait|roll|list|explain|inspect|save)_[a-z_]+\b/g);
    expect((snake ?? []).filter((name) => !tools.has(name))).toEqual([]);
    const conditional = /once|then|after|until|unless|before|correct|does not help|do not repeat|works? with|let /i;
    if (/^No\b/.test(retry) && /call again|try again|repeat\b/i.test(next)) expect(next).toMatch(conditional);
    if (/^Yes/.test(retry)) expect(next).not.toMatch(/do not repeat|does not help|no argument changes/i);
  });

  it("sends nobody into the console where a job tells the same", () => {
    const sent = all.flatMap(([, code, found]) =>
      /console which certificate|console whether the domain/.test(found?.next ?? "") ? [code] : [],
    );
    expect(sent).toEqual([]);
  });
});
