import { type Finding, finding, warning } from "../catalogue/finding.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import type { KeyUsage } from "../certificates/extensions.js";
import { ownWords, safe, termInWords } from "../lib/escape-text.js";

/** Extended key usages that a server's certificate may have: serverAuth and any. */
const serverUsages = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

const serverFirst = "Put the server's own certificate first.";

/** As in the certificate. */
export function usageInWords(usage: ReadonlySet<KeyUsage>): string {
  return [...usage].join(", ") || "none";
}

/** Whether it is a server certificate at all. */
export function checkServerUse(certificate: ParsedCertificate, parameter: string): Finding[] {
  const { isCa, selfIssued, usages, keyUsage, sm2, unknownCritical, precertificate, mustStaple } = certificate;
  const found: Finding[] = [];
  if (precertificate) {
    const says = "It is a precertificate, made for the logs of Certificate Transparency: no client accepts it.";
    found.push(finding(parameter, says, "error", "Get the certificate itself from the CA."));
  }
  if (isCa) {
    const says = selfIssued
      ? safe`The first certificate is a root certificate, not a server's.`
      : safe`The first certificate is a CA certificate, not a server's.`;
    found.push(warning(parameter, says, serverFirst));
  }
  if (usages !== undefined && !usages.some((usage) => serverUsages.includes(usage))) {
    found.push(
      warning(
        parameter,
        safe`The certificate is not meant for servers: its extended key usage lacks serverAuth.`,
        "Have one issued for servers (serverAuth).",
      ),
    );
  }
  // An SM2 server has one certificate for signing and another that cannot sign.
  if (keyUsage !== undefined && !keyUsage.has("digitalSignature") && !isCa && !sm2) {
    const says = safe`Its key usage (${ownWords(usageInWords(keyUsage))}) lacks digitalSignature, without which browsers and TLS 1.3 refuse it.`;
    found.push(warning(parameter, says, "Have it reissued, with key usage digitalSignature."));
  }
  for (const id of unknownCritical) {
    const says = safe`It has a critical extension that clients do not know (${termInWords(id)}), so they refuse it.`;
    found.push(warning(parameter, says, "Have it reissued without that."));
  }
  if (mustStaple) {
    const says = safe`It demands a stapled OCSP response (must-staple), without which some browsers refuse it.`;
    found.push(warning(parameter, says, "Have OCSP stapling turned on where it is served, or have it reissued."));
  }
  return found;
}
