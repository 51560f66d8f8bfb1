import { dayInWords, joined, nameInWords, ownWords, type SafeText, safe, termInWords } from "../visible.js";
import type { AddressLook, Look, ServedCertificate } from "./edge.js";

/** What a domain serves, short and without what changes from day to day: "*.example.com until 2027-03-01, SHA-256 3f9a…". */
export function servedInWords({ addresses }: Look): SafeText {
  const told = addresses.map(addressInWords);
  const different = [...new Map(told.map((words) => [String(words), words])).values()];
  if (different.length === 0) return safe`nothing`;
  if (different.length === 1) return joined(different);
  const count = (words: SafeText) => told.filter((each) => String(each) === String(words)).length;
  return joined(
    different.map((words) => safe`${words} (${count(words)} of ${addresses.length} addresses)`),
    safe`; `,
  );
}

function addressInWords({ certificates, problem }: AddressLook): SafeText {
  if (certificates.length === 0) return problem === undefined ? safe`no HTTPS` : safe`no HTTPS: ${ownWords(problem)}`;
  return joined(
    certificates.map((each, _, all) => safe`${certificateInWords(each)}${ownWords(clientsInWords(each, all))}`),
    safe` and `,
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
  const ends = dayInWords(notAfter);
  return safe`${named} until ${ends}, SHA-256 ${termInWords(sha256.slice(0, SHOWN))}…`;
}
