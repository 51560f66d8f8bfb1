/** A proxy on the way to the clouds. */
export interface ProxySettings {
  /** May hold a name and password. */
  readonly address: URL;
  /** Hosts that are reached without it, as `NO_PROXY` has them. */
  readonly except: string;
}

/** What stands in for a cloud on this computer is not reached through a proxy, whatever `NO_PROXY` says. */
const loopback = "localhost,127.0.0.1,[::1]";

type Environment = Readonly<Record<string, string | undefined>>;

const variables = ["https_proxy", "HTTPS_PROXY"] as const;

/**
 * Reads `HTTPS_PROXY` and `NO_PROXY`; in lower case they win, as everywhere. Every cloud is reached over https, so that
 * `HTTP_PROXY` plays no part.
 * @throws {Error} when the address is none; the message does not repeat it, because it may hold a password
 */
export function proxyFrom(env: Environment): ProxySettings | undefined {
  const value = variables.map((name) => env[name]).find(Boolean);
  if (!value) return undefined;
  const address = URL.canParse(value) ? new URL(value) : undefined;
  const usable = address !== undefined && ["http:", "https:"].includes(address.protocol);
  if (!usable || decoded(address.username) === undefined || decoded(address.password) === undefined) {
    throw new Error("HTTPS_PROXY is not the address of a proxy, http://HOST:PORT or https://HOST:PORT");
  }
  const except = env.no_proxy || env.NO_PROXY;
  return { address, except: except ? `${loopback},${except}` : loopback };
}

/** Without the escapes of an address; undefined where they are none. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
