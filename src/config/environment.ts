import { homedir } from "node:os";
import { type Credentials, readCredentials } from "../cloud/credentials.js";
import { type ProxySettings, proxyFrom } from "../cloud/proxy.js";
import { messageOf } from "../lib/failure.js";
import { sandboxCredentialVariables } from "../sandbox/credentials.js";
import { asRegion } from "./kinds.js";
import type { Configuration } from "./options.js";
import { ConfigurationError } from "./read.js";

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What this run takes from its environment, apart from its own settings. */
export interface RuntimeEnvironment {
  readonly credentials: Credentials;
  readonly proxy: ProxySettings | undefined;
}

/**
 * Reads credentials and proxy from environment and files; with the sandbox, uses the sandbox's own instead.
 * @throws {ConfigurationError} if the environment names an invalid proxy or region
 */
export function readRuntimeEnvironment(
  { sandbox }: Pick<Configuration, "sandbox">,
  env: EnvironmentVariables,
): RuntimeEnvironment {
  if (sandbox) return { credentials: readCredentials(sandboxCredentialVariables, "/nonexistent"), proxy: undefined };
  checkRegion(env);
  return { credentials: readCredentials(env, homedir()), proxy: proxyIn(env) };
}

function proxyIn(env: EnvironmentVariables): ProxySettings | undefined {
  return checked(() => proxyFrom(env));
}

/** The variable of the vendor's Terraform provider becomes part of a host, like the setting that precedes it. */
function checkRegion({ HW_REGION_NAME: region }: EnvironmentVariables): void {
  if (region) checked(() => asRegion(region), "HW_REGION_NAME: ");
}

function checked<Value>(read: () => Value, where = ""): Value {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationError(`${where}${messageOf(error)}`);
  }
}

/** What is masked everywhere: the secret parts of the credentials. Their ids may be shown. */
export function configuredSecrets({ tencent, alibaba, huawei }: Credentials): string[] {
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
