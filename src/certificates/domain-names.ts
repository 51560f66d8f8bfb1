import { isIP } from "node:net";
import { asciiOf, parseDomainName } from "../lib/domain-name.js";
import { isCovering } from "./names.js";

/** The domains that none of `names`, as a certificate has them, covers; a text that is no domain name is covered by none. */
export function uncovered(names: readonly string[], domains: readonly string[]): string[] {
  const known = new Set(names.filter(isCovering).map(toAscii));
  return domains.filter((domain) => !isCovered(toAscii(domain), known));
}

/** A wildcard covers one label, and not the domain below which it stands. */
function isCovered(domain: string, names: ReadonlySet<string>): boolean {
  if (domain === "") return false;
  if (names.has(domain)) return true;
  const [label = "", ...parent] = domain.split(".");
  return isIP(domain) === 0 && label !== "" && label !== "*" && names.has(["*", ...parent].join("."));
}

/** A name in DNS, and the dot that may follow it. */
const longest = 254;

/** What stands in DNS as it is written; a number at the end would make it an address, and `xn--` be looked into. */
const plain = /^(?!.*xn--)(?:[a-z0-9_*-]{1,63}\.)+[a-z]{2,63}$/;

/**
 * As a name in a certificate stands in DNS: A-labels in lower case, no dot at the end; empty when it can be no name. Less
 * than a domain name will do: a single label, or a wildcard below one.
 */
export function toAscii(name: string): string {
  // What is longer is no name, and to write its letters in ASCII takes the longer for each one.
  if (name.length > longest) return "";
  if (plain.test(name)) return name;
  if (isIP(name) !== 0) return name.toLowerCase();
  const wildcard = /^\*?\./.exec(name)?.[0] ?? "";
  const ascii = parseDomainName(name)?.ascii ?? asciiOf(name.slice(wildcard.length));
  if (ascii === undefined) return "";
  return wildcard === "" || ascii.startsWith("*.") ? ascii : `*.${ascii}`;
}
