import { parseArgs } from "node:util";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { asSeconds } from "./option-types.js";
import { type Configuration, options } from "./options.js";
import {
  ConfigurationError,
  configurationFrom,
  explained,
  type FlagValues,
  flagOf,
  readSettings,
  variableOf,
} from "./read.js";
import { type TeamConfiguration, teamOptions } from "./team-options.js";

/** A command line: the flags of the command and those of the settings, in any order, and its arguments. */
export interface CommandLine<Flag extends string> {
  /** The value of a flag of the command, the last if it is repeated, "" of a switch; undefined if it was not given. */
  readonly flag: (name: Flag) => string | undefined;
  readonly each: FlagValues<Flag>;
  readonly positionals: readonly string[];
  /** The flags of the settings, without those that the command has itself. */
  readonly settings: FlagValues;
}

/** Flags by name: whether they take a value. */
export type FlagForms = Readonly<Record<string, "switch" | "value">>;

const formsOf = (kinds: typeof options | typeof teamOptions): FlagForms =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, { form }]) => [flagOf(name), form === "switch" ? form : "value"] as const),
  );

const settingFlags = formsOf(options);

/** The flags of the settings of the team's server, for a command that takes them, too. */
export const teamFlags = formsOf(teamOptions);

/**
 * Parses a command line.
 * @param own the command's flags besides the settings
 * @throws {ConfigurationError} for a flag that is neither, or one without its value
 */
export function readCommandLine<const Own extends FlagForms>(
  args: readonly string[],
  own: Own,
): CommandLine<keyof Own & string> {
  const { values, positionals } = parsed(args, { ...settingFlags, ...own });
  const each: FlagValues = (name) =>
    values[name] && [values[name]].flat().map((value) => (typeof value === "string" ? value : ""));
  const settings: FlagValues = (name) => (Object.hasOwn(own, name) ? undefined : each(name));
  return { flag: (name) => each(name)?.at(-1), each, positionals, settings };
}

/** @throws {ConfigurationError} with what parseArgs says is wrong, without its advice, which fits no command here */
function parsed(args: readonly string[], forms: FlagForms) {
  const flags = Object.entries(forms).map(
    ([name, form]) => [name, { type: form === "switch" ? "boolean" : "string", multiple: true }] as const,
  );
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(flags), allowPositionals: true });
  } catch (error) {
    throw new ConfigurationError(messageOf(error).split(/\.? To specify/)[0]);
  }
}

/** The settings of a command that takes nothing else. @throws {ConfigurationError} for anything unknown or invalid */
export function readConfiguration(args: readonly string[], env: EnvironmentVariables): Configuration {
  const line = readCommandLine(args, {});
  refuseArguments(line);
  return configurationFrom(line.settings, env);
}

/** The seconds of a flag, as milliseconds; 0 is no time at all. @throws {ConfigurationError} if it is no such time */
export function secondsIn(flag: string, value: string): number {
  return value.trim() === "0" ? 0 : explained(`--${flag}`, () => asSeconds(value));
}

/**
 * The settings of the team's server, and those that every command takes.
 * @throws {ConfigurationError} for anything unknown or invalid
 */
export function readTeamConfiguration(
  args: readonly string[],
  env: EnvironmentVariables,
): { readonly team: TeamConfiguration; readonly configuration: Configuration } {
  const line = readCommandLine(args, teamFlags);
  refuseArguments(line);
  return { team: readSettings(teamOptions, line.each, env), configuration: configurationFrom(line.settings, env) };
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
