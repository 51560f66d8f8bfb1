import { nameInWords } from "../visible.js";
import type { AddressLook, Look, ServedCertificate } from "./edge.js";

/** What a domain serves, short and without what changes from day to day: "*.example.com until 2027-03-01, SHA-256 3f9a…". */
export function servedInWords({ addresses }: Look): string {
  const told = new Map<string, number>();
  for (const words of addresses.map(addressInWords)) told.set(words, (told.get(words) ?? 0) + 1);
  if (told.size <= 1) return [...told.keys()].join() || "nothing";
  return [...told].map(([words, count]) => `${words} (${count} of ${addresses.length} addresses)`).join("; ");
}

function addressInWords({ certificates, problem }: AddressLook): string {
  if (certificates.length === 0) return problem === undefined ? "no HTTPS" : `no HTTPS: ${problem}`;
  return certificates.map((each, _, all) => certificateInWords(each) + clientsInWords(each, all)).join(" and ");
}

/** " (default; TLS 1.2)", where not all clients get the same. */
export function clientsInWords({ clients }: ServedCertificate, all: readonly ServedCertificate[]): string {
  return all.length > 1 ? ` (${clients.join("; ")})` : "";
}

/** How many digits of a fingerprint a person compares. */
const SHOWN = 16;

export function certificateInWords({
  names,
  notAfter,
  sha256,
}: Pick<ServedCertificate, "names" | "notAfter" | "sha256">): string {
  const [first, ...more] = names;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  return `${first === undefined ? "no name" : nameInWords(first)}${others} until ${notAfter.slice(0, "YYYY-MM-DD".length)}, SHA-256 ${sha256.slice(0, SHOWN)}…`;
}
