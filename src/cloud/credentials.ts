import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseIni } from "ini";
import { z } from "zod";
import type { Cloud } from "../catalogue/services.js";
import { writtenPath } from "../lib/paths.js";
import { credentialFault, type Setting, trimmed } from "./credential-text.js";

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

/** Requests are either signed with keys or carry an IAM token. */
export type HuaweiCredentials = HuaweiKeys | { readonly authToken: string };

export interface Credentials {
  readonly tencent?: TencentCredentials;
  readonly alibaba?: AlibabaCredentials;
  readonly huawei?: HuaweiCredentials;
  /** The operator's project; not a secret. */
  readonly huaweiProjectId?: string;
  /** Why what is set for a cloud cannot be a credential, in a sentence that does not repeat it. */
  readonly faults?: Partial<Readonly<Record<Cloud, string>>>;
}

/** Whether the operator has set anything for a cloud, usable or not. */
export function isSetFor({ faults, ...credentials }: Credentials, cloud: Cloud): boolean {
  return credentials[cloud] !== undefined || faults?.[cloud] !== undefined;
}

/** The id of the credential that signs calls to a cloud; not a secret. */
export function credentialId({ tencent, alibaba, huawei }: Credentials, cloud: Cloud): string | undefined {
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

type Environment = Readonly<Record<string, string | undefined>>;

/** Keys, or why what is set is unusable. */
type Found<Keys> = { readonly keys: Keys } | { readonly fault: string };

/**
 * Reads the credentials that the vendors' SDKs and CLIs would find: the environment first, then their files below
 * `home`. Files that are missing, unreadable or need a role or a browser are skipped, as in the vendors' own chains.
 * Unusable values are not skipped: another account's key must not replace them.
 */
export function readCredentials(env: Environment, home: string): Credentials {
  const tencent = tencentFromEnvironment(env) ?? tencentFromFiles(home);
  const alibaba = alibabaFromEnvironment(env) ?? alibabaFromFiles(env, home);
  const huaweiFile = readHuaweiFile(env, home);
  const huawei = huaweiFromEnvironment(env) ?? huaweiFile?.found;
  const project = variable(env, "HUAWEICLOUD_SDK_PROJECT_ID") ?? huaweiFile?.project;
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

/** A non-empty variable. */
function variable(env: Environment, name: string): Setting | undefined {
  const value = env[name];
  return value ? { from: name, value } : undefined;
}

/** A field of a vendor's file. */
function member(path: string, name: string, value: string | null | undefined): Setting | undefined {
  return value ? { from: `${name} in ${path}`, value } : undefined;
}

/** Id, key and token as one credential; undefined if the id or the key is missing. */
function found<Keys>(
  id: Setting | undefined,
  key: Setting | undefined,
  token: Setting | undefined,
  keysOf: (id: string, key: string, token: string | undefined) => Keys,
): Found<Keys> | undefined {
  if (id === undefined || key === undefined) return undefined;
  const faults = [id, key, ...(token ? [token] : [])].flatMap((setting) => credentialFault(setting) ?? []);
  if (faults.length > 0) return { fault: faults.join(" ") };
  return { keys: keysOf(trimmed(id), trimmed(key), token && trimmed(token)) };
}

function tencentKeys(id?: Setting, key?: Setting, token?: Setting): Found<TencentCredentials> | undefined {
  return found(id, key, token, (secretId, secretKey, given) => ({
    secretId,
    secretKey,
    ...(given !== undefined && { token: given }),
  }));
}

function tencentFromEnvironment(env: Environment): Found<TencentCredentials> | undefined {
  // Three tools of the vendor use three names for the token: Node SDK, tccli, Terraform provider.
  const token =
    variable(env, "TENCENTCLOUD_SESSION_TOKEN") ??
    variable(env, "TENCENTCLOUD_TOKEN") ??
    variable(env, "TENCENTCLOUD_SECURITY_TOKEN");
  return tencentKeys(variable(env, "TENCENTCLOUD_SECRET_ID"), variable(env, "TENCENTCLOUD_SECRET_KEY"), token);
}

const tencentSection = z.object({ secret_id: z.string(), secret_key: z.string(), token: z.string().optional() });
const tccliCredential = z.object({ secretId: z.string(), secretKey: z.string(), token: z.string().nullish() });

function tencentFromFiles(home: string): Found<TencentCredentials> | undefined {
  for (const path of [join(home, ".tencentcloud", "credentials"), "/etc/tencentcloud/credentials"]) {
    const section = tencentSection.safeParse(readIni(path)?.default).data;
    if (section) {
      const { secret_id: id, secret_key: key, token } = section;
      return tencentKeys(member(path, "secret_id", id), member(path, "secret_key", key), member(path, "token", token));
    }
  }
  const path = join(home, ".tccli", "default.credential");
  const cli = tccliCredential.safeParse(readJson(path)).data;
  return (
    cli &&
    tencentKeys(
      member(path, "secretId", cli.secretId),
      member(path, "secretKey", cli.secretKey),
      member(path, "token", cli.token),
    )
  );
}

function alibabaKeys(id?: Setting, secret?: Setting, token?: Setting): Found<AlibabaCredentials> | undefined {
  return found(id, secret, token, (accessKeyId, accessKeySecret, given) => ({
    accessKeyId,
    accessKeySecret,
    ...(given !== undefined && { securityToken: given }),
  }));
}

function alibabaFromEnvironment(env: Environment): Found<AlibabaCredentials> | undefined {
  return alibabaKeys(
    variable(env, "ALIBABA_CLOUD_ACCESS_KEY_ID"),
    variable(env, "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
    variable(env, "ALIBABA_CLOUD_SECURITY_TOKEN"),
  );
}

const aliyunConfig = z.object({
  current: z.string().optional(),
  profiles: z.array(
    z.object({
      name: z.string(),
      mode: z.string(),
      access_key_id: z.string().optional(),
      access_key_secret: z.string().optional(),
      sts_token: z.string().optional(),
    }),
  ),
});
const alibabaSection = z.object({
  type: z.enum(["access_key", "sts"]),
  access_key_id: z.string(),
  access_key_secret: z.string(),
  security_token: z.string().optional(),
});

function alibabaFromFiles(env: Environment, home: string): Found<AlibabaCredentials> | undefined {
  if (env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED?.toLowerCase() !== "true") {
    const path = join(home, ".aliyun", "config.json");
    const config = aliyunConfig.safeParse(readJson(path)).data;
    const name = env.ALIBABA_CLOUD_PROFILE || config?.current;
    const profile = config?.profiles.find((candidate) => candidate.name === name);
    if (profile?.mode === "AK" || profile?.mode === "StsToken") {
      const token = profile.mode === "StsToken" ? profile.sts_token : undefined;
      return alibabaKeys(
        member(path, "access_key_id", profile.access_key_id),
        member(path, "access_key_secret", profile.access_key_secret),
        member(path, "sts_token", token),
      );
    }
  }
  const path = fileNamed(env.ALIBABA_CLOUD_CREDENTIALS_FILE, home) ?? join(home, ".alibabacloud", "credentials");
  const section = alibabaSection.safeParse(readIni(path)?.[env.ALIBABA_CLOUD_PROFILE || "default"]).data;
  return (
    section &&
    alibabaKeys(
      member(path, "access_key_id", section.access_key_id),
      member(path, "access_key_secret", section.access_key_secret),
      member(path, "security_token", section.security_token),
    )
  );
}

function huaweiKeys(ak?: Setting, sk?: Setting, token?: Setting): Found<HuaweiCredentials> | undefined {
  return found(ak, sk, token, (accessKey, secretKey, given) => ({
    accessKey,
    secretKey,
    ...(given !== undefined && { securityToken: given }),
  }));
}

function huaweiFromEnvironment(env: Environment): Found<HuaweiCredentials> | undefined {
  // The HW_ names are those of the vendor's Terraform provider; the SDK has none for an IAM token.
  const token = variable(env, "HW_AUTH_TOKEN");
  return (
    huaweiKeys(
      variable(env, "HUAWEICLOUD_SDK_AK"),
      variable(env, "HUAWEICLOUD_SDK_SK"),
      variable(env, "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    ) ??
    huaweiKeys(variable(env, "HW_ACCESS_KEY"), variable(env, "HW_SECRET_KEY")) ??
    found(token, token, undefined, (authToken) => ({ authToken }))
  );
}

const huaweiSection = z.object({
  ak: z.string(),
  sk: z.string(),
  security_token: z.string().optional(),
  project_id: z.string().optional(),
});

interface HuaweiFile {
  readonly found: Found<HuaweiCredentials> | undefined;
  readonly project: Setting | undefined;
}

function readHuaweiFile(env: Environment, home: string): HuaweiFile | undefined {
  const path = fileNamed(env.HUAWEICLOUD_SDK_CREDENTIALS_FILE, home) ?? join(home, ".huaweicloud", "credentials");
  const section = huaweiSection.safeParse(readIni(path)?.basic).data;
  if (section === undefined) return undefined;
  const { ak, sk, security_token: token, project_id: project } = section;
  return {
    found: huaweiKeys(member(path, "ak", ak), member(path, "sk", sk), member(path, "security_token", token)),
    project: member(path, "project_id", project),
  };
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
