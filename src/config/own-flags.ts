import { parseArgs } from "node:util";
import { messageOf } from "../lib/failure.js";
import { asSeconds } from "./kinds.js";
import { ConfigurationError, explained, flagType, settingFlags } from "./read.js";

/** A command's flags besides the settings, by name: whether they take a value. */
export type OwnFlags = Readonly<Record<string, "switch" | "value">>;

/** The part of a command line that is not settings. */
export interface CommandLine<Flag extends string> {
  /** The value of a flag, "" of a switch; undefined if it was not given. */
  readonly flag: (name: Flag) => string | undefined;
  readonly positionals: readonly string[];
  /** What is left for the settings. */
  readonly settings: readonly string[];
}

/**
 * Separates a command's own flags and arguments from the settings, in any order.
 * @throws {ConfigurationError} for a flag that is neither, or one without its value
 */
export function readCommandLine<const Own extends OwnFlags>(
  args: readonly string[],
  own: Own,
): CommandLine<keyof Own & string> {
  const ownKinds = Object.fromEntries(
    Object.entries(own).map(([name, form]) => [name, { type: flagType(form), multiple: false }]),
  );
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: { ...settingFlags, ...ownKinds },
      allowPositionals: true,
      tokens: true,
    });
    const isOwn = (name: string) => Object.hasOwn(own, name);
    const given = new Map(Object.entries(values).filter(([name]) => isOwn(name)));
    const flag = (name: string) => {
      const value = given.get(name);
      return value === undefined || typeof value === "string" ? value : "";
    };
    const taken = new Set(
      tokens.flatMap((token) => {
        if (token.kind === "positional") return [token.index];
        if (token.kind !== "option" || !isOwn(token.name)) return [];
        return token.value !== undefined && !token.inlineValue ? [token.index, token.index + 1] : [token.index];
      }),
    );
    return { flag, positionals, settings: args.filter((_, index) => !taken.has(index)) };
  } catch (error) {
    throw new ConfigurationError(messageOf(error).split(/\.? To specify/)[0]);
  }
}

/**
 * The seconds that a flag gives, as milliseconds; 0 is for no time at all.
 * @throws {ConfigurationError} if it is no such time
 */
export function secondsIn(flag: string, value: string): number {
  return value.trim() === "0" ? 0 : explained(`--${flag}`, () => asSeconds(value));
}
