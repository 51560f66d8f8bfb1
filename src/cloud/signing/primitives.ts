import { createHash, createHmac } from "node:crypto";
import { percentEncode } from "../../encoding.js";

/** Steps that the signing schemes share. Every scheme is a pure function: clock and nonce come in. */

export type Bytes = string | Uint8Array;

export function sha256Hex(data: Bytes): string {
  return createHash("sha256").update(data).digest("hex");
}

export function hmacSha256(key: Bytes, data: Bytes): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** Query pairs encoded, sorted by name, then value, and joined; an empty value keeps its `=`. */
export function canonicalQuery(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => byBytes(nameA, nameB) || byBytes(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

export interface CanonicalHeaders {
  /** `name:value` lines, each ended by a newline, in the order of `names`. */
  readonly lines: string;
  /** Lower-case names joined by `;`. */
  readonly names: string;
}

/** Header names lower-cased and sorted, values trimmed. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): CanonicalHeaders {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .sort(([a], [b]) => byBytes(a, b));
  return {
    lines: sorted.map(([name, value]) => `${name}:${value}\n`).join(""),
    names: sorted.map(([name]) => name).join(";"),
  };
}

/** Order of UTF-16 code units, which for the encoded text that is compared here is the order of bytes. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Nested parameters under flat names, for bodies that are forms: `Hosts.0`, `ServerCertInfo.0.CertId`. */
export function flatten(value: unknown, prefix = ""): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object") return { [prefix]: String(value) };
  const flat: Record<string, string> = {};
  for (const [name, member] of Object.entries(value)) {
    Object.assign(flat, flatten(member, prefix === "" ? name : `${prefix}.${name}`));
  }
  return flat;
}

/** What a header-signing scheme yields; the intermediate texts let tests and the sandbox compare step by step. */
export interface Signed {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  readonly signature: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string;
}
