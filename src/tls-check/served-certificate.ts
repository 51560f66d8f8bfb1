import { type CertificateList, parseCertificate } from "../certificates/certificate.js";
import { buildChain, effectiveEnd, isInOrder } from "../certificates/chain.js";
import { algorithmOf, describeKey } from "../certificates/public-key.js";
import { sentChain } from "../certificates/sent-chain.js";
import { strengthOf } from "../certificates/strength.js";
import { onOneLine } from "../certificates/x509.js";
import { daysUntil } from "../lib/days.js";
import type { HandshakeResult } from "./handshake-outcome.js";
import type { ServedCertificate, TlsCheckOptions } from "./tls-check.js";
import { lacksIntermediate, trustVerdict } from "./trust-verdict.js";

/** By what a chain is judged that was shown for `host`. */
export interface JudgeOptions extends Pick<TlsCheckOptions, "roots" | "judge"> {
  readonly host: string;
}

/** What is known about a certificate that was shown for `host`; undefined if the leaf does not parse. */
export function servedCertificate(
  { chain, fault: found }: HandshakeResult,
  { host, roots, judge }: JudgeOptions,
  now: Date,
): Omit<ServedCertificate, "clients"> | undefined {
  const [leaf, ...rest] = chain.map(parseCertificate);
  if (leaf === undefined) return undefined;
  const certificates: CertificateList = [leaf, ...rest.filter((each) => each !== undefined)];
  const fault = judge ? judge(now, certificates, found) : found;
  const judged = { host, certificates, fault, now };
  const distrust = trustVerdict(judged);
  const end = effectiveEnd(certificates, roots);
  return {
    algorithm: algorithmOf(leaf.key),
    key: describeKey(leaf.key),
    strength: strengthOf(leaf),
    sha256: leaf.x509.sha256,
    sha1: leaf.x509.sha1,
    names: leaf.names,
    issuer: onOneLine(leaf.x509.issuer),
    notBefore: leaf.notBefore.toISOString(),
    notAfter: leaf.notAfter.toISOString(),
    daysLeft: daysUntil(leaf.notAfter, now),
    encoded: chain,
    chain: certificates.map(({ x509 }) => onOneLine(x509.subject)),
    chainOrder: isInOrder(buildChain(certificates)) ? "right" : "wrong",
    ...(end < leaf.notAfter && { chainEnds: end.toISOString() }),
    sent: sentChain(certificates, now),
    ...(lacksIntermediate(judged) && { incomplete: true }),
    trusted: distrust === undefined,
    ...(distrust !== undefined && { distrust }),
  };
}
