import { isIP } from "node:net";
import { asciiOf } from "../lib/domain-name.js";
import { nameInWords, type SafeText, safe } from "../lib/escape-text.js";

/** The DNS names and IP addresses in a certificate or signing request. */
export interface Names {
  readonly names: readonly string[];
  /** Names that clients compare with a host. */
  readonly coveringNames: readonly string[];
  /** Names that match no host. */
  readonly idleNames: readonly IdleName[];
}

/** A name that covers nothing. */
export interface IdleName {
  readonly name: string;
  /** Why not, and what it should be; continues after "because". */
  readonly why: SafeText;
}

/** A host as in RFC 6125: labels of letters, digits, hyphens and underscores, or * for the whole first label. */
const host = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** Longest DNS name, in characters. */
const longest = 253;

/** @param dns entries of type DNS name @param addresses entries of type IP address */
export function namesOf(dns: readonly string[], addresses: readonly string[] = []): Names {
  const judged = dns.map((name) => ({ name, why: whyIdle(name) }));
  return {
    names: [...dns, ...addresses],
    coveringNames: [...judged.flatMap(({ name, why }) => (why === undefined ? [name] : [])), ...addresses],
    idleNames: judged.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }])),
  };
}

/** Whether clients compare it with a host name or an address. */
export function isCovering(name: string): boolean {
  return isIP(name) !== 0 || whyIdle(name) === undefined;
}

function whyIdle(name: string): SafeText | undefined {
  if (name.length > longest) return safe`it is longer than ${longest} characters`;
  if (/[^\0-\x7f]/.test(name))
    return safe`it is written in UTF-8, but clients compare names in their DNS form${inDns(name)}`;
  if (isIP(name) !== 0)
    return safe`it is an address written as a DNS name, but clients look for it among the IP addresses`;
  if (name.includes("*") && !/^\*\.[^*]+$/.test(name)) return safe`clients accept * only as the whole first label`;
  if (name.endsWith(".")) return safe`clients accept no final dot`;
  return host.test(name) ? undefined : safe`it is not a valid host name`;
}

function inDns(name: string): SafeText {
  const star = name.startsWith("*.") ? "*." : "";
  const ascii = asciiOf(name.slice(star.length));
  return ascii === undefined ? safe`` : safe` (${nameInWords(star + ascii)})`;
}
