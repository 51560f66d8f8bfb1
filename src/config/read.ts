import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { MissingPackage } from "../lib/optional-packages.js";
import { loopbackNames } from "../lib/secure-url.js";
import { ToolError } from "../lib/tool-error.js";
import type { Option } from "./option-types.js";
import { type Configuration, options } from "./options.js";
import { teamOptions } from "./team-options.js";

/** A flag or variable that does not parse. Its message is one line for the operator. */
export class ConfigurationError extends Error {}

/** Whether the message of what was thrown is all that an operator needs. Anything else is a defect. */
export function isForOperator(error: unknown): error is Error {
  return error instanceof ConfigurationError || error instanceof ToolError || error instanceof MissingPackage;
}

/** Of the variables of all settings. */
export const PREFIX = "CLOUDCERT_";

export const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const variableOf = (name: string) => PREFIX + flagOf(name).replaceAll("-", "_").toUpperCase();

/** Settings with such values, by name. */
type OptionsFor<Values> = { readonly [Name in keyof Values]: Option<Values[Name]> };

/** What follows a flag, at each of its places, "" of a switch; undefined if it was not given. */
export type FlagValues<Flag extends string = string> = (flag: Flag) => readonly string[] | undefined;

/** The settings; a flag takes precedence over its variable. @throws {ConfigurationError} for anything unknown or invalid */
export function configurationFrom(flags: FlagValues, env: EnvironmentVariables): Configuration {
  refuseUnknownVariables(env);
  const configuration = readSettings(options, flags, env);
  refuseRealEndpoints(configuration);
  return configuration;
}

/** Plans, notifications and the audit log say that nothing in a sandbox is real. */
function refuseRealEndpoints({ sandbox, endpoint }: Configuration): void {
  const real = Object.values(endpoint).find(({ hostname }) => !loopbackNames.includes(hostname));
  if (!sandbox || real === undefined) return;
  throw new ConfigurationError(
    `--endpoint: beside --sandbox only an address of this computer is possible, and ${real.host} is none. Use one of the two settings alone`,
  );
}

/**
 * The value of each setting: from its flag, else from its variable, else its fallback.
 * @throws {ConfigurationError} naming the flag or variable that does not parse
 */
export function readSettings<Values extends object>(
  kinds: OptionsFor<Values>,
  flags: FlagValues,
  env: EnvironmentVariables,
): Values {
  const read = <Value>(name: string, { form, fallback, parse }: Option<Value>): Value => {
    const flag = flags(flagOf(name));
    // Secrets of Kubernetes, files of variables and forms of clients end in a line break or a blank.
    const variable = env[variableOf(name)]?.trim();
    if (flag !== undefined) return explained(`--${flagOf(name)}`, () => parse(form === "switch" ? ["true"] : flag));
    return variable ? explained(variableOf(name), () => parse([variable])) : fallback;
  };
  const found: { -readonly [Name in keyof Values]?: Values[Name] } = {};
  for (const name in kinds) found[name] = read(name, kinds[name]);
  if (!hasAll(found, kinds)) throw new Error("a setting was left out");
  return found;
}

function hasAll<Values extends object>(found: Partial<Values>, kinds: OptionsFor<Values>): found is Values {
  return Object.keys(kinds).every((name) => Object.hasOwn(found, name));
}

/** Settings as lines for `--help`. @param helpOf replaces the help text of a setting */
export function helpLines<Name extends string>(
  kinds: Readonly<Record<Name, Option<unknown>>>,
  helpOf = (_: Name, help: string) => help,
): string[] {
  const lines: string[] = [];
  for (const name in kinds) {
    const { placeholder, help } = kinds[name];
    const flag = `--${flagOf(name)}${placeholder === undefined ? "" : ` ${placeholder}`}`;
    lines.push(`  ${flag.padEnd(26)} ${helpOf(name, help)} (${variableOf(name)})`);
  }
  return lines;
}

function refuseUnknownVariables(env: EnvironmentVariables): void {
  // Commands may run in the environment of a team's server, with its variables set.
  const known = new Set([...Object.keys(options), ...Object.keys(teamOptions)].map(variableOf));
  const unknown = Object.keys(env).find((name) => name.startsWith(PREFIX) && !known.has(name));
  if (unknown !== undefined) throw new ConfigurationError(`Unknown variable ${unknown}`);
}

/** @throws {ConfigurationError} naming the setting whose value does not parse */
export function explained<Value>(source: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new ConfigurationError(`${source}: ${messageOf(error)}`);
  }
}
