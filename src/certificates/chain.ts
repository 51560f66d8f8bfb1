import { rootCertificates } from "node:tls";
import { limits } from "../catalogue/limits.js";
import { dayMs } from "../lib/days.js";
import { groupedBy } from "../lib/lists.js";
import { memoize } from "../lib/memoize.js";
import type { ParsedCertificate } from "./certificate.js";
import { isCheckable } from "./public-key.js";
import { X509 } from "./x509.js";

/** How the certificates of a bundle are linked, starting from the first. Positions count from 0. */
export interface Chain {
  /** From the first certificate to its issuer, and so on, as far as the bundle goes. */
  readonly path: readonly number[];
  /** Members of the path whose signature was not made by the next one's key. */
  readonly forged: readonly number[];
  /** Members of the path whose signature was not checked: it is SM2, or made by a kind of key that nobody uses. */
  readonly unchecked: readonly number[];
  /** Certificates outside the path that are not cross-signed twins of a member either. */
  readonly strangers: readonly number[];
  readonly rootIncluded: boolean;
  /** Whether a client can build a path from it; unknown if the last one's issuer is not a public root. */
  readonly complete: "yes" | "no" | "unknown";
}

const known = new WeakMap<readonly ParsedCertificate[], Chain>();

/** Computed once per bundle. */
export function buildChain(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]]): Chain {
  const chain = known.get(certificates) ?? workedOut(certificates);
  known.set(certificates, chain);
  return chain;
}

function workedOut(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]]): Chain {
  const signed = signatures(certificates);
  const path = pathFrom(certificates, signed);
  const members = path.flatMap((position) => certificates[position] ?? []);
  const last = members.at(-1) ?? certificates[0];
  const links = path.slice(0, -1).map((position, index) => [position, signed(position, path[index + 1] ?? 0)] as const);
  const forged = links.flatMap(([position, made]) => (made === "no" ? [position] : []));
  return {
    path,
    forged,
    unchecked: path.filter(
      (position) =>
        certificates[position]?.signature.sm2 || links.some(([of, made]) => of === position && made === "unchecked"),
    ),
    strangers: certificates.flatMap((certificate, position) =>
      path.includes(position) || members.some((member) => isAlternative(certificate, member)) ? [] : [position],
    ),
    rootIncluded: last.selfIssued && path.length > 1,
    complete: forged.length > 0 ? "no" : completeness(last, path.length),
  };
}

/** Whether each member of the path comes after the one that it issued; other certificates may be in between. */
export function isInOrder({ path }: Pick<Chain, "path">): boolean {
  return path.every((position, index) => index === 0 || position > (path[index - 1] ?? 0));
}

type Signed = "yes" | "no" | "unchecked";

/** Whether one certificate was signed by another's key, by position; each pair is checked once. */
function signatures(certificates: readonly ParsedCertificate[]) {
  const look = (position: number, by: number): Signed => {
    const [certificate, issuer] = [certificates[position], certificates[by]];
    if (certificate === undefined || issuer === undefined) return "no";
    // node:crypto does not check SM2 signatures.
    if (certificate.signature.sm2 || issuer.sm2 || !isCheckable(issuer.x509.publicKey)) return "unchecked";
    return certificate.x509.isSignedBy(issuer.x509) ? "yes" : "no";
  };
  return memoize(look, (position, by) => `${position} ${by}`);
}

/** Among several issuers, prefers one whose key made the signature, then the first in the text. */
function pathFrom(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  signed: (position: number, by: number) => Signed,
): number[] {
  const path = [0];
  let current = 0;
  while (certificates[current]?.selfIssued === false) {
    // By names and key ids; only a few of these candidates are checked by signature, which is the expensive part.
    const named = certificates.flatMap((candidate, position) =>
      !path.includes(position) && certificates[current]?.x509.checkIssued(candidate.x509) ? [position] : [],
    );
    const tried = named.slice(0, limits.chain.issuersTried);
    const next = tried.find((position) => signed(current, position) !== "no") ?? named[0];
    if (next === undefined) break;
    path.push(next);
    current = next;
  }
  return path;
}

