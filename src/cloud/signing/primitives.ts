import { createHmac } from "node:crypto";
import type { JsonObject } from "../../lib/json.js";
import { percentEncode } from "../../lib/percent-encode.js";

export type Bytes = string | Uint8Array;

/* Steps that the signing schemes share. Every scheme is a pure function: clock and nonce are passed in. */

export function hmacSha256(key: Bytes, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** Query pairs encoded, sorted by name, then value, and joined; an empty value keeps its `=`. */
export function canonicalQuery(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => byBytes(nameA, nameB) || byBytes(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/**
 * Headers sorted by name, in code units; values trimmed: `name:value` lines that each end in a newline, and the names
 * joined by `;`.
 * @param headers with names in lower case
 */
export function canonicalHeaders(headers: Readonly<Record<string, string>>) {
  let lines = "";
  let names = "";
  for (const name of Object.keys(headers).sort()) {
    lines += `${name}:${(headers[name] ?? "").trim()}\n`;
    names += names === "" ? name : `;${name}`;
  }
  return { lines, names };
}

/** Order of UTF-16 code units, which is byte order for the encoded text compared here. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nested parameters under flat names, for form bodies: `Hosts.0`, `ServerCertInfo.0.CertId`. */
export function flatten(params: JsonObject): Record<string, string> {
  const flat: Record<string, string> = {};
  addTo(flat, params, "");
  return flat;
}

function addTo(flat: Record<string, string>, nested: object, prefix: string): void {
  for (const [name, value] of Object.entries(nested)) {
    if (value === undefined || value === null) continue;
    if (typeof value === "object") addTo(flat, value, `${prefix}${name}.`);
    else flat[prefix + name] = String(value);
  }
}

/** Flat parameters as a form body. Node's URLSearchParams takes twice the time for PEM. */
export function form(flat: Readonly<Record<string, string>>): string {
  let text = "";
  for (const [name, value] of Object.entries(flat)) {
    text += `${text === "" ? "" : "&"}${percentEncode(name)}=${percentEncode(value)}`;
  }
  return text;
}

/** The result of a header-signing scheme; tests and the sandbox compare the intermediate texts step by step. */
export interface Signed {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string;
}
