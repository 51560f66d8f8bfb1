import type { Configuration } from "../config/options.js";
import { ConfigurationError, explained } from "../config/read.js";
import { isLoopback, type ListenAddress, type TeamConfiguration } from "../config/team-options.js";
import { AccessTokens } from "../identity/access-tokens.js";
import { Issuer } from "../identity/issuer.js";
import { type Person, scopes } from "../identity/person.js";
import { readStaticTokens, StaticTokens } from "../identity/static-tokens.js";
import type { TokenCheck } from "../identity/token.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { readReference, rereading } from "../lib/read-secret-reference.js";
import type { TimeSource } from "../lib/time-source.js";
import type { AdmissionOptions } from "./authenticate.js";

const ENDPOINT = "/mcp";

/** What is wrong if only one of the two is given. */
export const tlsIncomplete = "--tls-cert and --tls-key must be given together";

/**
 * The settings for remote callers, who must not name files, variables or private addresses of this server.
 * @throws {ConfigurationError} for a setting that would let them
 */
export function forRemoteCallers(configuration: Configuration): Configuration {
  const { files, envPrefix, edgePrivate, approve } = configuration;
  const refuse = (flag: string, why: string) => {
    throw new ConfigurationError(`${flag} cannot be used with serve: ${why}`);
  };
  if (files.length > 0)
    refuse("--files", "remote users must not reference files on this server. Bind directories to people in --rules");
  if (envPrefix !== undefined)
    refuse("--env-prefix", "remote users must not reference environment variables of this server");
  if (edgePrivate) refuse("--edge-private", "remote users must not reach private addresses through this server");
  if (approve === "token" || approve === "elicit") {
    refuse(`--approve ${approve}`, "the program that makes a call over HTTP cannot approve it");
  }
  return { ...configuration, approve: "terminal" };
}

/** The address to listen on. @throws {ConfigurationError} for settings that do not go together, or would let anybody in */
export function checkTeamSettings(team: TeamConfiguration, { sandbox }: Pick<Configuration, "sandbox">): ListenAddress {
  const { http, publicUrl, tlsCert, tlsKey, behindTlsProxy, issuer, tokens, metrics, loginClient, loginSecret } = team;
  if (http === undefined) {
    throw new ConfigurationError(
      "serve requires --http ADDRESS:PORT. For MCP over stdin and stdout, leave out the word serve",
    );
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new ConfigurationError(tlsIncomplete);
  }
  const isLocal = isLoopback(http);
  if (!isLocal && tlsCert === undefined && !behindTlsProxy) {
    throw new ConfigurationError(
      "--http: on an address other than loopback, TLS is required to protect access tokens. Set --tls-cert and --tls-key, or --behind-tls-proxy if a proxy in front of this server terminates TLS",
    );
  }
  if (!isLocal && publicUrl === undefined) {
    throw new ConfigurationError("--public-url is missing: set it to the address at which clients reach this server");
  }
  if (issuer === undefined && tokens === undefined && !(sandbox && isLocal)) {
    throw new ConfigurationError(
      "No authentication is configured: set --issuer or --tokens. Without them, only a sandbox on a loopback address can be served",
    );
  }
  if (loginClient !== undefined && issuer === undefined) {
    throw new ConfigurationError("--login-client requires --issuer");
  }
  if (loginClient === undefined && loginSecret !== undefined) {
    throw new ConfigurationError("--login-secret requires --login-client");
  }
  if (metrics !== undefined && metrics.port === http.port) {
    throw new ConfigurationError("--metrics must use a different port than --http");
  }
  return http;
}

/** "127.0.0.1:8443", "[::1]:8443" */
export function authorityOf({ host, port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The URL of the MCP endpoint, as clients know it. */
export function resourceOf({ publicUrl, tlsCert }: TeamConfiguration, { host, port }: ListenAddress): URL {
  const origin = publicUrl?.origin ?? `${tlsCert === undefined ? "http" : "https"}://${authorityOf({ host, port })}`;
  return new URL(ENDPOINT, origin);
}

/**
 * How people log in on the pages; undefined if there are none.
 * @param maskSecrets masks the secret, which is read again for each login
 * @throws {ConfigurationError} naming the reference of the secret, never its content
 */
export function pageLoginOf(
  { issuer, loginClient, loginSecret, groupsClaim }: TeamConfiguration,
  { origin }: URL,
  env: EnvironmentVariables,
  maskSecrets: (secrets: readonly string[]) => void,
  log: (line: string) => void,
) {
  if (issuer === undefined || loginClient === undefined) return undefined;
  const clientSecret = loginSecret === undefined ? undefined : loginSecretIn(loginSecret, env, maskSecrets, log);
  return { issuer: new URL(issuer), clientId: loginClient, clientSecret, origin: new URL(origin), groupsClaim };
}

function loginSecretIn(
  reference: string,
  env: EnvironmentVariables,
  maskSecrets: (secrets: readonly string[]) => void,
  log: (line: string) => void,
): () => string {
  const read = () => readReference(reference, env);
  const again = rereading("--login-secret", explained("--login-secret", read), read);
  return () => {
    const secret = again(log);
    maskSecrets([secret]);
    return secret;
  };
}

/** The checks by which callers are identified. @throws {ConfigurationError} if the file of tokens cannot be read */
export async function tokenChecksOf(
  team: TeamConfiguration,
  resource: URL,
  time: Pick<TimeSource, "now" | "elapsed">,
  log: (line: string) => void,
): Promise<Pick<AdmissionOptions, "checks" | "anybody">> {
  const { issuer, tokens, audience, accessTokenType: type, tokenLifetime: lifetime, groupsClaim } = team;
  const { now } = time;
  const checks: TokenCheck[] = [];
  if (tokens !== undefined) {
    await requireTokens(tokens);
    checks.push(new StaticTokens(tokens, time, log));
  }
  if (issuer !== undefined) {
    const from = new Issuer(issuer, () => now().getTime(), log);
    checks.push(
      new AccessTokens({ issuer: from, audience: audience ?? resource.href, type, lifetime, groupsClaim, now }),
    );
  }
  if (checks.length > 0) return { checks };
  return {
    checks,
    anybody: { person: sandboxPerson, until: Number.POSITIVE_INFINITY, isStillValid: async () => true },
  };
}

/** @throws {ConfigurationError} if the file of tokens cannot be read: no server must start with it */
export async function requireTokens(file: string): Promise<void> {
  await readStaticTokens(file).catch((error: unknown) => {
    throw new ConfigurationError(`--tokens: ${messageOf(error)}`);
  });
}

/** The user of a sandbox on this computer. */
const sandboxPerson: Person = { id: "sandbox", name: "sandbox", groups: [], scopes: new Set(scopes) };
