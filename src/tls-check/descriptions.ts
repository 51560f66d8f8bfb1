import { certificateNames } from "../catalogue/naming.js";
import { isSha1 } from "../certificates/fingerprint.js";
import { distinctBy } from "../lib/lists.js";
import { formatDay, formatId, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { answeredIn } from "./served.js";
import type { AddressReport, ServedCertificate, TlsReport } from "./tls-check.js";

/** What clients see if a leaf was sent alone. */
export const missingIntermediateText =
  "sent without its intermediate: clients that do not know it refuse the certificate (unable to get local issuer certificate, PKIX path building failed)";

/** What to do about it. */
export const deployWithChainAdvice =
  "Deploy the certificate again with its chain: the leaf, then each intermediate, in one file (deploy_certificate).";

/** "2 certificates": how many are sent, including the leaf. */
export function countCertificates(count: number): SafeText {
  return count === 1 ? safe`1 certificate` : safe`${count} certificates`;
}

/** The length of the chain sent: "1 certificate (2 of 3 addresses); 2 certificates (1 of 3 addresses)". */
export function describeChain(tlsReport: Pick<TlsReport, "addresses">): SafeText {
  return withCounts(answeredIn(tlsReport), ({ certificates }) =>
    certificates.length === 0
      ? safe`none`
      : joined([...new Set(certificates.map(({ chain }) => chain.length))].map(countCertificates), safe` and `),
  );
}

/**
 * What a domain serves, short and stable from day to day: "*.example.com until 2027-03-01, SHA-256 3f9a…". Unreachable
 * addresses are left out.
 */
export function describeServed(tlsReport: Pick<TlsReport, "addresses">): SafeText {
  return withCounts(answeredIn(tlsReport), describeAddress);
}

/** Once if it is the same for all addresses, otherwise with counts. */
function withCounts(addresses: TlsReport["addresses"], describe: (addressReport: AddressReport) => SafeText): SafeText {
  const descriptions = addresses.map(describe);
  const different = distinctBy(descriptions, String);
  if (different.length === 0) return safe`nothing`;
  if (different.length === 1) return joined(different);
  const count = (description: SafeText) => descriptions.filter((each) => String(each) === String(description)).length;
  return joined(
    different.map((words) => safe`${words} (${count(words)} of ${addresses.length} addresses)`),
    safe`; `,
  );
}

function describeAddress({ certificates, problem }: AddressReport): SafeText {
  if (certificates.length === 0) return problem === undefined ? safe`no HTTPS` : safe`no HTTPS: ${verbatim(problem)}`;
  return joined(
    certificates.map((each, _, all) => safe`${describeServedCertificate(each)}${verbatim(describeClients(each, all))}`),
    safe` and `,
  );
}

/** " (default; TLS 1.2)" if not all clients get the same. */
export function describeClients({ clients }: ServedCertificate, all: readonly ServedCertificate[]): string {
  return all.length > 1 ? ` (${clients.join("; ")})` : "";
}

/** How many digits of a fingerprint a person compares. */
const SHOWN_DIGITS = 16;

export function describeServedCertificate({
  names,
  notAfter,
  sha256,
}: Pick<ServedCertificate, "names" | "notAfter" | "sha256">): SafeText {
  return safe`${certificateNames(names)}, expires ${formatDay(notAfter)}, ${formatFingerprint(sha256)}`;
}

/** "SHA-256 3f9a…"; a store may show no more than a SHA-1, which its length tells. */
export function formatFingerprint(fingerprint: string): SafeText {
  const digits = formatId(fingerprint.slice(0, SHOWN_DIGITS));
  return verbatim(`${isSha1(fingerprint) ? "SHA-1" : "SHA-256"} ${digits}…`);
}
