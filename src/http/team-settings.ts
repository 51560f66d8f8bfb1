import type { Configuration } from "../config/options.js";
import { ConfigurationError, explained } from "../config/read.js";
import { isLoopback, type ListenAddress, type TeamConfiguration } from "../config/team-options.js";
import { AccessTokens } from "../identity/access-tokens.js";
import { Issuer } from "../identity/issuer.js";
import { type Person, scopes } from "../identity/person.js";
import { StaticTokens } from "../identity/static-tokens.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { readReference } from "../lib/reference.js";
import type { TimeSource } from "../lib/time-source.js";
import type { AdmissionOptions } from "./admission.js";

/** The path of the MCP endpoint. */
const ENDPOINT = "/mcp";

/**
 * The settings for remote callers, who must not name files, variables or private addresses of this server.
 * @throws {ConfigurationError} for a setting that would let them
 */
export function forRemoteCallers(configuration: Configuration): Configuration {
  const { files, envPrefix, edgePrivate, approve } = configuration;
  const refuse = (flag: string, why: string) => {
    throw new ConfigurationError(`${flag} does not go with serve: ${why}`);
  };
  if (files.length > 0)
    refuse("--files", "people elsewhere name no files of this server. Bind directories to people in --rules");
  if (envPrefix !== undefined) refuse("--env-prefix", "people elsewhere name no variables of this server");
  if (edgePrivate) refuse("--edge-private", "people elsewhere reach no private addresses by way of this server");
  if (approve === "token" || approve === "elicit") {
    refuse(`--approve ${approve}`, "the program that makes a call over HTTP cannot approve it");
  }
  return { ...configuration, approve: "terminal" };
}

/**
 * The address to listen on.
 * @throws {ConfigurationError} for settings that do not go together, or would let anybody in
 */
export function checkTeamSettings(team: TeamConfiguration, { sandbox }: Pick<Configuration, "sandbox">): ListenAddress {
  const { http, publicUrl, tlsCert, tlsKey, behindTlsProxy, issuer, tokens, metrics, loginClient, loginSecret } = team;
  if (http === undefined) {
    throw new ConfigurationError(
      "serve needs --http ADDRESS:PORT. MCP over stdin and stdout is served without the word serve",
    );
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError("--tls-cert and --tls-key are given together");
  }
  const isLocal = isLoopback(http);
  if (!isLocal && tlsCert === undefined && !behindTlsProxy) {
    throw new ConfigurationError(
      "--http: beyond this computer tokens travel over TLS only. Give --tls-cert and --tls-key, or --behind-tls-proxy if a proxy in front of this server terminates TLS",
    );
  }
  if (!isLocal && publicUrl === undefined) {
    throw new ConfigurationError("--public-url is missing: the address by which clients reach this server");
  }
  if (issuer === undefined && tokens === undefined && !(sandbox && isLocal)) {
    throw new ConfigurationError(
      "There is no way to know who calls: give --issuer, or --tokens. Without them only a sandbox is served, on a loopback address",
    );
  }
  if (loginClient !== undefined && issuer === undefined) {
    throw new ConfigurationError("--login-client: people log in at --issuer, which is missing");
  }
  if (loginClient === undefined && loginSecret !== undefined) {
    throw new ConfigurationError("--login-secret: whose it is says --login-client, which is missing");
  }
  if (metrics !== undefined && metrics.port === http.port) {
    throw new ConfigurationError("--metrics: it is served at a port of its own");
  }
  return http;
}

/** The URL of the MCP endpoint, as clients know it. */
export function resourceOf({ publicUrl, tlsCert }: TeamConfiguration, { host, port }: ListenAddress): URL {
  const written = host.includes(":") ? `[${host}]` : host;
  const origin = publicUrl?.origin ?? `${tlsCert === undefined ? "http" : "https"}://${written}:${port}`;
  return new URL(ENDPOINT, origin);
}

/**
 * How people log in on the pages; undefined if there are none.
 * @throws {ConfigurationError} naming the reference of the secret, never its content
 */
export function pageLoginOf(
  { issuer, loginClient, loginSecret, groupsClaim }: TeamConfiguration,
  { origin }: URL,
  env: EnvironmentVariables,
) {
  if (issuer === undefined || loginClient === undefined) return undefined;
  const clientSecret =
    loginSecret === undefined ? undefined : explained("--login-secret", () => readReference(loginSecret, env));
  return { issuer: new URL(issuer), clientId: loginClient, clientSecret, origin: new URL(origin), groupsClaim };
}

/** The checks by which callers are identified. */
export function tokenChecksOf(
  team: TeamConfiguration,
  resource: URL,
  time: Pick<TimeSource, "now" | "elapsed">,
  log: (line: string) => void,
): Pick<AdmissionOptions, "checks" | "anybody"> {
  const { issuer, tokens, audience, accessTokenType: type, tokenLifetime: lifetime, groupsClaim } = team;
  const { now } = time;
  const checks = [
    ...(tokens === undefined ? [] : [new StaticTokens(tokens, time, log)]),
    ...(issuer === undefined
      ? []
      : [
          new AccessTokens({
            issuer: new Issuer(issuer, () => now().getTime(), log),
            audience: audience ?? resource.href,
            type,
            lifetime,
            groupsClaim,
            now,
          }),
        ]),
  ];
  if (checks.length > 0) return { checks };
  return { checks, anybody: { person: sandboxPerson, until: Number.POSITIVE_INFINITY, stillCounts: async () => true } };
}

/** The user of a sandbox on this computer. */
const sandboxPerson: Person = { id: "sandbox", name: "sandbox", groups: [], scopes: new Set(scopes) };
