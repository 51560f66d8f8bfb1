import { parseArgs } from "node:util";
import type { EnvironmentVariables } from "../lib/environment.js";
import { asSeconds } from "./option-types.js";
import {
  ConfigurationError,
  explained,
  flagOf,
  flagType,
  parsedLine,
  readSettings,
  settingFlags,
  variableOf,
} from "./read.js";
import { type TeamConfiguration, teamOptions } from "./team-options.js";

/** The part of a command line that is not settings. */
export interface CommandLine<Flag extends string> {
  /** The value of a flag, the last if it is repeated, "" of a switch; undefined if it was not given. */
  readonly flag: (name: Flag) => string | undefined;
  /** What follows a flag, at each of its places; undefined if it was not given. */
  readonly each: (name: Flag) => readonly string[] | undefined;
  readonly positionals: readonly string[];
  /** What is left for the settings. */
  readonly settings: readonly string[];
}

/**
 * Separates a command's own flags and arguments from the settings, in any order.
 * @param own its flags besides the settings, by name: whether they take a value
 * @throws {ConfigurationError} for a flag that is neither, or one without its value
 */
export function readCommandLine<const Own extends Readonly<Record<string, "switch" | "value">>>(
  args: readonly string[],
  own: Own,
): CommandLine<keyof Own & string> {
  const ownKinds = Object.fromEntries(
    Object.entries(own).map(([name, form]) => [name, { type: flagType(form), multiple: true }]),
  );
  const { values, positionals, tokens } = parsedLine(() =>
    parseArgs({
      args: [...args],
      options: { ...settingFlags, ...ownKinds },
      allowPositionals: true,
      tokens: true,
    }),
  );
  const isOwn = (name: string) => Object.hasOwn(own, name);
  const given = new Map(Object.entries(values).filter(([name]) => isOwn(name)));
  const each = (name: string) => {
    const places = given.get(name);
    return places === undefined ? undefined : [places].flat().map((value) => (typeof value === "string" ? value : ""));
  };
  const flag = (name: string) => each(name)?.at(-1);
  const ownIndexes = new Set(
    tokens.flatMap((token) => {
      if (token.kind === "positional") return [token.index];
      if (token.kind !== "option" || !isOwn(token.name)) return [];
      return token.value !== undefined && !token.inlineValue ? [token.index, token.index + 1] : [token.index];
    }),
  );
  return { flag, each, positionals, settings: args.filter((_, index) => !ownIndexes.has(index)) };
}

/**
 * The seconds that a flag gives, as milliseconds; 0 is for no time at all.
 * @throws {ConfigurationError} if it is no such time
 */
export function secondsIn(flag: string, value: string): number {
  return value.trim() === "0" ? 0 : explained(`--${flag}`, () => asSeconds(value));
}

/** The flags of the settings of the team's server, for a command that takes them, too. */
export const teamFlags = Object.fromEntries(
  Object.entries(teamOptions).map(([name, { form }]) => [flagOf(name), form === "switch" ? form : "value"] as const),
);

/**
 * Separates the settings of the team's server from those that every command takes.
 * @throws {ConfigurationError} for anything unknown or invalid
 */
export function readTeamConfiguration(
  args: readonly string[],
  env: EnvironmentVariables,
): { readonly team: TeamConfiguration; readonly settings: readonly string[] } {
  const line = readCommandLine(args, teamFlags);
  refuseArguments(line);
  return { team: readSettings(teamOptions, line.each, env), settings: line.settings };
}

/**
 * The settings of the team's server, for a command that takes them, too; undefined if none is given.
 * @throws {ConfigurationError} for one that is invalid
 */
export function givenTeamSettings(
  { each }: Pick<CommandLine<string>, "each">,
  env: EnvironmentVariables,
): TeamConfiguration | undefined {
  const isGiven = (name: string) => each(flagOf(name)) !== undefined || Boolean(env[variableOf(name)]?.trim());
  return Object.keys(teamOptions).some(isGiven) ? readSettings(teamOptions, each, env) : undefined;
}

/** For a command that takes only options. @throws {ConfigurationError} naming the first argument */
export function refuseArguments({ positionals: [first] }: Pick<CommandLine<never>, "positionals">): void {
  if (first !== undefined) throw new ConfigurationError(`Unexpected argument "${first}"`);
}
