import type { EnvironmentVariables } from "../lib/environment.js";
import { unlessThrown } from "../lib/failure.js";

/** A proxy between this server and the clouds. */
export interface ProxySettings {
  /** May contain a name and password. */
  readonly address: URL;
  /** Hosts that are reached without it, as listed in `NO_PROXY`. */
  readonly except: string;
}

/** A stand-in for a cloud on this computer is never reached through a proxy, whatever `NO_PROXY` says. */
const loopback = "localhost,127.0.0.1,[::1]";

/** Variables that may hold a proxy's password, whether or not this program reads them. */
export const proxyVariables: readonly string[] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/**
 * Reads `HTTPS_PROXY` and `NO_PROXY`; the lower-case names take precedence, as everywhere. Every cloud is reached over
 * https, so `HTTP_PROXY` is ignored.
 * @throws {Error} if the address is invalid; the message repeats it only if it cannot contain a password
 */
export function proxyFrom(env: EnvironmentVariables): ProxySettings | undefined {
  const value = env.https_proxy || env.HTTPS_PROXY;
  if (!value) return undefined;
  const address = URL.canParse(value) ? new URL(value) : undefined;
  const usable = address !== undefined && ["http:", "https:"].includes(address.protocol);
  if (!usable || decoded(address.username) === undefined || decoded(address.password) === undefined) {
    throw new Error(
      `HTTPS_PROXY is not the address of a proxy, http://HOST:PORT or https://HOST:PORT${suggestAddress(value)}`,
    );
  }
  const except = env.no_proxy || env.NO_PROXY;
  return { address, except: except ? `${loopback},${except}` : loopback };
}

/** What to write in place of an address that is nearly one; with more in it than host and port, it is not repeated. */
function suggestAddress(given: string): string {
  const [, scheme, place] =
    /^(?:([a-z][a-z\d+]*):\/\/)?((?:[\w.-]+|\[[\da-f:]+\]):\d{1,5})\/?$/i.exec(given.trim()) ?? [];
  if (/^socks/i.test(scheme ?? given)) {
    return ". SOCKS is not supported: name the HTTP port of the same proxy program, which usually has one";
  }
  return scheme === undefined && place !== undefined ? `; write http://${place}` : "";
}

/** The text without percent escapes; undefined if they are invalid. */
const decoded = (part: string) => unlessThrown(() => decodeURIComponent(part));
