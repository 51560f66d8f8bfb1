import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import type { ProxySettings } from "./proxy.js";

export interface ConnectionOptions {
  /** Limit for establishing a connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Longest pause inside a reply, in milliseconds; default 15 seconds. */
  readonly bodyTimeout?: number;
  readonly proxy?: ProxySettings | undefined;
}

const BODY_TIMEOUT = 15_000;

/**
 * Most connections to one address at a time; further calls wait. The highest of the vendors' rates allows this many
 * calls in two seconds.
 */
export const CONNECTIONS = 64;

/** Kept-alive connections, direct or through the proxy. Redirects are not followed, certificates always checked. */
export function dispatcherFor({ connectTimeout, bodyTimeout = BODY_TIMEOUT, proxy }: ConnectionOptions): Dispatcher {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn the check off for everything.
  const tls = { timeout: connectTimeout, rejectUnauthorized: true };
  const options = { connections: CONNECTIONS, connect: tls, bodyTimeout };
  if (proxy === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy.address.href,
    // No cloud is reached over http; any value here, even an empty one, keeps undici from reading the environment.
    httpProxy: "",
    noProxy: proxy.except,
    proxyTls: tls,
    requestTls: tls,
    // A proxy that accepts the connection and then stays silent counts as a failed connection.
    clientFactory: (origin, own) => new Pool(origin, { ...own, headersTimeout: connectTimeout }),
  });
}
