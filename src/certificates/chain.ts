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

/** The issuer of a certificate in the bundle, by position, chosen once; `except` are those below it. */
type IssuerOf = (position: number, except?: readonly number[]) => number | undefined;

interface Linked {
  readonly chain: Chain;
  readonly issuerOf: IssuerOf;
}

const known = new WeakMap<readonly ParsedCertificate[], Linked>();

/** Computed once per bundle. */
export function buildChain(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]]): Chain {
  return linked(certificates).chain;
}

function linked(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]]): Linked {
  const links = known.get(certificates) ?? workedOut(certificates);
  known.set(certificates, links);
  return links;
}

function workedOut(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]]): Linked {
  const signed = signatures(certificates);
  const issuerOf = issuers(certificates, signed);
  const path = pathFrom(certificates, issuerOf);
  return { chain: described(certificates, path, signed), issuerOf };
}

function described(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  path: readonly number[],
  signed: (position: number, by: number) => Signed,
): Chain {
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
function issuers(
  certificates: readonly ParsedCertificate[],
  signed: (position: number, by: number) => Signed,
): IssuerOf {
  const choose = (position: number, except: readonly number[] = [position]) => {
    // By names and key ids; only a few of these candidates are checked by signature, which is the expensive part.
    const named = certificates.flatMap((candidate, by) =>
      !except.includes(by) && certificates[position]?.x509.checkIssued(candidate.x509) ? [by] : [],
    );
    const tried = named.slice(0, limits.chain.issuersTried);
    return tried.find((by) => signed(position, by) !== "no") ?? named[0];
  };
  return memoize(choose, String);
}

function pathFrom(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  issuerOf: IssuerOf,
): readonly number[] {
  const path = [0];
  let current = 0;
  while (certificates[current]?.selfIssued === false) {
    const next = issuerOf(current, path);
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
 * Positions of the certificates that every client has to accept: those without which no way that is valid now leads to
 * a root of theirs. If none is valid now, those of the way that lasts longest.
 */
export function indispensable(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  now: Date,
  others: readonly string[] = [],
): ReadonlySet<number> {
  const longest = waysUp(certificates, others);
  const isCurrent = (position: number) =>
    certificates.slice(position, position + 1).some(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  const current = longest(isCurrent);
  if (current === undefined) return new Set(longest(() => true)?.positions);
  const isNeeded = (position: number) => {
    if (position === 0) return true;
    const without = longest((each) => each !== position && isCurrent(each));
    return without === undefined || (current.trusted && !without.trusted);
  };
  return new Set(current.positions.filter(isNeeded));
}

/** A way from the leaf up to a root, or as far as the bundle goes. */
interface Way {
  readonly positions: readonly number[];
  /** When the first of its members ends. */
  readonly end: number;
  /** Whether it leads to a root that clients have. */
  readonly trusted: boolean;
}

/**
 * Finds the way that lasts longest, by the leaf and certificates that are admitted: of a CA with cross-signed twins
 * any can be taken, and each has its own issuer. One to a root that clients have comes before all others.
 */
function waysUp(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]], others: readonly string[]) {
  const { chain, issuerOf } = linked(certificates);
  const isTrusted = memoize((position: number) => {
    const x509 = certificates[position]?.x509;
    return x509 !== undefined && (isIssuedByTrustedRoot(x509) || isTrustedBy(x509, others));
  }, String);
  const issuersOf = memoize((position: number): readonly number[] => {
    if (certificates[position]?.selfIssued) return [];
    const index = chain.path.indexOf(position);
    // The same question as the path's, so no signature is checked twice.
    const chosen = index < 0 ? issuerOf(position) : chain.path[index + 1];
    const issuer = chosen === undefined ? undefined : certificates[chosen];
    if (chosen === undefined || issuer === undefined) return [];
    return [chosen, ...certificates.flatMap((other, by) => (isAlternative(issuer, other) ? [by] : []))];
  }, String);
  const endOf = (position: number) => certificates[position]?.notAfter.getTime() ?? 0;
  const lastEnd = ({ positions }: Way) => endOf(positions.at(-1) ?? 0);
  const byEnd = (a: Way, b: Way) => b.end - a.end || lastEnd(b) - lastEnd(a);

  return (isAdmitted: (position: number) => boolean): Way | undefined => {
    // By the last position, only the one that lasts longest.
    const open = new Map<number, Way>([[0, { positions: [0], end: endOf(0), trusted: isTrusted(0) }]]);
    const reached = new Set<number>();
    let untrusted: Way | undefined;
    // The one that lasts longest is followed first, so nothing that is found later at the same position lasts longer.
    for (let way = open.get(0); way !== undefined; [way] = [...open.values()].toSorted(byEnd)) {
      if (way.trusted) return way;
      const { positions, end } = way;
      const last = positions.at(-1) ?? 0;
      open.delete(last);
      reached.add(last);
      const above = issuersOf(last).filter((position) => !positions.includes(position));
      if (above.length === 0) untrusted ??= way;
      for (const position of above) {
        const further = { positions: [...positions, position], end: Math.min(end, endOf(position)) };
        if (reached.has(position) || !isAdmitted(position) || (open.get(position)?.end ?? 0) >= further.end) continue;
        open.set(position, { ...further, trusted: isTrusted(position) });
      }
    }
    return untrusted;
  };
}

/**
 * The certificates above the leaf that end a day or more before it, by position, with their ends: of those on the way
 * to a root that lasts longest.
 */
export function endingBeforeLeaf(
  certificates: readonly [ParsedCertificate, ...ParsedCertificate[]],
  others: readonly string[] = [],
): ReadonlyMap<number, Date> {
  const latest = certificates[0].notAfter.getTime() - dayMs;
  const positions = waysUp(certificates, others)(() => true)?.positions ?? [];
  return new Map(
    positions.flatMap((position) => {
      const end = certificates[position]?.notAfter;
      return position > 0 && end !== undefined && end.getTime() <= latest ? [[position, end]] : [];
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
