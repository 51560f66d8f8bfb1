import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { HcClient } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js";
import { DefaultHttpClient } from "@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js";
import { LogLevel } from "@huaweicloud/huaweicloud-sdk-core/logger/index.js";
import { CommonClient } from "tencentcloud-sdk-nodejs-common";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { permanentCredentials, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { openTokenService, sandboxRoles, type TokenService } from "../support/token-service.js";

/** The vendors' own SDKs assume roles at our token service: what they send it takes, what it says they read. */

const require = createRequire(import.meta.url);
const openApi: typeof import("@alicloud/openapi-client", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-client");

let service: TokenService;
const { HOME: home = "" } = process.env;
beforeAll(async () => {
  process.env.HOME = mkdtempSync(join(tmpdir(), "oracle-"));
  service = await openTokenService(new SandboxClock());
});
afterAll(async () => {
  // Other files run in this process.
  process.env.HOME = home;
  await service.close();
});

const host = () => new URL(service.url).host;

it("of Tencent Cloud", async () => {
  const { id, secret } = permanentCredentials.tencent;
  const client = new CommonClient(host(), "2018-08-13", {
    credential: { secretId: id, secretKey: secret },
    region: "ap-guangzhou",
    profile: { httpProfile: { protocol: "http://" } },
  });
  const asked = { RoleArn: sandboxRoles.tencent, RoleSessionName: "test", DurationSeconds: 1_800 };
  expect(await client.request("AssumeRole", asked)).toMatchObject({
    Credentials: { TmpSecretId: temporaryCredentials.tencent.id, Token: temporaryCredentials.tencent.token },
    ExpiredTime: expect.any(Number),
  });
  await expect(
    client.request("AssumeRole", { ...asked, RoleArn: "qcs::cam::uin/1:roleName/no" }),
  ).rejects.toMatchObject({
    code: "ResourceNotFound.RoleNotFound",
  });
});

it("of Alibaba Cloud", async () => {
  const { id: accessKeyId, secret: accessKeySecret } = permanentCredentials.alibaba;
  const client = new openApi.default(
    new openApi.Config({ accessKeyId, accessKeySecret, endpoint: host(), protocol: "http" }),
  );
  const params = new openApi.Params({
    action: "AssumeRole",
    version: "2015-04-01",
    protocol: "HTTP",
    method: "POST",
    authType: "AK",
    style: "RPC",
    pathname: "/",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const query = { RoleArn: sandboxRoles.alibaba, RoleSessionName: "test", DurationSeconds: "1800" };
  const { RuntimeOptions } = require("@alicloud/tea-util");
  const reply = await client.callApi(params, new openApi.OpenApiRequest({ query }), new RuntimeOptions({}));
  expect(reply.body).toMatchObject({
    Credentials: { AccessKeyId: temporaryCredentials.alibaba.id, Expiration: expect.stringMatching(/Z$/) },
  });
});

it("of Huawei Cloud", async () => {
  const ignore = () => {};
  const levels = { setLevel: ignore, setName: ignore, getLevel: () => LogLevel.ERROR };
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, ...levels };
  const { id, secret } = permanentCredentials.huawei;
  const client = new HcClient(new DefaultHttpClient({ logger }, [service.url]))
    .withEndpoints([service.url])
    .withCredential(new BasicCredentials({ projectId: "none" }).withAk(id).withSk(secret));
  const assumed = { ...sandboxRoles.huawei, duration_seconds: 1_800 };
  const reply = await client.sendRequest({
    contentType: "application/json",
    pathParams: {},
    headers: {},
    queryParams: {},
    method: "POST",
    url: "/v3.0/OS-CREDENTIAL/securitytokens",
    data: { auth: { identity: { methods: ["assume_role"], assume_role: assumed } } },
  });
  expect(reply).toMatchObject({ credential: { access: temporaryCredentials.huawei.id } });
});
