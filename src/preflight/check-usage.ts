import { asOutage, type Finding, finding, type Verdict, warning } from "../catalogue/finding.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { uncovered } from "../certificates/domain-names.js";
import type { KeyUsage } from "../certificates/extensions.js";
import { andMore, formatId, formatName, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { Examined } from "./examined.js";

/** Extended key usages that a server's certificate may have: serverAuth and any. */
const serverUsages = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/** As in the certificate. */
export function describeUsage(usage: ReadonlySet<KeyUsage>): string {
  return [...usage].join(", ") || "none";
}

/**
 * Whether it is there by mistake, as the issuer of the server's own, of which nothing else is to be said. One that signed
 * itself, as `openssl req -x509` makes it, is meant to be served, and is judged like any other.
 */
const isIssuer = ({ isCa, selfIssued }: Pick<ParsedCertificate, "isCa" | "selfIssued">) => isCa && !selfIssued;

/** Whether it is a server certificate at all. */
export function checkServerUse({ leaf, parameter }: Examined): Finding[] {
  const { isCa, selfIssued, extendedKeyUsage, keyUsage, sm2, unknownCriticalExtensions, isPrecertificate, mustStaple } =
    leaf;
  const found: Finding[] = [];
  if (isPrecertificate) {
    const says = "It is a precertificate, made for the logs of Certificate Transparency: no client accepts it.";
    found.push(finding(parameter, says, "error", "Get the certificate itself from the CA."));
  }
  if (isCa) {
    const says = selfIssued
      ? safe`The first certificate is a root certificate, not a server's.`
      : safe`The first certificate is a CA certificate, not a server's.`;
    found.push(asOutage(warning(parameter, says, "Put the server's own certificate first.")));
  }
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.some((usage) => serverUsages.includes(usage))) {
    const says = safe`The certificate is not meant for servers: its extended key usage lacks serverAuth.`;
    found.push(asOutage(warning(parameter, says, "Have one issued for servers (serverAuth).")));
  }
  // An SM2 server has one certificate for signing and another that cannot sign.
  if (keyUsage !== undefined && !keyUsage.has("digitalSignature") && !isIssuer(leaf) && !sm2) {
    const says = safe`Its key usage (${verbatim(describeUsage(keyUsage))}) lacks digitalSignature, without which browsers and TLS 1.3 refuse it.`;
    found.push(asOutage(warning(parameter, says, "Have it reissued, with key usage digitalSignature.")));
  }
  for (const id of unknownCriticalExtensions) {
    const says = safe`It has a critical extension that clients do not know (${formatId(id)}), so they refuse it.`;
    found.push(asOutage(warning(parameter, says, "Have it reissued without that.")));
  }
  // Only where the edge staples none, which nobody can see here.
  if (mustStaple) {
    const says = safe`It demands a stapled OCSP response (must-staple), without which some browsers refuse it.`;
    found.push(warning(parameter, says, "Have OCSP stapling turned on where it is served, or have it reissued."));
  }
  return found;
}

const namedAtMost = 5;

const issueAgain = "Have it reissued, with each name as a subject alternative name in its DNS form.";

/** Whether the certificate covers the domains, with names where clients look for them. */
export function checkNames({ leaf, parameter }: Examined, domains: readonly string[], verdict?: Verdict): Finding[] {
  const { names, coveringNames, unmatchableNames, hasAlternativeNames, hasOnlyOtherNames, hasCriticalNames } = leaf;
  const found: Finding[] = [];
  const missing = uncovered(coveringNames, domains);
  if (missing.length > 0) {
    const says = safe`The certificate does not cover ${joined(missing.map(formatName))}; it is for ${nameList(names)}.`;
    const next = "Take a certificate that names them, or leave these domains out.";
    found.push(asOutage(finding(parameter, says, verdict, next)));
  }
  if (isIssuer(leaf)) return found;
  for (const { name, why } of unmatchableNames.slice(0, namedAtMost)) {
    const says = safe`The name ${formatName(name)} covers nothing: ${why}.`;
    found.push(asOutage(warning(parameter, says, issueAgain)));
  }
  if (!hasAlternativeNames) {
    const says = hasOnlyOtherNames
      ? safe`The certificate's subject alternative name has neither a DNS name nor an IP address, so browsers accept it for no domain.`
      : safe`The certificate has no subject alternative name, so browsers accept it for no domain.`;
    found.push(asOutage(warning(parameter, says, issueAgain)));
  } else if (leaf.x509.subject === "" && !hasCriticalNames) {
    const says = safe`The subject is empty and the subject alternative name not critical, so Apple's clients refuse it.`;
    found.push(asOutage(warning(parameter, says, issueAgain)));
  }
  return found;
}

/** Only the first few, because a certificate can have hundreds. */
function nameList(names: readonly string[]): SafeText {
  if (names.length === 0) return safe`no name`;
  return andMore(names, namedAtMost, formatName);
}
