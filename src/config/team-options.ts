import { isIP } from "node:net";
import { isSecure } from "../lib/secure-url.js";
import { asKeyReference } from "./database.js";
import {
  anyText,
  duration,
  oneOf,
  optional,
  path,
  positive,
  repeatable,
  seconds,
  toggle,
  value,
} from "./option-types.js";

/** An address and a port to listen on; `host` is without the brackets of IPv6. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `any` is for issuers whose access tokens do not say that they are access tokens. */
export const accessTokenTypes = ["at+jwt", "any"] as const;

/** The settings of `serve` alone: the team's server over HTTP. Flags and variables are named like all others. */
export const teamOptions = {
  http: listenAddress("Address to listen on for MCP over Streamable HTTP; the endpoint is /mcp"),
  publicUrl: optional(
    "URL",
    "Origin at which clients reach this server, e.g. https://certs.example.com. Default: that of --http on loopback",
    asOrigin,
  ),
  httpSessions: toggle(
    "Keep MCP sessions in memory. With several servers, the load balancer must route each session to the same server",
  ),
  tlsCert: path("PATH", "Certificate chain in PEM for HTTPS; read again when it changes", "file"),
  tlsKey: path("PATH", "Private key for --tls-cert, in PEM", "file"),
  behindTlsProxy: toggle("A proxy in front of this server terminates TLS; allows plain HTTP on non-loopback addresses"),
  trustedProxies: repeatable(
    "A,B",
    "Addresses or CIDR ranges of proxies whose X-Forwarded headers are trusted. Default: none",
    asNetwork,
  ),
  allowedHosts: repeatable("A,B", "Host headers to accept in addition to that of --public-url", asHost),
  allowedOrigins: repeatable(
    "A,B",
    "Origins of web pages that may call this server, in addition to its own. Default: none",
    (text) => asOrigin(text).origin,
  ),
  issuer: optional("URL", "Issuer of the access tokens that are accepted (OAuth 2.1, OpenID Connect)", asIssuer),
  audience: optional(
    "URL",
    "Audience that access tokens must have. Default: the URL of the endpoint, --public-url followed by /mcp",
    anyText,
  ),
  accessTokenType: value<(typeof accessTokenTypes)[number]>(
    "TYPE",
    `Required type (typ) of access tokens: ${accessTokenTypes.join(", ")}. Default: at+jwt (RFC 9068)`,
    "at+jwt",
    (text) => oneOf(accessTokenTypes, text),
  ),
  tokenLifetime: seconds("Maximum age of an access token, even if its exp claim is later", 3_600),
  groupsClaim: value<string>(
    "NAME",
    "Claim of access tokens that lists a person's groups. Default: groups",
    "groups",
    anyText,
  ),
  tokens: path("PATH", "File of static tokens, see `cloudcert-mcp tokens`. Default: no static tokens", "file"),
  rules: path(
    "PATH",
    "YAML file that says who may read, change, ask for and approve what. Default: nobody may change anything",
    "file",
  ),
  loginClient: optional(
    "ID",
    "Client id at --issuer for the pages on which people approve and upload. Default: no pages",
    anyText,
  ),
  loginSecret: optional(
    "env:NAME",
    "Client secret for --login-client, or file:/PATH. Default: a public client",
    asKeyReference,
  ),
  rateLimit: count("Maximum requests per minute by one person", 600),
  addressRateLimit: count("Maximum requests per minute from one address", 3_000),
  requestTime: duration("How long a client may take to send a request. Default: 30"),
  drainTime: seconds("On shutdown, how long to wait for clients to close keep-alive connections", 10),
  metrics: listenAddress("Serve Prometheus metrics at this address, under /metrics. Default: no metrics"),
};

export type TeamOptionName = keyof typeof teamOptions;
export type TeamConfiguration = { readonly [Name in TeamOptionName]: (typeof teamOptions)[Name]["fallback"] };

function listenAddress(help: string) {
  return optional("ADDRESS:PORT", help, asListenAddress);
}

function count(help: string, fallback: number) {
  return value("NUMBER", `${help}. Default: ${fallback}`, fallback, (text) => Math.ceil(positive(text)));
}

/** @throws {Error} unless it is an IP address or localhost, and a port */
function asListenAddress(value: string): ListenAddress {
  const [, bracketed, plain, port = ""] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+|localhost)):(\d{1,5})$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`"${value}" is not an address and a port, as in 127.0.0.1:8080 or [::1]:8080`);
  }
  return { host, port: Number(port) };
}

/** Whether only this computer can reach it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** @throws {Error} unless it is https, or http to a loopback address, and nothing but an origin */
function asOrigin(value: string): URL {
  const url = secureUrl(value);
  if (url.href !== `${url.origin}/`) throw new Error(`"${value}" must consist of scheme, host and port only`);
  return url;
}

/** @throws {Error} unless it is what a Host header can be */
function asHost(value: string): string {
  const host = value.toLowerCase();
  if (!/^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?$/.test(host))
    throw new Error(`"${value}" is not a host, as in certs.example.com or certs.example.com:8443`);
  return host;
}

/** Unchanged: issuers are compared character by character, so a final slash counts. */
function asIssuer(value: string): string {
  const url = secureUrl(value);
  // RFC 8414, section 2: no query and no fragment.
  if (url.search !== "" || url.hash !== "" || url.username !== "")
    throw new Error(`"${value}" is not a valid issuer URL: it must have no query, fragment or user name`);
  return value;
}

function secureUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !isSecure(url)) throw new Error(`"${value}" must be an https URL, or http to a loopback address`);
  return url;
}

/** Names are not resolved: who may speak for others is said by address. */
function asNetwork(value: string): string {
  const [address = "", bits = "0", ...more] = value.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most || more.length > 0)
    throw new Error(`"${value}" is not an address or a CIDR range`);
  return value;
}
