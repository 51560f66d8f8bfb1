import { certificateNames } from "../catalogue/naming.js";
import { dayInWords, joined, ownWords, type SafeText, safe, termInWords } from "../lib/safe-text.js";
import { answeredIn, isSha1 } from "./served.js";
import type { AddressReport, ServedCertificate, TlsReport } from "./tls-check.js";

/** What clients see if a leaf was sent alone. */
export const sentAlone =
  "sent without its intermediate: clients that do not know it refuse the certificate (unable to get local issuer certificate, PKIX path building failed)";

/** What to do about it. */
export const completeIt =
  "Deploy the certificate again with its chain: the leaf, then each intermediate, in one file (deploy_certificate).";

/** "2 certificates": how many are sent, including the leaf. */
export function certificatesInWords(count: number): SafeText {
  return count === 1 ? safe`1 certificate` : safe`${count} certificates`;
}

/** The length of the chain sent: "1 certificate (2 of 3 addresses); 2 certificates (1 of 3 addresses)". */
export function chainInWords(look: Pick<TlsReport, "addresses">): SafeText {
  return counted(answeredIn(look), ({ certificates }) =>
    certificates.length === 0
      ? safe`none`
      : joined([...new Set(certificates.map(({ chain }) => chain.length))].map(certificatesInWords), safe` and `),
  );
}

/**
 * What a domain serves, short and stable from day to day: "*.example.com until 2027-03-01, SHA-256 3f9a…". Unreachable
 * addresses are left out.
 */
export function servedInWords(look: Pick<TlsReport, "addresses">): SafeText {
  return counted(answeredIn(look), addressInWords);
}

/** Once if it is the same for all addresses, otherwise with counts. */
function counted(addresses: TlsReport["addresses"], inWords: (look: AddressReport) => SafeText): SafeText {
  const told = addresses.map(inWords);
  const different = [...new Map(told.map((words) => [String(words), words])).values()];
  if (different.length === 0) return safe`nothing`;
  if (different.length === 1) return joined(different);
  const count = (words: SafeText) => told.filter((each) => String(each) === String(words)).length;
  return joined(
    different.map((words) => safe`${words} (${count(words)} of ${addresses.length} addresses)`),
    safe`; `,
  );
}

function addressInWords({ certificates, problem }: AddressReport): SafeText {
  if (certificates.length === 0) return problem === undefined ? safe`no HTTPS` : safe`no HTTPS: ${ownWords(problem)}`;
  return joined(
    certificates.map((each, _, all) => safe`${certificateInWords(each)}${ownWords(clientsInWords(each, all))}`),
    safe` and `,
  );
}

/** " (default; TLS 1.2)" if not all clients get the same. */
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
  return safe`${certificateNames(names)}, expires ${dayInWords(notAfter)}, ${fingerprintInWords(sha256)}`;
}

/** "SHA-256 3f9a…"; a store may show no more than a SHA-1, which its length tells. */
export function fingerprintInWords(fingerprint: string): SafeText {
  const digits = termInWords(fingerprint.slice(0, SHOWN));
  return ownWords(`${isSha1(fingerprint) ? "SHA-1" : "SHA-256"} ${digits}…`);
}
