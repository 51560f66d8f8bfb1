import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { setTimeout } from "node:timers/promises";
import { hostOf, type Service, type ServiceId } from "./catalogue/services.js";
import { CloudClient } from "./cloud/client.js";
import { type Credentials, readCredentials } from "./cloud/credentials.js";
import { type ProxySettings, proxyFrom } from "./cloud/proxy.js";
import { Transport } from "./cloud/transport.js";
import { type Configuration, ConfigurationError } from "./config.js";
import type { EdgeOptions } from "./edge/edge.js";

/** Limit on establishing a connection, in milliseconds. */
export const CONNECT_TIMEOUT = 10_000;

/** Far above any documented reply, a certificate list of 1,000 included. */
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the server works on: the clouds, or the sandbox. */
export interface Ground {
  readonly credentials: Credentials;
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  /** What stands in for the clouds' edge, and the roots to trust there; none where it is the real one. */
  readonly edge: Pick<EdgeOptions, "roots"> & { readonly addresses: EdgeOptions["standIns"] };
  /** What the operator should know. */
  readonly notice?: string;
  close(): Promise<void>;
}

export async function openGround(configuration: Configuration, env: Environment): Promise<Ground> {
  if (configuration.sandbox) return startSandboxGround(configuration);
  return {
    credentials: readCredentials(env, homedir()),
    endpoints: configuration.endpoint,
    edge: { addresses: [] },
    close: async () => {},
  };
}

async function startSandboxGround({ sandboxSpeed, endpoint }: Configuration): Promise<Ground> {
  // Loaded only here: it brings an X.509 and a zip library along.
  const { startSandbox } = await import("./sandbox/server.js");
  const sandbox = await startSandbox({ speed: sandboxSpeed });
  const addresses = Object.entries(sandbox.endpoints).map(([id, address]) => [id, new URL(address)] as const);
  return {
    credentials: readCredentials(sandbox.env, "/nonexistent"),
    endpoints: { ...Object.fromEntries(addresses), ...endpoint },
    edge: { addresses: sandbox.edge.addresses, roots: [sandbox.edge.rootPem] },
    notice: `sandbox is up; what it holds: ${sandbox.control}/state`,
    close: () => sandbox.close(),
  };
}

/**
 * What calls go out by, as the operator configured it.
 * @throws {ConfigurationError} when the environment names a proxy that is none
 */
export function cloudOn(
  { credentials, endpoints }: Ground,
  configuration: Configuration,
  env: Environment,
  log: (line: string) => void,
) {
  const transport = new Transport({
    connectTimeout: CONNECT_TIMEOUT,
    maxReplyBytes: MAX_REPLY_BYTES,
    proxy: configuration.sandbox ? undefined : proxyIn(env),
  });
  const cloud = new CloudClient({
    credentials,
    endpoints,
    site: configuration.site,
    regions: regionsOf(configuration, env),
    tencentSignature: configuration.tencentSignature,
    timeout: configuration.timeout,
    transport,
    now: () => new Date(),
    nonce: () => randomUUID().replaceAll("-", ""),
    elapsed: () => performance.now(),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
    random: Math.random,
    log,
  });
  return { cloud, transport };
}

function proxyIn(env: Environment): ProxySettings | undefined {
  try {
    return proxyFrom(env);
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error));
  }
}

/** Where calls to a service go. */
export function addressOf(service: Service, { endpoints }: Ground, configuration: Configuration, env: Environment) {
  const region = regionsOf(configuration, env)[service.cloud];
  return endpoints[service.id] ?? new URL(`https://${hostOf(service, configuration.site, region)}/`);
}

function regionsOf(configuration: Configuration, env: Environment) {
  const { tencentRegion: tencent, alibabaRegion: alibaba } = configuration;
  const huawei = configuration.huaweiRegion ?? env.HW_REGION_NAME;
  return { ...(tencent && { tencent }), ...(alibaba && { alibaba }), ...(huawei && { huawei }) };
}

/** The parts of the credentials that must never be shown; their ids may. */
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
