import { joined, nameInWords, ownWords, type SafeText, safe, termInWords, timeInWords } from "../visible.js";
import type { AddressLook, Look, ServedCertificate } from "./edge.js";
import { answeredIn } from "./served.js";

/**
 * What a domain serves, short and without what changes from day to day: "*.example.com until 2027-03-01, SHA-256 3f9a…".
 * An address that could not be reached says nothing of it.
 */
export function servedInWords(look: Pick<Look, "addresses">): SafeText {
  const addresses = answeredIn(look);
  const told = new Map<SafeText, number>();
  for (const words of addresses.map(addressInWords)) told.set(words, (told.get(words) ?? 0) + 1);
  if (told.size === 0) return safe`nothing`;
  if (told.size === 1) return joined([...told.keys()]);
  return joined(
    [...told].map(([words, count]) => safe`${words} (${count} of ${addresses.length} addresses)`),
    "; ",
  );
}

function addressInWords({ certificates, problem }: AddressLook): SafeText {
  if (certificates.length === 0) return problem === undefined ? safe`no HTTPS` : safe`no HTTPS: ${ownWords(problem)}`;
  return joined(
    certificates.map((each, _, all) => safe`${certificateInWords(each)}${ownWords(clientsInWords(each, all))}`),
    " and ",
  );
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
}: Pick<ServedCertificate, "names" | "notAfter" | "sha256">): SafeText {
  const [first, ...more] = names;
  const others = more.length === 0 ? safe`` : safe` and ${more.length} more`;
  const named = first === undefined ? safe`no name` : safe`${nameInWords(first)}${others}`;
  const ends = timeInWords(notAfter.slice(0, "YYYY-MM-DD".length));
  return safe`${named} until ${ends}, SHA-256 ${termInWords(sha256.slice(0, SHOWN))}…`;
}
