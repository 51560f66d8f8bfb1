import { parseDomainName } from "../lib/domain-name.js";
import { formatName, quoted } from "../lib/safe-text.js";
import { unusable } from "../lib/tool-error.js";

/**
 * The name for DNS and SNI: A-labels in lower case, without a final dot.
 * @throws {ToolError} for anything that is not the full name of one host
 */
export function hostName(domain: string): string {
  if (isPattern(domain)) {
    throw unusable(
      `${formatName(domain)} stands for many names, and nothing answers under it.`,
      `Name a host that it covers${example(domain)}.`,
    );
  }
  const name = parseDomainName(domain)?.ascii;
  if (name !== undefined) return name;
  throw unusable(
    `${quoted(domain, 100)} is not the full name of a host.`,
    "Give a domain name such as www.example.com, without scheme, port or path.",
  );
}

/** ", such as www.example.com" for `*.example.com`; which hosts there are, nobody but their owner knows. */
function example(pattern: string): string {
  const below = parseDomainName(`www.${pattern.replace(/^\*?\./, "")}`)?.ascii;
  return below === undefined || isPattern(below) ? "" : `, such as ${formatName(below)} if there is one`;
}

/** `*.example.com`, which Alibaba Cloud writes `.example.com`: not a host, so it cannot be looked at. */
export function isPattern(domain: string): boolean {
  return domain.includes("*") || domain.startsWith(".");
}
