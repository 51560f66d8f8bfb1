import type { EnvironmentVariables } from "./environment.js";
import { readCommandLine } from "./own-flags.js";
import { ConfigurationError, flagOf, readSettings } from "./read.js";
import { type TeamConfiguration, teamOptions } from "./team-options.js";

const flagKinds = Object.fromEntries(
  Object.entries(teamOptions).map(
    ([name, { form }]) => [flagOf(name), form === "switch" ? "switch" : "value"] as const,
  ),
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
  const given = (name: string) => {
    const value = flag(name);
    return value === undefined ? undefined : [value];
  };
  return { team: readSettings(teamOptions, given, env), settings };
}
