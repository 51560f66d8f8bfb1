import { resolve } from "node:path";
import { endpointIds, type ServiceId } from "../catalogue/services.js";
import { commaSeparated } from "../lib/lists.js";
import { whyNotAt, writtenPath } from "../lib/paths.js";
import { isSecure, loopbackNames } from "../lib/secure-url.js";
import { type ToolManifestEntry, toolManifest } from "../mcp/tool-manifest.js";

/** One setting. */
export interface Option<Value> {
  /** `switch` takes no value on the command line; each place of a `list` adds to it, and of a `value` the last counts. */
  readonly form: "switch" | "value" | "list";
  /** Placeholder of the value in the help text. */
  readonly placeholder?: string;
  readonly help: string;
  readonly fallback: Value;
  /** @throws {Error} saying what is wrong with the value */
  parse(values: readonly string[]): Value;
}

/** A setting with its own parser. */
export function option<Value>(spec: Option<Value>): Option<Value> {
  return spec;
}

export function value<Value>(
  placeholder: string,
  help: string,
  fallback: Value,
  read: (text: string) => Value,
): Option<Value> {
  return { form: "value", placeholder, help, fallback, parse: (values) => read(values.at(-1) ?? "") };
}

/** One value, absent unless it is given. */
export function optional<Value>(placeholder: string, help: string, read: (text: string) => Value) {
  return value<Value | undefined>(placeholder, help, undefined, read);
}

/** A text as it is written. @throws {Error} if there is none, as where a variable of a shell is empty */
export function anyText(text: string): string {
  if (text.trim() === "") throw new Error("the value is empty");
  return text;
}

/** Any number of values, with commas in between. */
export function repeatable<Item>(
  placeholder: string,
  help: string,
  read: (text: string) => Item,
): Option<readonly Item[]> {
  const parse = (values: readonly string[]) => values.flatMap(commaSeparated).map((text) => read(text));
  return { form: "list", placeholder, help, fallback: [], parse };
}

/** Off by default. */
export function toggle(help: string): Option<boolean> {
  return { form: "switch", help, fallback: false, parse: asSwitch };
}

/** A region name, which becomes part of a host. */
export function region(help: string) {
  return optional("REGION", help, asRegion);
}

/** @throws {Error} for what cannot be a region: a dot or a slash would change the host */
export function asRegion(value: string): string {
  const name = value.trim();
  if (!/^[a-z]{2,}(-[a-z0-9]+)+$/.test(name))
    throw new Error(`${quotedUnlessSecret(name)} is not the name of a region`);
  return name;
}

/** A file or a directory, created if it is missing. */
export function path(placeholder: string, help: string, kind: "file" | "directory") {
  return optional(placeholder, help, (text) => {
    // Absolute, so that every message says where it was looked for.
    const given = resolve(writtenPath(text));
    const obstacle = whyNotAt(given, kind);
    if (obstacle !== undefined) throw new Error(obstacle);
    return given;
  });
}

/** Tools by pattern. A pattern that matches none is refused: a misspelt one would silently leave a gap. */
export function patterns(help: string, names: (pattern: string, tool: ToolManifestEntry) => boolean) {
  return repeatable("PATTERN", help, (pattern) => {
    if (!toolManifest.some((tool) => names(pattern, tool)))
      throw new Error(`${mayBeKey(pattern) ? "a pattern" : `"${pattern}"`} matches no tool`);
    return pattern;
  });
}

/** A duration, given in seconds and stored in milliseconds. */
export function seconds(help: string, fallback: number) {
  return value("SECONDS", `${help}. Default: ${fallback}`, fallback * 1000, asSeconds);
}

/** The same, if the default is not a single number. */
export function duration(help: string) {
  return optional("SECONDS", help, asSeconds);
}

/** In seconds. Longer ones do not fit into the timers of Node.js, which would then end at once. */
const MAX_DURATION = 20 * 86_400;

/** Seconds as whole milliseconds. @throws {Error} unless it is a time above 0 that a timer can wait */
export function asSeconds(text: string): number {
  const given = positive(text);
  if (given > MAX_DURATION)
    throw new Error(`${quotedUnlessSecret(text)} is more than ${MAX_DURATION} seconds (20 days)`);
  return Math.ceil(given * 1_000);
}

function asSwitch([value = ""]: readonly string[]): boolean {
  return oneOf(["true", "false", "1", "0"] as const, value) === "true" || value === "1";
}

/** `SERVICE=URL`. @throws {Error} for an unknown service or an unsafe address */
export function asEndpoint(value: string): [ServiceId, URL] {
  const [id = "", ...rest] = value.split("=");
  const url = new URL(rest.join("="));
  if (!isSecure(url)) throw new Error("an endpoint must be https, or http to a loopback address");
  if (url.href !== `${url.origin}/`) throw new Error("an endpoint must consist of scheme, host and port only");
  return [oneOf(endpointIds, id), url];
}

/** `ADDRESS:PORT`. Loopback only, for a sandbox's edge: a mistyped address must not be taken for the real edge. */
export function asEdgeAddress(value: string): { address: string; port: number } {
  const { hostname, port } = new URL(`tls://${value}`);
  const address = hostname.replace(/^\[|\]$/g, "");
  if (!loopbackNames.includes(hostname) || port === "")
    throw new Error(`${quotedUnlessSecret(value)} is not a loopback address and port`);
  return { address, port: Number(port) };
}

/** No value of a setting is a longer word with letters of both cases. */
const MAX_WORD_LENGTH = 8;
const MAX_VALUE_LENGTH = 24;

/** A wrong value in quotation marks; not repeated if it may be a key or a password that was meant for another setting. */
function quotedUnlessSecret(value: string): string {
  const isMixed = value.length > MAX_WORD_LENGTH && /[a-z]/.test(value) && /[A-Z]/.test(value);
  return isMixed || value.length > MAX_VALUE_LENGTH ? "the value" : `"${value}"`;
}

/** Names of tools have letters of both cases; keys have digits, too. */
function mayBeKey(pattern: string): boolean {
  return pattern.length > MAX_VALUE_LENGTH / 2 && [/[a-z]/, /[A-Z]/, /\d/].every((each) => each.test(pattern));
}

/** `value`, as one of `values`. @throws {Error} if it is none of them */
export function oneOf<const Value extends string>(values: readonly Value[], value: string): Value {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`${quotedUnlessSecret(value)} is not one of ${values.join(", ")}`);
  return found;
}

/** @throws {Error} for anything but a number above 0 */
export function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new Error(`${quotedUnlessSecret(value)} is not a number above 0`);
  return number;
}
