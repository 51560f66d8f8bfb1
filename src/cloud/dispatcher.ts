import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import type { ProxySettings } from "./proxy.js";

export interface ConnectionOptions {
  /** Limit on establishing a connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Longest silence inside a reply, in milliseconds. */
  readonly bodyTimeout: number;
  readonly proxy: ProxySettings | undefined;
}

/**
 * Most connections to one address at a time; further calls wait for one of them. It is what the highest of the vendors'
 * rates lets through in two seconds.
 */
export const CONNECTIONS = 64;

/** Kept-alive connections, straight or through the proxy. Redirects are not followed, certificates always checked. */
export function dispatcherFor({ connectTimeout, bodyTimeout, proxy }: ConnectionOptions): Dispatcher {
  // Said in so many words, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise turn the check off for all.
  const tls = { timeout: connectTimeout, rejectUnauthorized: true };
  const options = { connections: CONNECTIONS, connect: tls, bodyTimeout };
  if (proxy === undefined) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpsProxy: proxy.address.href,
    // No cloud is reached over http; what is named here, even if it is nothing, keeps undici from the environment.
    httpProxy: "",
    noProxy: proxy.except,
    proxyTls: tls,
    requestTls: tls,
    // A proxy that takes the connection and says nothing is one through which there is no connection.
    clientFactory: (origin, own) => new Pool(origin, { ...own, headersTimeout: connectTimeout }),
  });
}
