import { readFileSync } from "node:fs";
import { parse as parseIni } from "ini";
import { z } from "zod";
import type { Cloud } from "../catalogue/services.js";
import { decodeText } from "../lib/decode-text.js";
import { systemCodeOf, unlessThrown } from "../lib/failure.js";
import { writtenPath } from "../lib/paths.js";
import { joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { credentialFault, idFault, type Setting, swapFault, trimmed } from "./credential-text.js";

/* How credentials are looked for, whatever the vendors call their parts and keep them in. */

/** Id, key and token of a credential, whatever the cloud calls them. */
export interface KeyParts {
  readonly id: string;
  readonly key: string;
  readonly token?: string;
}

/** A place that holds no usable credential although there is something, as in the vendors' own chains. */
export interface SkippedSource {
  /** The variable or the path. */
  readonly from: string;
  /** Why, as the rest of a sentence that begins with `from`; never a value. */
  readonly why: SafeText;
}

interface PassedOver {
  readonly passedOver: SkippedSource;
}

export const passOver = (from: string, why: SafeText): PassedOver => ({ passedOver: { from, why } });

/** Keys, why what is set is unusable, or why the next place is searched; undefined if nothing is there. */
export type SearchResult<Keys = KeyParts> =
  | { readonly keys: Keys }
  | { readonly fault: SafeText }
  | PassedOver
  | undefined;

/** The parts of a credential by name; of several tokens the first one set counts. */
export type CredentialNames = readonly [id: string, key: string, ...tokens: string[]];

/** Finds a setting that is not empty by its name. */
export type Settings = (name: string) => Setting | undefined;

export function settingsIn(
  values: Readonly<Record<string, string | null | undefined>>,
  from: (name: string) => string,
): Settings {
  return (name) => {
    const value = values[name];
    return value ? { from: from(name), value } : undefined;
  };
}

/** The first place that has keys or a fault, and those that were passed over before it. */
export function searchFirst<Keys>(places: readonly (() => SearchResult<Keys>)[]): {
  readonly keys?: Keys;
  readonly fault?: SafeText;
  readonly passedOver: readonly SkippedSource[];
} {
  const passedOver: SkippedSource[] = [];
  for (const place of places) {
    const found = place();
    if (found === undefined) continue;
    if (!("passedOver" in found)) return { ...found, passedOver };
    passedOver.push(found.passedOver);
  }
  return { passedOver };
}

/**
 * Id, key and token as one credential; undefined if neither id nor key is set. Half a credential is passed over, as in
 * the vendors' own chains; its other half is not looked for elsewhere: it would be another account's.
 */
export function searchIn(cloud: Cloud, names: CredentialNames, settings: Settings): SearchResult {
  const [idName, keyName, ...tokenNames] = names;
  const [id, key, [token]] = [settings(idName), settings(keyName), tokenNames.flatMap((name) => settings(name) ?? [])];
  if (id === undefined || key === undefined) {
    const half = id ?? key;
    const why = safe`is set, but ${verbatim(id === undefined ? idName : keyName)} is not`;
    return half && passOver(half.from, why);
  }
  const wrong = swapFault(id, key) ?? idFault(cloud, id, token !== undefined);
  if (wrong !== undefined) return { fault: wrong };
  const keys = { id: trimmed(id), key: trimmed(key), ...(token && { token: trimmed(token) }) };
  return faultIn([id, key, ...(token ? [token] : [])]) ?? { keys };
}

/** Why settings cannot be one credential together; undefined if they can. */
export function faultIn(settings: readonly Setting[]): { readonly fault: SafeText } | undefined {
  const faults = settings.flatMap((setting) => credentialFault(setting) ?? []);
  return faults.length > 0 ? { fault: joined(faults, safe` `) } : undefined;
}

/** A section of a vendor's file as a credential; without one it is passed over. */
export function searchInFile(
  cloud: Cloud,
  names: CredentialNames,
  path: string,
  section: SafeText,
  content: unknown,
): SearchResult {
  const [id, key] = names;
  const shape = Object.fromEntries(names.map((name) => [name, z.string().nullish()]));
  const fields = z.object(shape).safeParse(content).data;
  const missingNames = [id, key].filter((name) => !fields?.[name]);
  if (fields === undefined || missingNames.length > 0) {
    const lacked = joined(missingNames.map(verbatim), safe` and no `);
    return passOver(path, safe`has no ${lacked} in ${section}`);
  }
  const settings = settingsIn(fields, (name) => `${name} in ${path}`);
  return searchIn(cloud, names, settings);
}

/** Temporary keys that a vendor's tool left behind; `expires` in seconds. */
export function unlessExpired(path: string, expires: number | undefined, now: Date, keys: SearchResult): SearchResult {
  if (!expires || expires * 1000 > now.getTime() || keys === undefined || !("keys" in keys)) return keys;
  const day = new Date(expires * 1000).toISOString();
  const fault = safe`The temporary key in ${verbatim(path)} expired on ${verbatim(day)}: log in again with the tool that wrote it.`;
  return { fault };
}

/** What a file holds; undefined if it is missing. One that cannot be read is passed over. */
function readFile(
  path: string,
  parse: (text: string) => unknown,
): { readonly content: unknown } | PassedOver | undefined {
  try {
    return { content: parse(decodeText(readFileSync(path))) };
  } catch (error) {
    if (error instanceof SyntaxError) return passOver(path, safe`is not JSON`);
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return passOver(path, safe`cannot be read (${code === undefined ? safe`unknown` : verbatim(code)})`);
  }
}

export const readIni = (path: string) => readFile(path, parseIni);

export const readJson = (path: string) => readFile(path, JSON.parse);

/** Something that is not read here, if it is there. */
export function skippedIfPresent(path: string, why: SafeText): PassedOver | undefined {
  return readFile(path, () => undefined) && passOver(path, why);
}

/** The file that a variable names; anything that is not a path is left unchanged, and will not be found. */
export function fileNamed(value: string | undefined, home: string): string | undefined {
  if (!value) return undefined;
  return unlessThrown(() => writtenPath(value, home)) ?? value;
}
