import type { PairVerdicts } from "../catalogue/certificate-arguments.js";
import type { Finding } from "../catalogue/finding.js";
import { type Bundle, readBundle } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { buildChain, effectiveEnd, reachesTrustedRoot } from "../certificates/chain.js";
import { uncovered } from "../certificates/domain-names.js";
import { fits, openPrivateKey } from "../certificates/private-key.js";
import { onOneLine } from "../certificates/x509.js";
import { daysUntil } from "../lib/days.js";
import { checkPair } from "./check-pair.js";

/** A certificate and what belongs to it, as data. If it does not parse there are only findings. */
export interface CertificateReport {
  readonly certificate?: CertificateSummary;
  readonly chain?: ChainFacts;
  /** Present if a key was given that could be opened. */
  readonly keyFits?: boolean;
  readonly domains?: { readonly covered: readonly string[]; readonly uncovered: readonly string[] };
  /** An expert's summary in a few words; the findings are the reasons. */
  readonly verdict: string;
  readonly findings: readonly ReportedFinding[];
}

/** A finding as a model reads it. */
type ReportedFinding = Omit<Finding, "says"> & { readonly says: string };

const verdicts: PairVerdicts = {
  unreadable: "error",
  brokenChain: "error",
  badKey: "error",
  mismatch: "error",
  expired: "error",
  uncovered: "error",
};

/** The preflight checks for a certificate without a call. */
export function inspect(
  given: { readonly certificatePem: string; readonly privateKeyPem?: string; readonly domains?: readonly string[] },
  now: Date,
  roots?: readonly string[],
): CertificateReport {
  const { certificatePem, privateKeyPem, domains } = given;
  const key = privateKeyPem === undefined ? {} : { key: { parameter: "privateKeyPem", pem: privateKeyPem } };
  const pair = { parameter: "certificatePem", pem: certificatePem, ...key, domains: domains ?? [] };
  const findings = checkPair(pair, verdicts, now, roots).map((found) => ({ ...found, says: String(found.says) }));
  const bundle = readBundle(certificatePem);
  const verdict = verdictOn(findings);
  if (bundle === undefined) return { verdict, findings };
  return {
    verdict,
    certificate: certificateFacts(bundle.leaf, now),
    chain: chainFacts(bundle, roots),
    ...keyFacts(bundle, privateKeyPem),
    ...(domains && { domains: coverage(bundle, domains) }),
    findings,
  };
}

function verdictOn(findings: readonly ReportedFinding[]): string {
  const errors = findings.filter(({ level }) => level === "error").length;
  const warnings = findings.length - errors;
  const counted = (count: number, what: string) => (count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`]);
  const reasons = [...counted(errors, "error"), ...counted(warnings, "warning")].join(" and ");
  if (errors > 0) return `Do not serve it: ${reasons} in findings.`;
  if (findings.some(({ severity }) => severity === "outage"))
    return `Do not serve it: browsers would turn visitors away; ${reasons} in findings.`;
  return warnings > 0 ? `It can be served, with doubts: ${reasons} in findings.` : "It is fit to be served.";
}

export type CertificateSummary = ReturnType<typeof certificateFacts>;

function certificateFacts(leaf: ParsedCertificate, now: Date) {
  const { x509, names, notBefore, notAfter, key, signature, isCa, sm2, hasTimestamps, ocsp, caIssuers } = leaf;
  return {
    names,
    subject: onOneLine(x509.subject),
    issuer: onOneLine(x509.issuer),
    serialNumber: x509.serialNumber,
    // ISO 8601, like the next.
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft: daysUntil(notAfter, now),
    key,
    signatureHash: signature.hash,
    isCa,
    sm2,
    sha1: x509.sha1,
    sha256: x509.sha256,
    // Whether it contains timestamps.
    certificateTransparency: hasTimestamps,
    ocsp,
    caIssuers,
  };
}

export type ChainFacts = ReturnType<typeof chainFacts>;

function chainFacts({ certificates }: Bundle, roots: readonly string[] | undefined) {
  const { complete: known, forged, rootIncluded } = buildChain(certificates);
  const complete = forged.length === 0 && reachesTrustedRoot(certificates, roots) ? "yes" : known;
  // In the order of the text.
  const links = certificates.map(({ x509, notAfter }) => ({
    subject: onOneLine(x509.subject),
    issuer: onOneLine(x509.issuer),
    notAfter: notAfter.toISOString(),
  }));
  const end = effectiveEnd(certificates, roots);
  // Until when clients accept it, if that is before the leaf's own end.
  const ends = end < certificates[0].notAfter ? end.toISOString() : undefined;
  return { certificates: links, complete, rootIncluded, ...(ends && { ends }) };
}

function keyFacts({ leaf }: Bundle, pem: string | undefined): Pick<CertificateReport, "keyFits"> {
  const key = pem === undefined ? "unreadable" : openPrivateKey(pem, undefined);
  return typeof key === "string" ? {} : { keyFits: fits(leaf, key) };
}

function coverage({ leaf }: Bundle, domains: readonly string[]): { covered: string[]; uncovered: string[] } {
  const missing = uncovered(leaf.coveringNames, domains);
  const lacks = new Set(missing);
  return { covered: domains.filter((domain) => !lacks.has(domain)), uncovered: missing };
}
