import { rootCertificates } from "node:tls";
import { type ParsedCertificate, parseCertificate } from "../certificates/certificate.js";
import { buildChain } from "../certificates/chain.js";
import type { HandshakeResult } from "./handshake-outcome.js";
import type { TlsCheckOptions } from "./tls-check.js";
import { dateFaults, type JudgedChain } from "./trust-verdict.js";

/** A chain as OpenSSL judged it. */
type OpenSslVerdict = Pick<JudgedChain, "certificates" | "fault"> &
  Pick<HandshakeResult, "verifiedAt"> &
  Pick<TlsCheckOptions, "roots">;

/** A handshake takes no longer, in milliseconds: two times this close are of the same clock. */
const SAME_CLOCK = 60_000;

const serverAuth = "1.3.6.1.5.5.7.3.1";

/**
 * The chain's fault at the time `now`, by OpenSSL's names. OpenSSL judges dates by the machine's clock; node:tls has no
 * way to give it another. If `now` is of that clock, as in every server, its verdict stands. If not, as where a year
 * passes in minutes, a verdict about dates says nothing: the path up to a trusted root is then judged by `now`, with the
 * signatures, names and key ids checked by node:crypto. The dates of the certificates that were sent are left to the
 * caller; length and name constraints of CAs are not looked at.
 */
export function faultAt(now: Date, { certificates, fault, verifiedAt, roots }: OpenSslVerdict): string | undefined {
  if (Math.abs(now.getTime() - verifiedAt.getTime()) < SAME_CLOCK) return fault;
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
  const anchors = parsedRoots(roots).filter((root) => mayIssue(root) && hasIssued(root, last));
  if (anchors.length === 0) return last.selfIssued ? "SELF_SIGNED_CERT_IN_CHAIN" : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
  if (anchors.every(({ notAfter }) => notAfter <= now)) return "CERT_HAS_EXPIRED";
  return anchors.some(({ notBefore, notAfter }) => notBefore <= now && now < notAfter)
    ? undefined
    : "CERT_NOT_YET_VALID";
}

function mayIssue({ isCa, keyUsage }: ParsedCertificate): boolean {
  return isCa && keyUsage?.has("keyCertSign") !== false;
}

/** A root may be sent, too. */
function hasIssued(root: ParsedCertificate, { selfIssued, x509 }: ParsedCertificate): boolean {
  return selfIssued ? root.x509.raw.equals(x509.raw) : x509.checkIssued(root.x509) && x509.isSignedBy(root.x509);
}

const rootsCache = new WeakMap<readonly string[], readonly ParsedCertificate[]>();

function parsedRoots(roots: readonly string[] = rootCertificates): readonly ParsedCertificate[] {
  const parsed = rootsCache.get(roots) ?? roots.flatMap((pem) => parseCertificate(pem) ?? []);
  rootsCache.set(roots, parsed);
  return parsed;
}
