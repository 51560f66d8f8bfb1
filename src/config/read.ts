import { parseArgs } from "node:util";
import { messageOf } from "../lib/failure.js";
import type { Option } from "./kinds.js";
import { type Configuration, type OptionName, type Options, options } from "./options.js";
import { teamOptions } from "./team-options.js";

/** A flag or variable that does not parse. Its message is one line for the operator. */
export class ConfigurationError extends Error {}

const PREFIX = "CLOUDCERT_";

export const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const variableOf = (name: string) => PREFIX + flagOf(name).replaceAll("-", "_").toUpperCase();

const optionNames = Object.keys(options).filter((name): name is OptionName => name in options);

/**
 * Reads the settings; a flag takes precedence over its variable.
 * @throws {ConfigurationError} for anything unknown or invalid
 */
export function readConfiguration(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Configuration {
  const flags = readFlags(args);
  refuseUnknownVariables(env);
  const read = <Name extends OptionName>(name: Name): Options[Name]["fallback"] => {
    const { fallback, parse }: Option<Options[Name]["fallback"]> = options[name];
    const flag = flags.get(flagOf(name));
    const variable = env[variableOf(name)];
    if (flag !== undefined) return explained(`--${flagOf(name)}`, () => parse(flag));
    if (variable !== undefined && variable !== "") return explained(variableOf(name), () => parse([variable]));
    return fallback;
  };
  return {
    services: read("services"),
    tools: read("tools"),
    readOnly: read("readOnly"),
    accounts: read("accounts"),
    site: read("site"),
    tencentRegion: read("tencentRegion"),
    alibabaRegion: read("alibabaRegion"),
    huaweiRegion: read("huaweiRegion"),
    tencentSignature: read("tencentSignature"),
    endpoint: read("endpoint"),
    timeout: read("timeout"),
    language: read("language"),
    approve: read("approve"),
    callTime: read("callTime"),
    approvalWait: read("approvalWait"),
    tokenForDestructive: read("tokenForDestructive"),
    allowPurchases: read("allowPurchases"),
    allow: read("allow"),
    deny: read("deny"),
    auditLog: read("auditLog"),
    jobs: read("jobs"),
    database: read("database"),
    stateKey: read("stateKey"),
    evidenceKey: read("evidenceKey"),
    notify: read("notify"),
    edgeDomains: read("edgeDomains"),
    edgePrivate: read("edgePrivate"),
    edge: read("edge"),
    files: read("files"),
    envPrefix: read("envPrefix"),
    allowInlineSecrets: read("allowInlineSecrets"),
    showPersonalData: read("showPersonalData"),
    sandbox: read("sandbox"),
    sandboxSpeed: read("sandboxSpeed"),
    sandboxDomains: read("sandboxDomains"),
  };
}

/**
 * The settings as lines for `--help`.
 * @param inWords replaces the help text of a setting
 */
export function helpLines(inWords = (_: OptionName, help: string) => help): string[] {
  return optionNames.map((name) => helpLine(name, { ...options[name], help: inWords(name, options[name].help) }));
}

export function helpLine(name: string, { placeholder, help }: Pick<Option<unknown>, "placeholder" | "help">): string {
  const flag = `--${flagOf(name)}${placeholder === undefined ? "" : ` ${placeholder}`}`;
  return `  ${flag.padEnd(26)} ${help} (${variableOf(name)})`;
}

function readFlags(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const known = Object.fromEntries(
    optionNames.map((name) => {
      const type: "boolean" | "string" = options[name].form === "switch" ? "boolean" : "string";
      return [flagOf(name), { type, multiple: true }];
    }),
  );
  try {
    const { values } = parseArgs({ args: [...args], options: known, allowPositionals: false });
    return new Map(Object.entries(values).map(([flag, given]) => [flag, [given ?? []].flat().map(String)]));
  } catch (error) {
    throw new ConfigurationError(messageOf(error).split(/\.? To specify/)[0]);
  }
}

function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  // Commands run beside a team's server, with its variables.
  const known = new Set([...optionNames, ...Object.keys(teamOptions)].map(variableOf));
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
