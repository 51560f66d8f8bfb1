import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { clouds } from "../../src/catalogue/services.js";
import {
  credentialId,
  describeSkipped,
  hasSettingFor,
  readCredentials,
  secretsOfCredentials,
} from "../../src/cloud/credentials.js";

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

  it.each([
    ["tencent", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"],
    ["alibaba", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"],
    ["huawei", "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"],
    ["huawei", "HW_SECRET_KEY", "HW_ACCESS_KEY"],
  ] as const)("are not there for %s with %s alone, which is said", (cloud, half, other) => {
    const found = readCredentials({ [half]: "half" }, empty);
    expect(Object.keys(found)).toEqual(["passedOver"]);
    expect(String(describeSkipped(found, cloud))).toBe(`${half} is set, but ${other} is not.`);
  });

  it("of which there is half are passed over for the next place, and never completed from there", () => {
    const profile = { name: "default", mode: "AK", access_key_id: "id", access_key_secret: "key" };
    const home = homeWith({
      ".tencentcloud/credentials": "[default]\nsecret_id = id\nsecret_key = key\n",
      ".aliyun/config.json": JSON.stringify({ current: "default", profiles: [profile] }),
    });
    const halves = { TENCENTCLOUD_SECRET_ID: "half", ALIBABA_CLOUD_ACCESS_KEY_ID: "half", HW_ACCESS_KEY: "half" };
    const found = readCredentials({ ...halves, HW_AUTH_TOKEN: "token" }, home);
    expect(found).toMatchObject({
      tencent: { id: "id", key: "key" },
      alibaba: { id: "id", key: "key" },
      huawei: { authToken: "token" },
    });
    expect(found.faults).toBeUndefined();
    expect(clouds.map((cloud) => String(describeSkipped(found, cloud)))).toEqual([
      "TENCENTCLOUD_SECRET_ID is set, but TENCENTCLOUD_SECRET_KEY is not.",
      "ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not.",
      "HW_ACCESS_KEY is set, but HW_SECRET_KEY is not.",
    ]);
  });

  it.each([
    ["tencent", "TENCENT_SECRET_ID"],
    ["alibaba", "ALICLOUD_ACCESS_KEY"],
    ["huawei", "HUAWEICLOUD_ACCESS_KEY"],
  ] as const)("mentions a name of %s that only other tools read: %s", (cloud, name) => {
    const found = readCredentials({ [name]: "id" }, empty);
    expect(hasSettingFor(found, cloud)).toBe(false);
    expect(String(describeSkipped(found, cloud))).toBe(`${name} is set, but is not a name that is read here.`);
  });

  it.each([
    [{ TENCENTCLOUD_SECRET_ID: "LTAI5tExampleExample", TENCENTCLOUD_SECRET_KEY: "key" }, "an id of Alibaba Cloud."],
    [{ HUAWEICLOUD_SDK_AK: `AKID${"x1".repeat(16)}`, HUAWEICLOUD_SDK_SK: "key" }, "an id of Tencent Cloud."],
    [
      { ALIBABA_CLOUD_ACCESS_KEY_ID: "STS.NUgYrLnoC37mZZCNnAbez", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "key" },
      "a temporary id (STS.…), which counts only with its token, and that is not set.",
    ],
  ])("refuses an id that cannot be this cloud's, or not alone: %j", (env, what) => {
    const { faults, ...rest } = readCredentials(env, empty);
    expect(rest).toEqual({});
    expect(Object.values(faults ?? {}).map(String)).toEqual([`${Object.keys(env)[0]} holds ${what}`]);
  });

  it.each(["TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"])(
    "reads Tencent Cloud's keys with the token in %s",
    (name) => {
      const env = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key", [name]: "token" };
      expect(readCredentials(env, empty)).toEqual({ tencent: { id: "id", key: "key", token: "token" } });
    },
  );

  it("reads Alibaba Cloud's", () => {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "id",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "key",
      ALIBABA_CLOUD_SECURITY_TOKEN: "token",
    };
    const alibaba = { id: "id", key: "key", token: "token" };
    expect(readCredentials(env, empty)).toEqual({ alibaba });
  });

  it.each([
    [
      { HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk" },
      { id: "ak", key: "sk" },
    ],
    [
      { HW_ACCESS_KEY: "ak", HW_SECRET_KEY: "sk" },
      { id: "ak", key: "sk" },
    ],
    [{ HW_AUTH_TOKEN: "token" }, { authToken: "token" }],
    [
      { HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk", HUAWEICLOUD_SDK_SECURITY_TOKEN: "token" },
      { id: "ak", key: "sk", token: "token" },
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
    expect(String(faults?.[cloud])).toBe(
      `${keyName} holds what looks like an id: ${idName} and ${keyName} look swapped.`,
    );
    const token = id.startsWith("STS.") && { ALIBABA_CLOUD_SECURITY_TOKEN: "token" };
    const right = readCredentials({ [idName]: id, [keyName]: key, ...token }, empty);
    expect(right.faults).toBeUndefined();
    expect(credentialId(right, cloud)).toBe(id);
    expect(secretsOfCredentials(right)).toEqual([key, ...(token ? ["token"] : [])]);
    const twice = readCredentials({ [idName]: key, [keyName]: key }, empty);
    expect(credentialId(twice, cloud)).toMatch(/^id of unusual form \(hash [0-9a-f]{8}\)$/);
    expect(secretsOfCredentials(twice)).toEqual([key, key]);
  });

  it.each(["TENCENTCLOUD_SECRET_ID=AKIDsomething", "secret_id=AKIDsomething"])("so is %s", (value) => {
    const env = { TENCENTCLOUD_SECRET_ID: value, TENCENTCLOUD_SECRET_KEY: "key" };
    expect(String(readCredentials(env, empty).faults?.tencent)).toBe(
      "TENCENTCLOUD_SECRET_ID holds NAME=value, not the value alone.",
    );
  });
});

describe("credentials of the vendors' files", () => {
  it.each([
    [".tencentcloud/credentials", "[default]\nsecret_id = id\nsecret_key = key\ntoken = token\n"],
    [".tccli/default.credential", JSON.stringify({ secretId: "id", secretKey: "key", token: "token" })],
  ])("reads Tencent Cloud's %s", (path, content) => {
    const tencent = { id: "id", key: "key", token: "token" };
    expect(readCredentials({}, homeWith({ [path]: content }))).toEqual({ tencent });
  });

  const profiles = [
    { name: "plain", mode: "AK", access_key_id: "id", access_key_secret: "key" },
    { name: "temporary", mode: "StsToken", access_key_id: "id2", access_key_secret: "key2", sts_token: "token" },
    { name: "role", mode: "RamRoleArn", access_key_id: "id3", access_key_secret: "key3" },
    { name: "blank", mode: "AK", access_key_id: "", access_key_secret: "" },
  ];
  const aliyun = homeWith({ ".aliyun/config.json": JSON.stringify({ current: "plain", profiles }) });
  const plain = { id: "id", key: "key" };

  it.each([
    [{}, { alibaba: plain }],
    [{ ALIBABA_CLOUD_PROFILE: "temporary" }, { alibaba: { id: "id2", key: "key2", token: "token" } }],
    [{ ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" }, {}],
  ])("reads the aliyun CLI's profile with %j", (env, credentials) => {
    expect(readCredentials(env, aliyun)).toEqual(credentials);
  });

  it("reads Alibaba Cloud's INI file, also at another place", () => {
    const content = "[default]\ntype = access_key\naccess_key_id = id\naccess_key_secret = key\n";
    const home = homeWith({ ".alibabacloud/credentials": content, elsewhere: content.replace("= id", "= id4") });
    expect(readCredentials({}, home)).toEqual({ alibaba: plain });
    expect(readCredentials({ ALIBABA_CLOUD_CREDENTIALS_FILE: join(home, "elsewhere") }, home)).toEqual({
      alibaba: { ...plain, id: "id4" },
    });
  });

  it("reads Huawei Cloud's INI file", () => {
    const home = homeWith({ ".huaweicloud/credentials": "[basic]\nak = ak\nsk = sk\nproject_id = project\n" });
    expect(readCredentials({}, home)).toEqual({
      huawei: { id: "ak", key: "sk" },
      huaweiProjectId: "project",
    });
  });

  it.each([
    ["placeholders for keys", "ak = <your ak>\nsk = <your sk>\nproject_id = project\n", "project"],
    ["no keys", "project_id = project\n", "project"],
    ["nothing but placeholders", "ak = <your ak>\nsk = <your sk>\nproject_id = <your project>\n", undefined],
  ])("reads the project in it for keys in variables, also beside %s", (_what, content, project) => {
    const home = homeWith({ ".huaweicloud/credentials": `[basic]\n${content}` });
    expect(readCredentials({ HUAWEICLOUD_SDK_AK: "ak", HUAWEICLOUD_SDK_SK: "sk" }, home)).toEqual({
      huawei: { id: "ak", key: "sk" },
      ...(project !== undefined && { huaweiProjectId: project }),
    });
  });

  it("passes over files that are not what they should be, and says why", () => {
    const home = homeWith({
      ".tencentcloud/credentials": "\0garbage",
      ".tccli/default.credential": "{",
      ".aliyun/config.json": "[]",
      ".huaweicloud/credentials": "[basic]\nak = ak\n",
      ".hcloud/config.json": "{}",
    });
    const found = readCredentials({}, home);
    expect(Object.keys(found)).toEqual(["passedOver"]);
    expect(clouds.map((cloud) => String(describeSkipped(found, cloud)).replaceAll(`${home}/`, ""))).toEqual([
      ".tencentcloud/credentials has no secret_id and no secret_key in [default]; .tccli/default.credential is not JSON.",
      ".aliyun/config.json is not in the form that the aliyun CLI writes.",
      ".huaweicloud/credentials has no sk in [basic]; .hcloud/config.json is KooCLI's, which is not read here.",
    ]);
  });

  it.each([
    ["role", 'has profile "role" of mode "RamRoleArn", and only AK and StsToken are read here.'],
    ["none", 'has no profile "none".'],
    ["blank", 'has no access_key_id and no access_key_secret in profile "blank".'],
  ])("passes over the aliyun CLI's profile %s, and says why", (name, why) => {
    const found = readCredentials({ ALIBABA_CLOUD_PROFILE: name }, aliyun);
    expect(hasSettingFor(found, "alibaba")).toBe(false);
    expect(String(describeSkipped(found, "alibaba"))).toBe(`${join(aliyun, ".aliyun/config.json")} ${why}`);
  });

  it("says that a file which a variable names is not there", () => {
    const found = readCredentials({ ALIBABA_CLOUD_CREDENTIALS_FILE: "/nowhere" }, empty);
    expect(String(describeSkipped(found, "alibaba"))).toBe(
      "ALIBABA_CLOUD_CREDENTIALS_FILE names a file that is not there.",
    );
  });

  it("reads no more of the aliyun CLI's file than the chosen profile", () => {
    const others = [{ name: "sso", mode: "CloudSSO", sts_expiration: "2026-01-01" }, { mode: 1 }, null];
    const config = { current: "plain", profiles: [...others, ...profiles] };
    const home = homeWith({ ".aliyun/config.json": JSON.stringify(config) });
    expect(readCredentials({}, home)).toEqual({ alibaba: plain });
    expect(readCredentials({ ALIBABA_CLOUD_PROFILE: "plain" }, home)).toEqual({ alibaba: plain });
  });

  it("does not use temporary keys of a browser login after their end", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    const withEnd = (end: number, type?: string) => {
      const tccli = { type, secretId: "id", secretKey: "key", token: "token", expiresAt: end };
      return readCredentials({}, homeWith({ ".tccli/default.credential": JSON.stringify(tccli) }), now);
    };
    const [before, after] = [now.getTime() / 1000 - 1, now.getTime() / 1000 + 1];
    const { faults, ...rest } = withEnd(before, "oauth");
    expect(rest).toEqual({});
    expect(String(faults?.tencent)).toMatch(
      /^The temporary key in .* expired on 2025-12-31T23:59:59\.000Z: log in again/,
    );
    expect(Object.keys(withEnd(after, "oauth"))).toEqual(["tencent"]);
    // Left over from a login: only in a profile of that type does it count.
    expect(Object.keys(withEnd(before))).toEqual(["tencent"]);
  });

  it("uses an StsToken profile whatever end a login of another mode left in it", () => {
    const sts = { name: "default", mode: "StsToken", access_key_id: "id", access_key_secret: "key", sts_token: "t" };
    const withEnd = (end: unknown) =>
      JSON.stringify({ current: "default", profiles: [{ ...sts, sts_expiration: end }] });
    for (const end of [1_700_000_000, "2023-11-14"]) {
      expect(readCredentials({}, homeWith({ ".aliyun/config.json": withEnd(end) }))).toEqual({
        alibaba: { id: "id", key: "key", token: "t" },
      });
    }
  });
});
