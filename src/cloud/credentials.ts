import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseIni } from "ini";
import { z } from "zod";
import type { Cloud } from "../catalogue/services.js";

/** Keys of one account on each cloud, as the vendors' own tools name them. */
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

/** Either signed with keys, or carrying a token from IAM. */
export type HuaweiCredentials = HuaweiKeys | { readonly authToken: string };

export interface Credentials {
  readonly tencent?: TencentCredentials;
  readonly alibaba?: AlibabaCredentials;
  readonly huawei?: HuaweiCredentials;
  /** The project that the operator works in; not a secret. */
  readonly huaweiProjectId?: string;
}

/** The id of the credential that calls to a cloud are signed with; not a secret. */
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

/** What a person sets to give the server access to a cloud, in the order of preference. */
export const credentialVariables: Readonly<Record<Cloud, string>> = {
  tencent: "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY",
  alibaba: "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  huawei: "HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID",
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the credentials that the vendors' SDKs and CLIs would find (FACTS.md section 5): the environment first, then
 * their files below `home`. A file that is missing, unreadable or of a kind that needs a role or a browser is passed
 * over, as the vendors' own chains do.
 */
export function readCredentials(env: Environment, home: string): Credentials {
  const tencent = tencentFromEnvironment(env) ?? tencentFromFiles(home);
  const alibaba = alibabaFromEnvironment(env) ?? alibabaFromFiles(env, home);
  const huaweiFile = readHuaweiFile(env, home);
  const huawei = huaweiFromEnvironment(env) ?? huaweiFile?.keys;
  const huaweiProjectId = env.HUAWEICLOUD_SDK_PROJECT_ID || huaweiFile?.projectId;
  return {
    ...(tencent && { tencent }),
    ...(alibaba && { alibaba }),
    ...(huawei && { huawei }),
    ...(huaweiProjectId && { huaweiProjectId }),
  };
}

function tencentKeys(id?: string, key?: string, token?: string): TencentCredentials | undefined {
  return id && key ? { secretId: id, secretKey: key, ...(token && { token }) } : undefined;
}

function tencentFromEnvironment(env: Environment): TencentCredentials | undefined {
  // Three tools of the vendor, three names for the token: Node SDK, tccli, Terraform provider.
  const token = env.TENCENTCLOUD_SESSION_TOKEN || env.TENCENTCLOUD_TOKEN || env.TENCENTCLOUD_SECURITY_TOKEN;
  return tencentKeys(env.TENCENTCLOUD_SECRET_ID, env.TENCENTCLOUD_SECRET_KEY, token);
}

const tencentSection = z.object({ secret_id: z.string(), secret_key: z.string(), token: z.string().optional() });
const tccliCredential = z.object({ secretId: z.string(), secretKey: z.string(), token: z.string().nullish() });

function tencentFromFiles(home: string): TencentCredentials | undefined {
  for (const path of [join(home, ".tencentcloud", "credentials"), "/etc/tencentcloud/credentials"]) {
    const section = tencentSection.safeParse(readIni(path)?.default).data;
    if (section) return tencentKeys(section.secret_id, section.secret_key, section.token);
  }
  const cli = tccliCredential.safeParse(readJson(join(home, ".tccli", "default.credential"))).data;
  return cli && tencentKeys(cli.secretId, cli.secretKey, cli.token ?? undefined);
}

function alibabaKeys(id?: string, secret?: string, token?: string): AlibabaCredentials | undefined {
  return id && secret
    ? { accessKeyId: id, accessKeySecret: secret, ...(token && { securityToken: token }) }
    : undefined;
}

function alibabaFromEnvironment(env: Environment): AlibabaCredentials | undefined {
  return alibabaKeys(
    env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    env.ALIBABA_CLOUD_SECURITY_TOKEN,
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

function alibabaFromFiles(env: Environment, home: string): AlibabaCredentials | undefined {
  if (env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED?.toLowerCase() !== "true") {
    const config = aliyunConfig.safeParse(readJson(join(home, ".aliyun", "config.json"))).data;
    const name = env.ALIBABA_CLOUD_PROFILE || config?.current;
    const profile = config?.profiles.find((candidate) => candidate.name === name);
    if (profile?.mode === "AK" || profile?.mode === "StsToken") {
      const token = profile.mode === "StsToken" ? profile.sts_token : undefined;
      return alibabaKeys(profile.access_key_id, profile.access_key_secret, token);
    }
  }
  const path = env.ALIBABA_CLOUD_CREDENTIALS_FILE || join(home, ".alibabacloud", "credentials");
  const section = alibabaSection.safeParse(readIni(path)?.[env.ALIBABA_CLOUD_PROFILE || "default"]).data;
  return section && alibabaKeys(section.access_key_id, section.access_key_secret, section.security_token);
}

function huaweiKeys(accessKey?: string, secretKey?: string, token?: string): HuaweiKeys | undefined {
  return accessKey && secretKey ? { accessKey, secretKey, ...(token && { securityToken: token }) } : undefined;
}

function huaweiFromEnvironment(env: Environment): HuaweiCredentials | undefined {
  // The HW_ names are those of the vendor's Terraform provider; the SDK has none for a token from IAM.
  return (
    huaweiKeys(env.HUAWEICLOUD_SDK_AK, env.HUAWEICLOUD_SDK_SK, env.HUAWEICLOUD_SDK_SECURITY_TOKEN) ??
    huaweiKeys(env.HW_ACCESS_KEY, env.HW_SECRET_KEY) ??
    (env.HW_AUTH_TOKEN ? { authToken: env.HW_AUTH_TOKEN } : undefined)
  );
}

const huaweiSection = z.object({
  ak: z.string(),
  sk: z.string(),
  security_token: z.string().optional(),
  project_id: z.string().optional(),
});

function readHuaweiFile(env: Environment, home: string): { keys?: HuaweiKeys; projectId?: string } | undefined {
  const path = env.HUAWEICLOUD_SDK_CREDENTIALS_FILE || join(home, ".huaweicloud", "credentials");
  const section = huaweiSection.safeParse(readIni(path)?.basic).data;
  if (section === undefined) return undefined;
  const keys = huaweiKeys(section.ak, section.sk, section.security_token);
  return { ...(keys && { keys }), ...(section.project_id && { projectId: section.project_id }) };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
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
