import { isIP } from "node:net";
import { asciiOf, parseDomainName } from "../lib/domain-name.js";
import { formatName, type SafeText, safe } from "../lib/safe-text.js";
import { type Element, elements, oidOf } from "./der.js";

/** A host as in RFC 6125: labels of letters, digits, hyphens and underscores, or * for the whole first label. */
const host = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** Longest DNS name, in characters, without a final dot. */
const maxNameLength = 253;

/**
 * The DNS names and IP addresses in a certificate or signing request.
 * @param dns entries of type DNS name @param addresses entries of type IP address
 */
export function namesOf(dns: readonly string[], addresses: readonly string[] = []) {
  const checked = dns.map((name) => ({ name, why: whyUnmatchable(name) }));
  return {
    names: [...dns, ...addresses],
    /** Names that clients compare with a host. */
    coveringNames: [...checked.flatMap(({ name, why }) => (why === undefined ? [name] : [])), ...addresses],
    /** Names that match no host. Says why not, and what it should be; continues after "because". */
    unmatchableNames: checked.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }])),
  };
}

export type Names = Readonly<ReturnType<typeof namesOf>>;

/** Whether clients compare it with a host name or an address. */
function isCovering(name: string): boolean {
  return isIP(name) !== 0 || whyUnmatchable(name) === undefined;
}

function whyUnmatchable(name: string): SafeText | undefined {
  if (name.length > maxNameLength) return safe`it is longer than ${maxNameLength} characters`;
  if (/[^\0-\x7f]/.test(name))
    return safe`it is written in UTF-8, but clients compare names in their DNS form${inDns(name)}`;
  if (isIP(name) !== 0)
    return safe`it is an address written as a DNS name, but clients look for it among the IP addresses`;
  if (name === "*") return safe`clients accept no * alone, only one before a domain, as in *.example.com`;
  if (name.includes("*") && !/^\*\.[^*]+$/.test(name)) return safe`clients accept * only as the whole first label`;
  if (name.endsWith(".")) return safe`clients accept no final dot`;
  return host.test(name) ? undefined : safe`it is not a valid host name`;
}

function inDns(name: string): SafeText {
  const star = name.startsWith("*.") ? "*." : "";
  const ascii = asciiOf(name.slice(star.length));
  return ascii === undefined ? safe`` : safe` (${formatName(star + ascii)})`;
}

/** The domains that none of a certificate's `names` covers; a text that is not a domain name counts as uncovered. */
export function uncovered(names: readonly string[], domains: readonly string[]): string[] {
  const candidates = domains.map((domain) => ({ domain, by: namesCovering(toAscii(domain)) }));
  const relevantNames = new Set(candidates.flatMap(({ by }) => by));
  // Of thousands of certificates, hardly any has one of them: the others' names are not looked at more closely.
  const known = new Set(
    names.map(toAscii).filter((name, index) => relevantNames.has(name) && isCovering(names[index] ?? "")),
  );
  return candidates.flatMap(({ domain, by }) => (by.some((name) => known.has(name)) ? [] : [domain]));
}

/** Whether a certificate's `names` cover each of the domains. */
export function coversAll(names: readonly string[], domains: readonly string[]): boolean {
  return uncovered(names, domains).length === 0;
}

/** The names, in their DNS form, that cover a domain. A wildcard covers one label, and not the domain itself. */
function namesCovering(domain: string): readonly string[] {
  if (domain === "") return [];
  const [label = "", ...parent] = domain.split(".");
  const isBelow = isIP(domain) === 0 && label !== "" && label !== "*";
  return [domain, ...(isBelow ? [["*", ...parent].join(".")] : [])];
}

/** Names that are already in their DNS form. A final number could make it an address, and `xn--` needs checking. */
const asciiName = /^(?!.*xn--)(?:[a-z0-9_*-]{1,63}\.)+[a-z]{2,63}$/;

/**
 * A certificate's name in its DNS form: A-labels in lower case, no final dot; empty if it is not a valid name. Accepts
 * more than domain names: a single label, or a wildcard below one.
 */
export function toAscii(name: string): string {
  // Longer texts are not names, even with a final dot, and converting them to ASCII takes time with each letter.
  if (name.length > maxNameLength + 1) return "";
  if (asciiName.test(name)) return name;
  if (isIP(name) !== 0) return name.toLowerCase();
  const wildcard = /^\*?\./.exec(name)?.[0] ?? "";
  const ascii = parseDomainName(name)?.ascii ?? asciiOf(name.slice(wildcard.length));
  if (ascii === undefined) return "";
  return wildcard === "" || ascii.startsWith("*.") ? ascii : `*.${ascii}`;
}

const commonNameId = "2.5.4.3";
const bmpString = 0x1e;

/** The last common name in a Name, which is the most specific one. */
export function commonNameIn(name: Element): string | undefined {
  const attributes = elements(name.content).flatMap((set) =>
    elements(set.content).map(({ content }) => elements(content)),
  );
  const [, value] = attributes.findLast(([type]) => oidOf(type) === commonNameId) ?? [];
  return value && textOf(value);
}

function textOf({ tag, content }: Element): string {
  return tag === bmpString ? Buffer.from(content).swap16().toString("utf16le") : content.toString("utf8");
}
