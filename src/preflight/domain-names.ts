import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** The domains that none of `names` covers. */
export function uncovered(names: readonly string[], domains: readonly string[]): string[] {
  const known = new Set(names.map(toAscii));
  return domains.filter((domain) => !isCovered(toAscii(domain), known));
}

/** A wildcard covers one label, and not the domain below which it stands. */
function isCovered(domain: string, names: ReadonlySet<string>): boolean {
  if (domain === "") return false;
  if (names.has(domain)) return true;
  const [label = "", ...parent] = domain.split(".");
  return isIP(domain) === 0 && label !== "" && label !== "*" && names.has(["*", ...parent].join("."));
}

/**
 * As the name stands in DNS: A-labels in lower case, no dot at the end; empty when it can be no name. Alibaba Cloud
 * writes `.example.com` for `*.example.com`.
 */
export function toAscii(name: string): string {
  if (isIP(name) !== 0) return name.toLowerCase();
  const domain = name.startsWith(".") ? `*${name}` : name;
  return domainToASCII(domain).replace(/\.$/, "");
}
