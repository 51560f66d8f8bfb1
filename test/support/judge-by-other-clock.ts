import { type ParsedCertificate, parseCertificate } from "../../src/certificates/certificate.js";
import { buildChain } from "../../src/certificates/chain.js";
import type { TlsCheckOptions } from "../../src/tls-check/tls-check.js";

const serverAuth = "1.3.6.1.5.5.7.3.1";

/** OpenSSL's names for what only the clock decides. */
const dateFaults: readonly string[] = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

/**
 * Judges chains by a clock that is not the machine's, as where a year passes in minutes; faults have OpenSSL's names. What
 * OpenSSL found about dates says nothing then: the path up to a trusted root is judged by `now`, with the signatures, names
 * and key ids checked by node:crypto. The dates of the certificates that were sent are left to the caller; length and name
 * constraints of CAs are not looked at.
 */
export function judgeByOtherClock(roots: readonly string[]): NonNullable<TlsCheckOptions["judge"]> {
  const trusted = roots.flatMap((pem) => parseCertificate(pem) ?? []);
  return (now, certificates, fault) => {
    if (fault !== undefined && !dateFaults.includes(fault)) return fault;
    const { path, forged, unchecked } = buildChain(certificates);
    const links = path.flatMap((position) => certificates[position] ?? []);
    const [leaf, ...above] = links;
    const last = links.at(-1);
    if (leaf === undefined || last === undefined || (leaf.selfIssued && !leaf.isCa)) return fault;
    if (forged.length + unchecked.length > 0) return "CERT_SIGNATURE_FAILURE";
    if (links.some(({ unknownCriticalExtensions }) => unknownCriticalExtensions.length > 0))
      return "UNHANDLED_CRITICAL_EXTENSION";
    if (leaf.extendedKeyUsage?.includes(serverAuth) === false) return "INVALID_PURPOSE";
    if (!above.every(mayIssue)) return "INVALID_CA";
    const anchors = trusted.filter((root) => mayIssue(root) && hasIssued(root, last));
    if (anchors.length === 0)
      return last.selfIssued ? "SELF_SIGNED_CERT_IN_CHAIN" : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
    if (anchors.every(({ notAfter }) => notAfter <= now)) return "CERT_HAS_EXPIRED";
    return anchors.some(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
      ? undefined
      : "CERT_NOT_YET_VALID";
  };
}

function mayIssue({ isCa, keyUsage }: ParsedCertificate): boolean {
  return isCa && keyUsage?.has("keyCertSign") !== false;
}

/** A root may be sent, too. */
function hasIssued(root: ParsedCertificate, { selfIssued, x509 }: ParsedCertificate): boolean {
  return selfIssued ? root.x509.raw.equals(x509.raw) : x509.checkIssued(root.x509) && x509.isSignedBy(root.x509);
}
