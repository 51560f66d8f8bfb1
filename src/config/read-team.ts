import type { EnvironmentVariables } from "./environment.js";
import type { Option } from "./kinds.js";
import { readCommandLine } from "./own-flags.js";
import { ConfigurationError, explained, flagOf, helpLine, variableOf } from "./read.js";
import { type TeamConfiguration, type TeamOptionName, type TeamOptions, teamOptions } from "./team-options.js";

const names = Object.keys(teamOptions).filter((name): name is TeamOptionName => name in teamOptions);

const flagKinds = Object.fromEntries(
  names.map((name) => [flagOf(name), teamOptions[name].form === "switch" ? ("switch" as const) : ("value" as const)]),
);

/**
 * Separates the settings of the team's server from those that every command takes.
 * @throws {ConfigurationError} for anything unknown or invalid
 */
export function readTeamConfiguration(
  args: readonly string[],
  env: EnvironmentVariables,
): { readonly team: TeamConfiguration; readonly settings: readonly string[] } {
  const { flag, positionals, settings } = readCommandLine(args, flagKinds);
  if (positionals.length > 0) throw new ConfigurationError(`Unexpected argument "${positionals[0]}"`);
  const read = <Name extends TeamOptionName>(name: Name): TeamOptions[Name]["fallback"] => {
    const { form, fallback, parse }: Option<TeamOptions[Name]["fallback"]> = teamOptions[name];
    const given = flag(flagOf(name));
    const variable = env[variableOf(name)];
    if (given !== undefined) {
      return explained(`--${flagOf(name)}`, () => parse([form === "switch" ? "true" : given]));
    }
    return variable ? explained(variableOf(name), () => parse([variable])) : fallback;
  };
  const team = {
    http: read("http"),
    publicUrl: read("publicUrl"),
    httpSessions: read("httpSessions"),
    tlsCert: read("tlsCert"),
    tlsKey: read("tlsKey"),
    behindTlsProxy: read("behindTlsProxy"),
    trustedProxies: read("trustedProxies"),
    allowedHosts: read("allowedHosts"),
    allowedOrigins: read("allowedOrigins"),
    issuer: read("issuer"),
    audience: read("audience"),
    accessTokenType: read("accessTokenType"),
    tokenLifetime: read("tokenLifetime"),
    groupsClaim: read("groupsClaim"),
    tokens: read("tokens"),
    rules: read("rules"),
    loginClient: read("loginClient"),
    loginSecret: read("loginSecret"),
    rateLimit: read("rateLimit"),
    addressRateLimit: read("addressRateLimit"),
    requestTime: read("requestTime"),
    drainTime: read("drainTime"),
    metrics: read("metrics"),
  };
  return { team, settings };
}

/**
 * The settings of `serve` as lines for its help.
 * @param inWords replaces the help text of a setting
 */
export function teamHelpLines(inWords = (_: TeamOptionName, help: string) => help): string[] {
  return names.map((name) => helpLine(name, { ...teamOptions[name], help: inWords(name, teamOptions[name].help) }));
}
