import { homedir } from "node:os";
import { type Credentials, readCredentials } from "./cloud/credentials.js";
import { type ProxySettings, proxyFrom } from "./cloud/proxy.js";
import type { Configuration } from "./config/options.js";
import { ConfigurationError } from "./config.js";
import { credentialVariables } from "./sandbox/credentials.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What this run finds around it, besides its own settings. */
export interface Surroundings {
  readonly credentials: Credentials;
  readonly proxy: ProxySettings | undefined;
}

/**
 * Reads credentials and proxy from environment and files; with the sandbox neither, but the sandbox's own.
 * @throws {ConfigurationError} when the environment names a proxy that is none
 */
export function surroundingsOf({ sandbox }: Pick<Configuration, "sandbox">, env: Environment): Surroundings {
  if (sandbox) return { credentials: readCredentials(credentialVariables, "/nonexistent"), proxy: undefined };
  return { credentials: readCredentials(env, homedir()), proxy: proxyIn(env) };
}

function proxyIn(env: Environment): ProxySettings | undefined {
  try {
    return proxyFrom(env);
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error));
  }
}

/** What is masked wherever it stands: the secret parts of the credentials, whose ids may be shown. */
export function secretsOf({ tencent, alibaba, huawei }: Credentials): string[] {
  const huaweiSecrets =
    huawei && "authToken" in huawei ? [huawei.authToken] : [huawei?.secretKey, huawei?.securityToken];
  return [
    tencent?.secretKey,
    tencent?.token,
    alibaba?.accessKeySecret,
    alibaba?.securityToken,
    ...huaweiSecrets,
  ].filter((secret) => secret !== undefined);
}
