import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseIni } from "ini";
import { z } from "zod";
import { type Cloud, clouds } from "../catalogue/services.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { writtenPath } from "../lib/paths.js";
import { sha256Hex } from "../lib/sha256.js";
import { credentialFault, mayBeKey, type Setting, swapFault, trimmed } from "./credential-text.js";

/** Keys of one account on each cloud, named as in the vendors' own tools. */
export interface TencentCredentials {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

export interface AlibabaCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface HuaweiKeys {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken?: string;
}

/** Id, key and token of a credential, whatever the cloud calls them. */
export interface KeyParts {
  readonly id: string;
  readonly key: string;
  readonly token?: string;
}

/** Requests are either signed with keys or carry an IAM token. */
export type HuaweiCredentials = HuaweiKeys | { readonly authToken: string };

export interface Credentials {
  readonly tencent?: TencentCredentials;
  readonly alibaba?: AlibabaCredentials;
  readonly huawei?: HuaweiCredentials;
  /** The operator's project; not a secret. */
  readonly huaweiProjectId?: string;
  /** Roles that are assumed, by their names in the cloud: each call is signed with temporary keys of the role. */
  readonly roles?: Partial<Readonly<Record<Cloud, string>>>;
  /** Why what is set for a cloud cannot be a credential, in a sentence that does not repeat it. */
  readonly faults?: Partial<Readonly<Record<Cloud, string>>>;
}

/** Whether the operator has set anything for a cloud, usable or not. */
export function isSetFor({ faults, roles, ...credentials }: Credentials, cloud: Cloud): boolean {
  return credentials[cloud] !== undefined || roles?.[cloud] !== undefined || faults?.[cloud] !== undefined;
}

/** The id of the credential that signs calls to a cloud, or the role that it signs for; not a secret. */
export function credentialId(credentials: Credentials, cloud: Cloud): string | undefined {
  const role = credentials.roles?.[cloud];
  if (role !== undefined) return role;
  const id = idAsSet(credentials, cloud);
  return id !== undefined && mayBeKey(id) ? `id of unusual form (hash ${sha256Hex(id).slice(0, 8)})` : id;
}

function idAsSet({ tencent, alibaba, huawei }: Credentials, cloud: Cloud): string | undefined {
  switch (cloud) {
    case "tencent":
      return tencent?.secretId;
    case "alibaba":
      return alibaba?.accessKeyId;
    case "huawei":
      return huawei && ("authToken" in huawei ? "token from IAM" : huawei.accessKey);
  }
}

/** What a person sets to give the server access to a cloud, in order of preference. */
export const credentialVariables: Readonly<Record<Cloud, string>> = {
  tencent: "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY",
  alibaba: "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  huawei: "HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID",
};

/** Keys, or why what is set is unusable. */
type Found<Keys> = { readonly keys: Keys } | { readonly fault: string };

/**
 * Reads the credentials that the vendors' SDKs and CLIs would find: the environment first, then their files below
 * `home`. Files that are missing, unreadable or need a role or a browser are skipped, as in the vendors' own chains.
 * Unusable values are not skipped: another account's key must not replace them.
 */
export function readCredentials(env: EnvironmentVariables, home: string): Credentials {
  const variable = settingsIn(env, (name) => name);
  const tencent = found(variable, tencentVariables, tencentKeys) ?? tencentInFiles(home);
  const alibaba = found(variable, alibabaVariables, alibabaKeys) ?? alibabaInFiles(env, home);
  const huaweiFile = huaweiFields(env, home);
  const token = variable(tokenVariable);
  const huawei =
    found(variable, huaweiVariables, huaweiKeys) ??
    found(variable, terraformVariables, huaweiKeys) ??
    (token && checked([token], ([authToken = ""]) => ({ authToken }))) ??
    (huaweiFile && found(huaweiFile, huaweiNames, huaweiKeys));
  const project = variable("HUAWEICLOUD_SDK_PROJECT_ID") ?? huaweiFile?.("project_id");
  const projectFault = project && credentialFault(project);
  const faults = {
    ...faultOf("tencent", tencent),
    ...faultOf("alibaba", alibaba),
    ...faultOf("huawei", projectFault === undefined ? huawei : { fault: projectFault }),
  };
  return {
    ...(tencent && "keys" in tencent && { tencent: tencent.keys }),
    ...(alibaba && "keys" in alibaba && { alibaba: alibaba.keys }),
    ...(huawei && "keys" in huawei && projectFault === undefined && { huawei: huawei.keys }),
    ...(project && projectFault === undefined && { huaweiProjectId: trimmed(project) }),
    ...(Object.keys(faults).length > 0 && { faults }),
  };
}

function faultOf(cloud: Cloud, found: Found<unknown> | undefined): Partial<Record<Cloud, string>> {
  return found && "fault" in found ? { [cloud]: found.fault } : {};
}

/** The parts of a credential by name; of several tokens the first one set counts. */
type Names = readonly [id: string, key: string, ...tokens: string[]];

/** Finds a setting that is not empty by its name. */
type Settings = (name: string) => Setting | undefined;

function settingsIn(
  values: Readonly<Record<string, string | null | undefined>>,
  from: (name: string) => string,
): Settings {
  return (name) => {
    const value = values[name];
    return value ? { from: from(name), value } : undefined;
  };
}

/** The fields of a vendor's file; undefined if it lacks id or key. */
function fieldsOf(path: string, content: unknown, [id, key, ...others]: Names): Settings | undefined {
  const optional = Object.fromEntries(others.map((name) => [name, z.string().nullish()]));
  const fields = z.object({ ...optional, [id]: z.string(), [key]: z.string() }).safeParse(content).data;
  return fields && settingsIn(fields, (name) => `${name} in ${path}`);
}

/** Id, key and token as one credential; undefined if the id or the key is missing. */
function found<Keys>(
  settings: Settings,
  [idName, keyName, ...tokenNames]: Names,
  keysOf: (parts: KeyParts) => Keys,
): Found<Keys> | undefined {
  const [id, key, [token]] = [settings(idName), settings(keyName), tokenNames.flatMap((name) => settings(name) ?? [])];
  if (id === undefined || key === undefined) return undefined;
  const swapped = swapFault(id, key);
  if (swapped !== undefined) return { fault: swapped };
  return checked([id, key, ...(token ? [token] : [])], ([first = "", second = "", third]) =>
    keysOf({ id: first, key: second, ...(third !== undefined && { token: third }) }),
  );
}

function checked<Keys>(settings: readonly Setting[], keysOf: (values: readonly string[]) => Keys): Found<Keys> {
  const faults = settings.flatMap((setting) => credentialFault(setting) ?? []);
  return faults.length > 0 ? { fault: faults.join(" ") } : { keys: keysOf(settings.map(trimmed)) };
}

/** Three tools of the vendor use three names for the token: Node SDK, tccli, Terraform provider. */
const tencentVariables: Names = [
  "TENCENTCLOUD_SECRET_ID",
  "TENCENTCLOUD_SECRET_KEY",
  "TENCENTCLOUD_SESSION_TOKEN",
  "TENCENTCLOUD_TOKEN",
  "TENCENTCLOUD_SECURITY_TOKEN",
];

export function tencentKeys({ id: secretId, key: secretKey, token }: KeyParts): TencentCredentials {
  return { secretId, secretKey, ...(token !== undefined && { token }) };
}

function tencentInFiles(home: string): Found<TencentCredentials> | undefined {
  const ini: Names = ["secret_id", "secret_key", "token"];
  for (const path of [join(home, ".tencentcloud", "credentials"), "/etc/tencentcloud/credentials"]) {
    const section = fieldsOf(path, readIni(path)?.default, ini);
    if (section) return found(section, ini, tencentKeys);
  }
  const path = join(home, ".tccli", "default.credential");
  const json: Names = ["secretId", "secretKey", "token"];
  const cli = fieldsOf(path, readJson(path), json);
  return cli && found(cli, json, tencentKeys);
}

const alibabaVariables: Names = [
  "ALIBABA_CLOUD_ACCESS_KEY_ID",
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  "ALIBABA_CLOUD_SECURITY_TOKEN",
];

export function alibabaKeys({ id: accessKeyId, key: accessKeySecret, token }: KeyParts): AlibabaCredentials {
  return { accessKeyId, accessKeySecret, ...(token !== undefined && { securityToken: token }) };
}

const aliyunProfile = z.object({
  name: z.string(),
  mode: z.string(),
  access_key_id: z.string().optional(),
  access_key_secret: z.string().optional(),
  sts_token: z.string().optional(),
});
const aliyunConfig = z.object({ current: z.string().optional(), profiles: z.array(aliyunProfile) });
const alibabaType = z.object({ type: z.enum(["access_key", "sts"]) });

function alibabaInFiles(env: EnvironmentVariables, home: string): Found<AlibabaCredentials> | undefined {
  if (env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED?.toLowerCase() !== "true") {
    const path = join(home, ".aliyun", "config.json");
    const config = aliyunConfig.safeParse(readJson(path)).data;
    const name = env.ALIBABA_CLOUD_PROFILE || config?.current;
    const { mode, ...fields } = config?.profiles.find((candidate) => candidate.name === name) ?? {};
    if (mode === "AK" || mode === "StsToken") {
      const tokens = mode === "StsToken" ? ["sts_token"] : [];
      const profile = settingsIn(fields, (field) => `${field} in ${path}`);
      return found(profile, ["access_key_id", "access_key_secret", ...tokens], alibabaKeys);
    }
  }
  const path = fileNamed(env.ALIBABA_CLOUD_CREDENTIALS_FILE, home) ?? join(home, ".alibabacloud", "credentials");
  const content = readIni(path)?.[env.ALIBABA_CLOUD_PROFILE || "default"];
  const names: Names = ["access_key_id", "access_key_secret", "security_token"];
  const section = alibabaType.safeParse(content).success ? fieldsOf(path, content, names) : undefined;
  return section && found(section, names, alibabaKeys);
}

const huaweiVariables: Names = ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"];
/** Those of the vendor's Terraform provider; the SDK has none for an IAM token. */
const terraformVariables: Names = ["HW_ACCESS_KEY", "HW_SECRET_KEY"];
const tokenVariable = "HW_AUTH_TOKEN";

/** Whether a credential may be in the variable of this name. */
export function isCredentialVariable(name: string): boolean {
  return [...tencentVariables, ...alibabaVariables, ...huaweiVariables, ...terraformVariables, tokenVariable].includes(
    name,
  );
}

const huaweiNames: Names = ["ak", "sk", "security_token"];

/** What must be masked in everything that leaves the process: ids may be shown unless they may be keys. */
export function secretsOfCredentials(credentials: Credentials): string[] {
  const { tencent, alibaba, huawei } = credentials;
  const ids = clouds.map((cloud) => idAsSet(credentials, cloud));
  const huaweiSecrets =
    huawei && "authToken" in huawei ? [huawei.authToken] : [huawei?.secretKey, huawei?.securityToken];
  return [
    tencent?.secretKey,
    tencent?.token,
    alibaba?.accessKeySecret,
    alibaba?.securityToken,
    ...huaweiSecrets,
    ...ids.filter((id) => id !== undefined && mayBeKey(id)),
  ].filter((secret) => secret !== undefined);
}

export function huaweiKeys({ id: accessKey, key: secretKey, token }: KeyParts): HuaweiKeys {
  return { accessKey, secretKey, ...(token !== undefined && { securityToken: token }) };
}

function huaweiFields(env: EnvironmentVariables, home: string): Settings | undefined {
  const path = fileNamed(env.HUAWEICLOUD_SDK_CREDENTIALS_FILE, home) ?? join(home, ".huaweicloud", "credentials");
  return fieldsOf(path, readIni(path)?.basic, [...huaweiNames, "project_id"]);
}

/** The file that a variable names; anything that is not a path is left unchanged, and will not be found. */
export function fileNamed(value: string | undefined, home: string): string | undefined {
  if (!value) return undefined;
  try {
    return writtenPath(value, home);
  } catch {
    return value;
  }
}

/** Windows editors begin a file with a byte order mark. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch {
    return undefined;
  }
}

function readIni(path: string): Record<string, unknown> | undefined {
  const text = readText(path);
  return text === undefined ? undefined : parseIni(text);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readText(path) ?? "null");
  } catch {
    return undefined;
  }
}
