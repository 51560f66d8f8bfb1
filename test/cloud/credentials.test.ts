import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { credentialId, readCredentials, secretsOfCredentials } from "../../src/cloud/credentials.js";

/** A home directory with these files in it. */
function homeWith(files: Readonly<Record<string, string>>): string {
  const home = mkdtempSync(join(tmpdir(), "cloudcert-home-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  }
  return home;
}

const empty = homeWith({});

describe("credentials of the environment", () => {
  it("finds none in an empty one", () => expect(readCredentials({}, empty)).toEqual({}));

  it("needs both halves of a key", () => {
    expect(readCredentials({ TENCENTCLOUD_SECRET_ID: "id", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s" }, empty)).toEqual({});
  });

  it.each(["TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"])(
    "reads Tencent Cloud's keys with the token in %s",
    (name) => {
      const env = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key", [name]: "token" };
      expect(readCredentials(env, empty)).toEqual({ tencent: { secretId: "id", secretKey: "key", token: "token" } });
    },
  );

  it("reads Alibaba Cloud's", () => {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "key",
      ALIBABA_CLOUD_SECURITY_TOKEN: "token",
    };
    const alibaba = { accessKeyId: "id", accessKeySecret: "key", securityToken: "token" };
    expect(readCredentials(env, empty)).toEqual({ alibaba });
  });

  it.each([
    [
      { HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk" },
      { accessKey: "ak", secretKey: "sk" },
    ],
    [
      { HW_ACCESS_KEY: "ak", HW_SECRET_KEY: "sk" },
      { accessKey: "ak", secretKey: "sk" },
    ],
    [{ HW_AUTH_TOKEN: "token" }, { authToken: "token" }],
    [
      { HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk", HUAWEICLOUD_SDK_SECURITY_TOKEN: "token" },
      { accessKey: "ak", secretKey: "sk", securityToken: "token" },
    ],
  ])("reads Huawei Cloud's from %j", (env, huawei) => {
    expect(readCredentials({ ...env, HUAWEICLOUD_SDK_PROJECT_ID: "project" }, empty)).toEqual({
      huawei,
      huaweiProjectId: "project",
    });
  });
});

describe("id and key in each other's place are a fault that does not repeat them", () => {
  it.each([
    ["tencent", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", `AKID${"x1".repeat(16)}`],
    ["alibaba", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "LTAI5tExampleExample"],
    ["alibaba", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "STS.NUgYrLnoC37mZZCNnAbez"],
    ["huawei", "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "QTWAOYTTINDUT2QVKYUC"],
  ] as const)("%s: %s", (cloud, idName, keyName, id) => {
    const key = "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc";
    const { faults, ...rest } = readCredentials({ [idName]: key, [keyName]: id }, empty);
    expect(rest).toEqual({});
    expect(faults?.[cloud]).toBe(`${keyName} holds what looks like an id: ${idName} and ${keyName} look swapped.`);
    const right = readCredentials({ [idName]: id, [keyName]: key }, empty);
    expect(right.faults).toBeUndefined();
    expect(credentialId(right, cloud)).toBe(id);
    expect(secretsOfCredentials(right)).toEqual([key]);
    const twice = readCredentials({ [idName]: key, [keyName]: key }, empty);
    expect(credentialId(twice, cloud)).toMatch(/^id of unusual form \(hash [0-9a-f]{8}\)$/);
    expect(secretsOfCredentials(twice)).toEqual([key, key]);
  });

  it.each(["TENCENTCLOUD_SECRET_ID=AKIDsomething", "secret_id=AKIDsomething"])("so is %s", (value) => {
    const env = { TENCENTCLOUD_SECRET_ID: value, TENCENTCLOUD_SECRET_KEY: "key" };
    expect(readCredentials(env, empty).faults?.tencent).toBe(
      "TENCENTCLOUD_SECRET_ID holds NAME=value, not the value alone.",
    );
  });
});

describe("credentials of the vendors' files", () => {
  it.each([
    [".tencentcloud/credentials", "[default]\nsecret_id = id\nsecret_key = key\ntoken = token\n"],
    [".tccli/default.credential", JSON.stringify({ secretId: "id", secretKey: "key", token: "token" })],
  ])("reads Tencent Cloud's %s", (path, content) => {
    const tencent = { secretId: "id", secretKey: "key", token: "token" };
    expect(readCredentials({}, homeWith({ [path]: content }))).toEqual({ tencent });
  });

  const profiles = [
    { name: "plain", mode: "AK", access_key_id: "id", access_key_secret: "key" },
    { name: "temporary", mode: "StsToken", access_key_id: "id2", access_key_secret: "key2", sts_token: "token" },
    { name: "role", mode: "RamRoleArn", access_key_id: "id3", access_key_secret: "key3" },
  ];
  const aliyun = homeWith({ ".aliyun/config.json": JSON.stringify({ current: "plain", profiles }) });
  const plain = { accessKeyId: "id", accessKeySecret: "key" };

  it.each([
    [{}, { alibaba: plain }],
    [
      { ALIBABA_CLOUD_PROFILE: "temporary" },
      { alibaba: { accessKeyId: "id2", accessKeySecret: "key2", securityToken: "token" } },
    ],
    [{ ALIBABA_CLOUD_PROFILE: "role" }, {}],
    [{ ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" }, {}],
  ])("reads the aliyun CLI's profile with %j", (env, credentials) => {
    expect(readCredentials(env, aliyun)).toEqual(credentials);
  });

  it("reads Alibaba Cloud's INI file, also at another place", () => {
    const content = "[default]\ntype = access_key\naccess_key_id = id\naccess_key_secret = key\n";
    const home = homeWith({ ".alibabacloud/credentials": content, elsewhere: content.replace("= id", "= id4") });
    expect(readCredentials({}, home)).toEqual({ alibaba: plain });
    expect(readCredentials({ ALIBABA_CLOUD_CREDENTIALS_FILE: join(home, "elsewhere") }, home)).toEqual({
      alibaba: { ...plain, accessKeyId: "id4" },
    });
  });

  it("reads Huawei Cloud's INI file", () => {
    const home = homeWith({ ".huaweicloud/credentials": "[basic]\nak = ak\nsk = sk\nproject_id = project\n" });
    expect(readCredentials({}, home)).toEqual({
      huawei: { accessKey: "ak", secretKey: "sk" },
      huaweiProjectId: "project",
    });
  });

  it("passes over files that are not what they should be", () => {
    const home = homeWith({
      ".tencentcloud/credentials": "\0garbage",
      ".tccli/default.credential": "{",
      ".aliyun/config.json": "[]",
      ".huaweicloud/credentials": "[basic]\nak = ak\n",
    });
    expect(readCredentials({}, home)).toEqual({});
  });
});
