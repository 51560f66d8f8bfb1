import { type Certificate, readCertificate } from "../preflight/certificate.js";
import { chainOf, isInOrder } from "../preflight/chain.js";
import { daysLeft } from "../preflight/check-dates.js";
import { algorithmOf, describeKey } from "../preflight/public-key.js";
import { sentChain } from "../preflight/sent-chain.js";
import { onOneLine } from "../x509.js";
import { distrustOf, lacksIntermediate } from "./distrust.js";
import type { ServedCertificate } from "./edge.js";
import type { Shown } from "./outcome.js";
import { normalFingerprint } from "./served.js";

/** What is known of a certificate that was shown for `host`; undefined when the leaf does not parse. */
export function servedCertificate(
  { chain, fault }: Shown,
  host: string,
  now: Date,
): Omit<ServedCertificate, "clients"> | undefined {
  const [leaf, ...rest] = chain.map(readCertificate);
  if (leaf === undefined) return undefined;
  const certificates: [Certificate, ...Certificate[]] = [leaf, ...rest.filter((each) => each !== undefined)];
  const { path } = chainOf(certificates);
  const judged = { host, certificates, path, fault, now };
  const distrust = distrustOf(judged);
  return {
    algorithm: algorithmOf(leaf.key),
    key: describeKey(leaf.key),
    sha256: normalFingerprint(leaf.x509.fingerprint256),
    sha1: normalFingerprint(leaf.x509.fingerprint),
    names: leaf.names,
    subject: onOneLine(leaf.x509.subject),
    issuer: onOneLine(leaf.x509.issuer),
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString(),
    daysLeft: daysLeft(leaf, now),
    chain: certificates.map(({ x509 }) => onOneLine(x509.subject)),
    chainOrder: orderOf(path),
    sent: sentChain(certificates, now),
    ...(lacksIntermediate(judged) && { incomplete: true }),
    trusted: distrust === undefined,
    ...(distrust !== undefined && { distrust }),
  };
}

function orderOf(path: readonly number[]): ServedCertificate["chainOrder"] {
  return isInOrder({ path }) ? "right" : "wrong";
}
