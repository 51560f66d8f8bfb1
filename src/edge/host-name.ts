import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { Failure } from "../failure.js";

/** At least two labels, the last of which begins with a letter: `127.1` is an address to most resolvers. */
const fullName = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name in DNS, and the dot that may follow it. */
const longest = 254;

/** What a URL would take for the end of the host; domainToASCII reads up to there and drops the rest. */
const foreign = /[\s:/\\?#@%[\]]/;

/**
 * The name as it goes into DNS and SNI: A-labels in lower case, without a dot at the end.
 * @throws {Failure} for anything that is not the full name of one host
 */
export function hostName(domain: string): string {
  if (isPattern(domain)) {
    throw input(
      `${domain} stands for many names, and nothing answers under it.`,
      "Name a host that it covers, such as www.example.com.",
    );
  }
  const name = domain.length > longest || foreign.test(domain) ? "" : domainToASCII(domain).replace(/\.$/, "");
  if (isIP(name) === 0 && fullName.test(name)) return name;
  throw input(
    `"${domain}" is not the full name of a host.`,
    "Give a domain name such as www.example.com, without scheme, port or path.",
  );
}

/** `*.example.com`, which Alibaba Cloud writes `.example.com`: no host, so that it cannot be looked at. */
export function isPattern(domain: string): boolean {
  return domain.includes("*") || domain.startsWith(".");
}

function input(happened: string, next: string): Failure {
  return new Failure({ kind: "input", happened, changed: "no", next });
}