/** A cross-signed twin: a CA with the same subject and key, but another issuer. */
function isAlternative(one: ParsedCertificate, other: ParsedCertificate): boolean {
  if (!one.isCa) return false;
  const sameSubject = one.x509.subject === other.x509.subject && one.publicKey.equals(other.publicKey);
  return sameSubject && !one.x509.raw.equals(other.x509.raw);
}

function completeness(last: ParsedCertificate, length: number): Chain["complete"] {
  if (last.selfIssued) return "yes";
  if (!last.signature.sm2 && isIssuedByTrustedRoot(last.x509)) return "yes";
  return length === 1 ? "no" : "unknown";
}

/** Roots by their subject, read on first use: all of Node's take some time. */
const rootsBySubject = memoize((pems: readonly string[]) =>
  groupedBy(
    pems.flatMap((pem) => X509.read(pem) ?? []),
    ({ subject }) => comparable(subject),
  ),
);

/** Names are compared without regard to case and spaces (RFC 5280, 7.1). */
const comparable = (name: string) => name.toLowerCase().replace(/\s+/g, " ");

/** Whether it is one of these roots (in PEM), or was issued by one. */
export function isTrustedBy(certificate: X509, pems: readonly string[]): boolean {
  const called = (name: string) => rootsBySubject(pems).get(comparable(name)) ?? [];
  return (
    called(certificate.subject).some(({ raw }) => raw.equals(certificate.raw)) ||
    called(certificate.issuer).some((root) => certificate.checkIssued(root) && certificate.isSignedBy(root))
  );
}

/** Whether one of the roots that Node.js trusts issued the certificate. */
export function isIssuedByTrustedRoot(certificate: X509): boolean {
  return isTrustedBy(certificate, rootCertificates);
}

/**
 * Whether clients can follow the path of a bundle to a root that they have: one of those that Node.js trusts, or of
 * `others` (in PEM). They stop at the first that they trust, whatever was sent after it.
 */
export function reachesTrustedRoot(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[] = [],
): boolean {
  return trustedPosition(certificates, others) !== undefined;
}

/** The first on the path that clients trust, or that a root of theirs issued. */
function trustedPosition(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[],
): number | undefined {
  return buildChain(certificates).path.find((position) => {
    const x509 = certificates[position]?.x509;
    return x509 !== undefined && (isIssuedByTrustedRoot(x509) || isTrustedBy(x509, others));
  });
}

/**
 * Positions of the certificates that every client has to accept: those up to the first that a root of theirs issued,
 * without CAs of which a cross-signed twin is there that is valid now.
 */
export function indispensable(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  now: Date,
  others: readonly string[] = [],
): ReadonlySet<number> {
  const isCurrent = ({ notBefore, notAfter }: ParsedCertificate) => notBefore <= now && now < notAfter;
  const hasTwin = (certificate: ParsedCertificate) =>
    certificates.some((other) => isAlternative(certificate, other) && isCurrent(other));
  const needed = pathToTrusted(certificates, others);
  return new Set(needed.filter((position) => !certificates.slice(position, position + 1).some(hasTwin)));
}

/** The path up to the first that a root of clients issued. */
function pathToTrusted(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[],
): readonly number[] {
  const { path } = buildChain(certificates);
  const trusted = trustedPosition(certificates, others);
  return trusted === undefined ? path : path.slice(0, path.indexOf(trusted) + 1);
}

/**
 * The certificates above the leaf that clients need on the path to a root that they have, and that end a day or more
 * before it, by position, with their ends. Of cross-signed twins the one that lasts longest counts.
 */
export function endingBeforeLeaf(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[] = [],
): ReadonlyMap<number, Date> {
  const latest = certificates[0].notAfter.getTime() - dayMs;
  return new Map(
    pathToTrusted(certificates, others).flatMap((position) => {
      const certificate = certificates[position];
      if (position === 0 || certificate === undefined) return [];
      const twins = certificates.filter((other) => isAlternative(certificate, other));
      const end = Math.max(...[certificate, ...twins].map(({ notAfter }) => notAfter.getTime()));
      return end <= latest ? [[position, new Date(end)]] : [];
    }),
  );
}

/**
 * When clients stop accepting what a bundle serves: the end of the leaf, or that of a certificate above it that they
 * need, if it comes first.
 */
export function effectiveEnd(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[] = [],
): Date {
  const ends = [certificates[0].notAfter, ...endingBeforeLeaf(certificates, others).values()];
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}
