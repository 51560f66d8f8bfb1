import { isIP } from "node:net";
import { asciiOf, parseDomainName } from "../lib/domain-name.js";
import { isCovering } from "./names.js";

/** The domains that none of a certificate's `names` covers; a text that is not a domain name counts as uncovered. */
export function uncovered(names: readonly string[], domains: readonly string[]): string[] {
  const known = new Set(names.filter(isCovering).map(toAscii));
  return domains.filter((domain) => !isCovered(toAscii(domain), known));
}

/** A wildcard covers one label, and not the domain itself. */
function isCovered(domain: string, names: ReadonlySet<string>): boolean {
  if (domain === "") return false;
  if (names.has(domain)) return true;
  const [label = "", ...parent] = domain.split(".");
  return isIP(domain) === 0 && label !== "" && label !== "*" && names.has(["*", ...parent].join("."));
}

/** A DNS name, with an optional final dot. */
const longest = 254;

/** Names that are already in their DNS form. A final number could make it an address, and `xn--` needs checking. */
const plain = /^(?!.*xn--)(?:[a-z0-9_*-]{1,63}\.)+[a-z]{2,63}$/;

/**
 * A certificate's name in its DNS form: A-labels in lower case, no final dot; empty if it is not a valid name. Accepts
 * more than domain names: a single label, or a wildcard below one.
 */
export function toAscii(name: string): string {
  // Longer texts are not names, and converting them to ASCII takes time with each letter.
  if (name.length > longest) return "";
  if (plain.test(name)) return name;
  if (isIP(name) !== 0) return name.toLowerCase();
  const wildcard = /^\*?\./.exec(name)?.[0] ?? "";
  const ascii = parseDomainName(name)?.ascii ?? asciiOf(name.slice(wildcard.length));
  if (ascii === undefined) return "";
  return wildcard === "" || ascii.startsWith("*.") ? ascii : `*.${ascii}`;
}
