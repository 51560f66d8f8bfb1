import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import RPCClient from "@alicloud/pop-core";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { HcClient } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js";
import { DefaultHttpClient } from "@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js";
import { LogLevel } from "@huaweicloud/huaweicloud-sdk-core/logger/index.js";
import { CommonClient } from "tencentcloud-sdk-nodejs-common";
import intlSsl from "tencentcloud-sdk-nodejs-intl-en/tencentcloud/ssl/index.js";
import intlTeo from "tencentcloud-sdk-nodejs-intl-en/tencentcloud/teo/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  huaweiProjectId,
  permanentCredentials,
  type SandboxCredential,
  temporaryCredentials,
} from "../../src/sandbox/credentials.js";
import { expiredCasId, seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { expiredScmId, seededScmId, servedScmId } from "../../src/sandbox/seed/huawei.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";

/** The vendors' own SDKs judge the sandbox: what they sign it must accept, what it answers they must understand. */

const require = createRequire(import.meta.url);
const cdnSdk: typeof import("@alicloud/cdn20180510", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/cdn20180510");
const casSdk: typeof import("@alicloud/cas20200407", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/cas20200407");

let sandbox: Sandbox;
const { HOME: home = "" } = process.env;
/** A certificate that the SSL service holds, and that `www.example.com` serves. */
let certificateId: string;

beforeAll(async () => {
  // The Huawei SDK writes a file into the home folder (docs/cloud-behaviour.md 1.6).
  process.env.HOME = mkdtempSync(join(tmpdir(), "oracle-"));
  sandbox = await startSandbox();
  certificateId = www().certificateIds[0] ?? "";
});
afterAll(async () => {
  // Other files run in this process.
  process.env.HOME = home;
  await sandbox.close();
});

const hostOf = (endpoint: string) => new URL(endpoint).host;

function www() {
  const host = sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
  if (host === undefined) throw new Error("the sandbox has no www.example.com");
  return host;
}

const aliasOf = (id: string) => sandbox.account.ssl.certificates.get(id)?.alias;

/** The same credential with one wrong character in its secret. */
function oneWrong({ secret, ...rest }: SandboxCredential): SandboxCredential {
  return { ...rest, secret: `${secret.slice(0, -1)}${secret.endsWith("x") ? "y" : "x"}` };
}

type Params = Readonly<Record<string, unknown>>;

describe("tencentcloud-sdk-nodejs-common (mainland)", () => {
  const call = (
    { id, secret, token }: SandboxCredential,
    action: string,
    params: Params,
    profile: { signMethod?: "TC3-HMAC-SHA256" | "HmacSHA1"; reqMethod?: "GET" } = {},
    { endpoints }: Pick<Sandbox, "endpoints"> = sandbox,
  ): Promise<Params> => {
    const { signMethod = "TC3-HMAC-SHA256", reqMethod = "POST" } = profile;
    const client = new CommonClient(hostOf(endpoints["tencent-ssl"]), "2019-12-05", {
      credential: { secretId: id, secretKey: secret, ...(token !== undefined && { token }) },
      profile: { signMethod, httpProfile: { protocol: "http://", reqMethod } },
    });
    return client.request(action, params);
  };

  it.each([
    ["TC3, POST", {}],
    ["TC3, GET", { reqMethod: "GET" }],
    ["HmacSHA1, POST", { signMethod: "HmacSHA1" }],
    ["HmacSHA1, GET", { signMethod: "HmacSHA1", reqMethod: "GET" }],
  ] as const)("renames a certificate with %s", async (alias, profile) => {
    const params = { CertificateId: certificateId, Alias: alias };
    const reply = await call(permanentCredentials.tencent, "ModifyCertificateAlias", params, profile);
    expect(reply).toMatchObject({ CertificateId: certificateId });
    expect(aliasOf(certificateId)).toBe(alias);
  });

  it("takes structures in a query", async () => {
    const params = { Limit: 5, CertificateStatus: [1, 3], Tags: [{ TagKey: "a", TagValue: "b" }] };
    const reply = await call(permanentCredentials.tencent, "DescribeCertificates", params, { reqMethod: "GET" });
    expect(reply).toMatchObject({ TotalCount: expect.any(Number) });
  });

  it("takes a temporary credential", async () => {
    const reply = await call(temporaryCredentials.tencent, "DescribeCertificate", { CertificateId: certificateId });
    expect(reply).toMatchObject({ Domain: expect.any(String), Status: 1 });
  });

  describe("on the mainland site", () => {
    let mainland: Sandbox;
    beforeAll(async () => {
      mainland = await startSandbox({ site: "mainland", speed: 600 });
    });
    afterAll(() => mainland.close());
    const ask = (action: string, params: Params, credential: SandboxCredential = permanentCredentials.tencent) =>
      call(credential, action, params, {}, mainland);
    const idOf = (alias: string) =>
      [...mainland.account.ssl.certificates.values()].find((each) => each.alias === alias)?.id ?? "";

    it("lists by product what holds a certificate", async () => {
      const id = idOf("storefront");
      const held = { CertificateId: id, OldCertificateId: id, IsCache: 0 };
      expect(await ask("DescribeHostCdnInstanceList", { ...held, Offset: 0, Limit: 200 })).toMatchObject({
        InstanceList: [{ Domain: "static.example.com", CertId: id }],
        TotalCount: 1,
      });
      // The one list whose offset is a text.
      expect(await ask("DescribeHostApiGatewayInstanceList", { ...held, Offset: "0", Limit: 200 })).toMatchObject({
        TotalCount: 0,
      });
      await expect(ask("DescribeHostClbInstanceList", { CertificateId: "nothing1" })).rejects.toMatchObject({
        code: "FailedOperation.CertificateNotFound",
      });
      await expect(
        ask("DescribeHostCdnInstanceList", held, oneWrong(permanentCredentials.tencent)),
      ).rejects.toMatchObject({ code: "AuthFailure.SignatureFailure" });
    });

    it("hears what became of a deletion", async () => {
      const CertificateId = idOf("storefront");
      const { TaskId } = await ask("DeleteCertificate", { CertificateId, IsCheckResource: true });
      const look = () => ask("DescribeDeleteCertificatesTaskResult", { TaskIds: [TaskId] });
      await expect
        .poll(look, { timeout: 5_000 })
        .toMatchObject({ DeleteTaskResult: [{ TaskId, CertId: CertificateId, Status: 4 }] });
    });

    it("revokes a certificate", async () => {
      const { id = "" } =
        [...mainland.account.ssl.certificates.values()].find(
          ({ order }) => order?.application?.names[0] === "blog.example.com",
        ) ?? {};
      expect(await ask("RevokeCertificate", { CertificateId: id, Reason: "key lost" })).toMatchObject({
        RequestId: expect.any(String),
      });
      expect(await ask("DescribeCertificate", { CertificateId: id })).toMatchObject({ Status: expect.any(Number) });
      expect([9, 10]).toContain(mainland.account.ssl.certificates.get(id)?.status);
    });
  });

  it.each([{}, { signMethod: "HmacSHA1" }] as const)("hears of a wrong secret, %o", async (profile) => {
    const answer = call(oneWrong(permanentCredentials.tencent), "DescribeCertificates", {}, profile);
    await expect(answer).rejects.toMatchObject({ code: "AuthFailure.SignatureFailure", requestId: expect.any(String) });
  });
});

describe("tencentcloud-sdk-nodejs-intl-en", () => {
  type Profile = { signMethod?: "TC3-HMAC-SHA256" | "HmacSHA256"; reqMethod?: "GET" | "POST" };

  const call = (
    service: "tencent-ssl" | "tencent-edgeone",
    { id, secret, token = "" }: SandboxCredential,
    action: string,
    params: Params,
    { signMethod = "HmacSHA256", reqMethod = "POST" }: Profile = {},
  ): Promise<Params> => {
    const sdk = service === "tencent-ssl" ? intlSsl.v20191205 : intlTeo.v20220901;
    if (sdk === undefined) throw new Error("the SDK has no such version");
    const endpoint = hostOf(sandbox.endpoints[service]);
    const httpProfile = { protocol: "http://", endpoint, reqMethod, reqTimeout: 10, headers: {} };
    const client = new sdk.Client({ secretId: id, secretKey: secret, token: token || null }, null, {
      signMethod,
      httpProfile,
    });
    return new Promise((resolve, reject) => {
      let reply: Params = {};
      const response = { deserialize: (data: Params) => (reply = data) };
      client.request(action, params, response, {}, (error) => (error === null ? resolve(reply) : reject(error)));
    });
  };

  it.each([
    ["HmacSHA256, POST, its default", {}],
    ["HmacSHA256, GET", { reqMethod: "GET" }],
    ["TC3, POST", { signMethod: "TC3-HMAC-SHA256" }],
  ] as const)("renames a certificate with %s", async (alias, profile) => {
    const params = { CertificateId: certificateId, Alias: alias };
    await call("tencent-ssl", permanentCredentials.tencent, "ModifyCertificateAlias", params, profile);
    expect(aliasOf(certificateId)).toBe(alias);
  });

  it("changes what an EdgeOne host serves", async () => {
    const params = { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"] };
    const set = (more: Params) =>
      call("tencent-edgeone", permanentCredentials.tencent, "ModifyHostsCertificate", { ...params, ...more });
    await set({ Mode: "disable" });
    expect(www()).toMatchObject({ mode: "disable", certificateIds: [] });
    await set({ Mode: "sslcert", ServerCertInfo: [{ CertId: certificateId }] });
    expect(www()).toMatchObject({ mode: "sslcert", certificateIds: [certificateId] });
  });

  it("lists sites, and the domains of one with their certificates", async () => {
    const read = (action: string, params: Params) =>
      call("tencent-edgeone", permanentCredentials.tencent, action, params, { signMethod: "TC3-HMAC-SHA256" });
    expect(await read("DescribeZones", { Offset: 0, Limit: 100 })).toMatchObject({
      TotalCount: 1,
      Zones: [{ ZoneId: "zone-sandboxdemo", ZoneName: "example.com" }],
    });
    const filter = { Name: "domain-name", Values: ["www.example.com"] };
    expect(await read("DescribeAccelerationDomains", { ZoneId: "zone-sandboxdemo", Filters: [filter] })).toMatchObject({
      TotalCount: 1,
      AccelerationDomains: [
        { DomainName: "www.example.com", Certificate: { Mode: "sslcert", List: [{ CertId: certificateId }] } },
      ],
    });
    await expect(read("DescribeAccelerationDomains", { ZoneId: "zone-x" })).rejects.toMatchObject({
      code: "ResourceNotFound",
    });
  });

  it("revokes a certificate, and hears why it cannot", async () => {
    const revoke = (CertificateId: string) =>
      call("tencent-ssl", permanentCredentials.tencent, "RevokeCertificate", { CertificateId, Reason: "key lost" });
    await expect(revoke(certificateId)).rejects.toMatchObject({ code: "FailedOperation.InvalidCertificateSource" });
    const blog = [...sandbox.account.ssl.certificates.values()].find(
      ({ order }) => order?.application?.names[0] === "blog.example.com",
    );
    await revoke(blog?.id ?? "");
    expect(blog?.status).toBe(9);
    const mainlandOnly = call("tencent-ssl", permanentCredentials.tencent, "DescribeHostCdnInstanceList", {});
    await expect(mainlandOnly).rejects.toMatchObject({ code: "InvalidAction" });
  });

  it.each(["HmacSHA256", "TC3-HMAC-SHA256"] as const)("hears of a wrong secret, %s", async (signMethod) => {
    const credential = oneWrong(permanentCredentials.tencent);
    const answer = call("tencent-ssl", credential, "DescribeCertificates", {}, { signMethod });
    await expect(answer).rejects.toMatchObject({ code: "AuthFailure.SignatureFailure" });
  });
});

describe("@alicloud/cdn20180510", () => {
  const clientFor = ({ id, secret, token }: SandboxCredential) =>
    new cdnSdk.default({
      accessKeyId: id,
      accessKeySecret: secret,
      ...(token !== undefined && { securityToken: token }),
      endpoint: hostOf(sandbox.endpoints["alibaba-cdn"]),
      protocol: "HTTP",
      // The SDK's own configuration class is in a package that this project does not name as its dependency.
      toMap: () => ({}),
    });
  const call = (credential: SandboxCredential, params: Params) =>
    clientFor(credential).setCdnDomainSSLCertificate(new cdnSdk.SetCdnDomainSSLCertificateRequest(params));

  const stored = {
    domainName: "img.example.com",
    SSLProtocol: "on",
    certType: "cas",
    certId: seededCasIds["cn-hangzhou"],
  };

  it("sets a stored certificate, with parameters in the query", async () => {
    const { body } = await call(permanentCredentials.alibaba, stored);
    expect(body?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(sandbox.account.cdn.get("img.example.com")?.certificate?.id).toBe(seededCasIds["cn-hangzhou"]);
  });

  it("lists domains and their certificates", async () => {
    const client = clientFor(permanentCredentials.alibaba);
    const { body: all } = await client.describeUserDomains(
      new cdnSdk.DescribeUserDomainsRequest({ pageNumber: 1, pageSize: 500 }),
    );
    expect(all?.domains?.pageData?.map(({ domainName, sslProtocol }) => [domainName, sslProtocol])).toEqual([
      ["img.example.com", "on"],
      [".cdn.example.com", "off"],
    ]);
    const { body: https } = await client.describeCdnHttpsDomainList(
      new cdnSdk.DescribeCdnHttpsDomainListRequest({ pageNumber: 1, pageSize: 500 }),
    );
    expect(https?.certInfos?.certInfo).toMatchObject([
      { domainName: "img.example.com", certExpireTime: expect.stringMatching(/^[-\d]{10} [:\d]{8}$/) },
    ]);
    const ask = (domainName: string) =>
      client.describeDomainCertificateInfo(new cdnSdk.DescribeDomainCertificateInfoRequest({ domainName }));
    expect((await ask("img.example.com")).body?.certInfos?.certInfo).toMatchObject([
      { certId: seededCasIds["cn-hangzhou"], serverCertificate: expect.stringContaining("BEGIN CERTIFICATE") },
    ]);
    await expect(ask("no.example.com")).rejects.toMatchObject({ code: "InvalidDomain.NotFound" });
  });

  it("turns HTTPS off with a temporary credential", async () => {
    await call(temporaryCredentials.alibaba, { domainName: "img.example.com", SSLProtocol: "off" });
    expect(sandbox.account.cdn.get("img.example.com")?.https).toBe(false);
  });

  it("hears of a wrong secret", async () => {
    const answer = call(oneWrong(permanentCredentials.alibaba), stored);
    await expect(answer).rejects.toMatchObject({ code: "SignatureDoesNotMatch", statusCode: 400 });
  });
});

describe("@alicloud/cas20200407", () => {
  const clientFor = ({ id, secret, token }: SandboxCredential, store: "alibaba-cas" | "alibaba-cas-intl") =>
    new casSdk.default({
      accessKeyId: id,
      accessKeySecret: secret,
      ...(token !== undefined && { securityToken: token }),
      endpoint: hostOf(sandbox.endpoints[store]),
      protocol: "HTTP",
      toMap: () => ({}),
    });
  const { alibaba } = permanentCredentials;
  const list = (client: ReturnType<typeof clientFor>, status?: string) =>
    client.listUserCertificateOrder(
      new casSdk.ListUserCertificateOrderRequest({ orderType: "CERT", currentPage: 1, showSize: 50, status }),
    );
  const idsIn = async (client: ReturnType<typeof clientFor>, status?: string) =>
    (await list(client, status)).body?.certificateOrderList?.map(({ certificateId }) => String(certificateId));

  it("lists the certificates of each store, those that ended only if asked", async () => {
    const inChina = clientFor(alibaba, "alibaba-cas");
    expect(await idsIn(inChina)).toContain(seededCasIds["cn-hangzhou"]);
    expect(await idsIn(inChina)).not.toContain(expiredCasId);
    expect(await idsIn(inChina, "EXPIRED")).toEqual([expiredCasId]);
    expect(await idsIn(clientFor(temporaryCredentials.alibaba, "alibaba-cas-intl"))).toEqual([
      seededCasIds["ap-southeast-1"],
    ]);
    const { body } = await list(inChina);
    expect(body?.certificateOrderList).toContainEqual(
      expect.objectContaining({
        name: "img-example-com-next",
        sans: "img.example.com,vod.example.com",
        endDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
      }),
    );
  });

  it("gets the key of a certificate unless it asks for none", async () => {
    const client = clientFor(alibaba, "alibaba-cas");
    const ask = (certFilter?: boolean) =>
      client.getUserCertificateDetail(
        new casSdk.GetUserCertificateDetailRequest({ certId: Number(seededCasIds["cn-hangzhou"]), certFilter }),
      );
    expect((await ask()).body?.key).toContain("PRIVATE KEY");
    const { body: filtered } = await ask(true);
    expect(filtered).toMatchObject({ id: Number(seededCasIds["cn-hangzhou"]), common: "img.example.com" });
    expect(JSON.stringify(filtered)).not.toContain("PRIVATE KEY");
    const absent = client.getUserCertificateDetail(new casSdk.GetUserCertificateDetailRequest({ certId: 1 }));
    await expect(absent).rejects.toMatchObject({ code: "NotFound" });
  });

  it("uploads a certificate, once under each name", async () => {
    const client = clientFor(alibaba, "alibaba-cas-intl");
    const { certificatePem: cert, privateKeyPem: key } = await sandbox.account.authority.issue({
      names: ["sdk.example.com"],
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + 1e9),
      key: "EC-P256",
    });
    const upload = (name: string) =>
      client.uploadUserCertificate(new casSdk.UploadUserCertificateRequest({ name, cert, key }));
    const { body } = await upload("sdk_2027");
    expect(await idsIn(client)).toContain(String(body?.certId));
    await expect(upload("sdk_2027")).rejects.toMatchObject({ code: "NameRepeat" });
    await expect(upload("sdk 2027")).rejects.toMatchObject({ code: "InvalidParameter" });
  });

  it("hears of a wrong secret", async () => {
    const answer = list(clientFor(oneWrong(alibaba), "alibaba-cas"));
    await expect(answer).rejects.toMatchObject({ code: "SignatureDoesNotMatch", statusCode: 400 });
  });
});

describe("@alicloud/pop-core", () => {
  const call = (
    { id, secret, token }: SandboxCredential,
    params: object,
    method: "GET" | "POST",
    action = "SetVodDomainSSLCertificate",
  ) => {
    const client = new RPCClient({
      accessKeyId: id,
      accessKeySecret: secret,
      ...(token !== undefined && { securityToken: token }),
      endpoint: sandbox.endpoints["alibaba-vod"],
      apiVersion: "2017-03-21",
    });
    return client.request(action, params, { method });
  };
  const vod = () => sandbox.account.vod.get("vod.example.com");

  it.each(["GET", "POST"] as const)("uploads a certificate with %s", async (method) => {
    const now = Date.now();
    const { certificatePem, privateKeyPem } = await sandbox.account.authority.issue({
      names: ["vod.example.com"],
      notBefore: new Date(now - 1000),
      notAfter: new Date(now + 1e9),
      key: "RSA-2048",
    });
    const params = {
      DomainName: "vod.example.com",
      SSLProtocol: "on",
      CertName: `über all~ (*) ${method}`,
      SSLPub: certificatePem,
      SSLPri: privateKeyPem,
    };
    const credential = method === "GET" ? permanentCredentials.alibaba : temporaryCredentials.alibaba;
    expect(await call(credential, params, method)).toHaveProperty("RequestId");
    expect(vod()).toMatchObject({ https: true, certificate: { name: params.CertName, certificatePem, privateKeyPem } });
  });

  it.each(["GET", "POST"] as const)("lists domains and the certificate of one with %s", async (method) => {
    const read = (action: string, params: object) => call(permanentCredentials.alibaba, params, method, action);
    expect(await read("DescribeVodUserDomains", { PageNumber: 1, PageSize: 50 })).toMatchObject({
      TotalCount: 1,
      Domains: { PageData: [{ DomainName: "vod.example.com", SslProtocol: "on" }] },
    });
    expect(await read("DescribeVodDomainCertificateInfo", { DomainName: "vod.example.com" })).toMatchObject({
      CertInfos: { CertInfo: [{ DomainName: "vod.example.com", ServerCertificateStatus: "on" }] },
    });
  });

  it("hears of a wrong secret", async () => {
    const params = { DomainName: "vod.example.com", SSLProtocol: "off" };
    const answer = call(oneWrong(permanentCredentials.alibaba), params, "POST");
    await expect(answer).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
  });
});

describe("@huaweicloud/huaweicloud-sdk-core", () => {
  // It prints whole failed requests to stdout (docs/cloud-behaviour.md 1.6).
  const ignore = () => {};
  const logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: ignore,
    setLevel: ignore,
    setName: ignore,
    getLevel: () => LogLevel.ERROR,
  };

  const clientFor = (
    { id, secret, token }: SandboxCredential,
    service: "huawei-live" | "huawei-scm" = "huawei-live",
  ) => {
    const endpoints = [sandbox.endpoints[service]];
    const credentials = new BasicCredentials({ projectId: huaweiProjectId }).withAk(id).withSk(secret);
    return new HcClient(new DefaultHttpClient({ logger }, endpoints))
      .withEndpoints(endpoints)
      .withCredential(token === undefined ? credentials : credentials.withSecurityToken(token));
  };
  const json = { contentType: "application/json", pathParams: { project_id: huaweiProjectId }, headers: {} };
  const httpsCert = "/v1/{project_id}/guard/https-cert";

  const call = (credential: SandboxCredential, data: Record<string, unknown>) =>
    clientFor(credential).sendRequest({
      ...json,
      method: "PUT",
      url: httpsCert,
      queryParams: { domain: "play.example.com" },
      data,
    });
  const read = (url: string, queryParams: Record<string, unknown> = {}) =>
    clientFor(permanentCredentials.huawei).sendRequest({ ...json, method: "GET", url, queryParams, data: {} });

  const stored = { tls_certificate: { source: "scm", cert_id: "scs1600000000000" }, force_redirect: true };
  const play = () => sandbox.account.live.get("play.example.com");

  it("sets a stored certificate", async () => {
    expect(await call(permanentCredentials.huawei, stored)).toMatchObject({ httpStatusCode: 200 });
    expect(play()).toMatchObject({ https: true, forceRedirect: true, certificate: { id: "scs1600000000000" } });
  });

  it("lists domains, their certificates, and the settings of one without its key", async () => {
    expect(await read("/v1/{project_id}/domain")).toMatchObject({
      total: 1,
      domain_info: [{ domain: "play.example.com", domain_type: "pull" }],
    });
    expect(await read("/v2/{project_id}/certificates", { offset: 0, limit: 100 })).toMatchObject({
      total: 1,
      certificates_info: [{ play_domain: "play.example.com", cert_id: "scs1600000000000" }],
    });
    const shown = await read(httpsCert, { domain: "play.example.com" });
    expect(shown).toMatchObject({ force_redirect: true, tls_certificate: { cert_id: "scs1600000000000" } });
    expect(JSON.stringify(shown)).not.toContain("PRIVATE KEY");
    await expect(read(httpsCert, { domain: "no.example.com" })).rejects.toMatchObject({ errorCode: "LIVE.103011019" });
  });

  it("lists the certificates of the store, and shows one", async () => {
    const scm = (credential: SandboxCredential, url: string, queryParams: Record<string, unknown> = {}) =>
      clientFor(credential, "huawei-scm").sendRequest({ ...json, method: "GET", url, queryParams, data: {} });
    const all = { limit: 50, offset: 0, status: "ALL", sort_key: "certExpiredTime", sort_dir: "ASC" };
    expect(await scm(permanentCredentials.huawei, "/v3/scm/certificates", all)).toMatchObject({
      total_count: 3,
      certificates: [
        { id: expiredScmId, status: "EXPIRED" },
        { id: servedScmId, status: "UPLOAD", domain: "example.com", sans: "*.example.com" },
        { id: seededScmId, expire_time: expect.stringMatching(/^[-\d]{10} [:\d]{8}\.0$/) },
      ],
    });
    expect(
      await scm(temporaryCredentials.huawei, "/v3/scm/certificates", {
        ...all,
        limit: 10,
        offset: 2,
        deploy_support: true,
      }),
    ).toMatchObject({ total_count: 3, certificates: [{ id: seededScmId }] });
    expect(await scm(permanentCredentials.huawei, `/v3/scm/certificates/${seededScmId}`)).toMatchObject({
      domain: "play.example.com",
      fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
    const refused = async (url: string, params?: Record<string, unknown>) =>
      expect(scm(permanentCredentials.huawei, url, params)).rejects;
    await (await refused("/v3/scm/certificates", { limit: 30 })).toMatchObject({ errorCode: "SCM.0005" });
    await (await refused("/v3/scm/certificates/scs9999999999999")).toMatchObject({ errorCode: "SCM.0020" });
    const unsigned = scm(oneWrong(permanentCredentials.huawei), "/v3/scm/certificates");
    await expect(unsigned).rejects.toMatchObject({ httpStatusCode: 401, errorCode: "APIGW.0301" });
  });

  it("takes a temporary credential", async () => {
    await call(temporaryCredentials.huawei, { ...stored, force_redirect: false });
    expect(play()?.forceRedirect).toBe(false);
  });

  it("takes HTTPS off a domain, once", async () => {
    const remove = (credential: SandboxCredential, domain = "play.example.com") =>
      clientFor(credential).sendRequest({
        ...json,
        method: "DELETE",
        url: httpsCert,
        queryParams: { domain },
        data: {},
      });
    await expect(remove(oneWrong(permanentCredentials.huawei))).rejects.toMatchObject({ errorCode: "APIGW.0301" });
    await expect(remove(permanentCredentials.huawei, "no.example.com")).rejects.toMatchObject({
      errorCode: "LIVE.103011019",
    });
    await call(permanentCredentials.huawei, stored);
    expect(await remove(permanentCredentials.huawei)).toMatchObject({ httpStatusCode: 204 });
    expect(play()).toMatchObject({ https: false, forceRedirect: false });
    expect(play()?.certificate).toBeUndefined();
    await expect(remove(permanentCredentials.huawei)).rejects.toMatchObject({ errorCode: "LIVE.100011001" });
    await call(permanentCredentials.huawei, stored);
  });

  it("hears of a wrong secret and of a bad certificate", async () => {
    const unsigned = call(oneWrong(permanentCredentials.huawei), stored);
    await expect(unsigned).rejects.toMatchObject({ httpStatusCode: 401, errorCode: "APIGW.0301" });
    const bad = call(permanentCredentials.huawei, { certificate: "no PEM", certificate_key: "no PEM" });
    await expect(bad).rejects.toMatchObject({ httpStatusCode: 400, errorCode: "LIVE.100011001" });
  });
});
