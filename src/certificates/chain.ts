import { rootCertificates } from "node:tls";
import { limits } from "../catalogue/limits.js";
import { dayMs } from "../lib/days.js";
import { groupedBy } from "../lib/lists.js";
import { memoize } from "../lib/memoize.js";
import type { CertificateList, ParsedCertificate } from "./certificate.js";
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

const linksCache = new WeakMap<CertificateList, { readonly chain: Chain; readonly issuerOf: IssuerOf }>();

/** Computed once per bundle. */
export function buildChain(certificates: CertificateList): Chain {
  return linksOf(certificates).chain;
}

function linksOf(certificates: CertificateList) {
  const cached = linksCache.get(certificates);
  if (cached !== undefined) return cached;
  const signed = signatureChecker(certificates);
  const issuerOf = issuerFinder(certificates, signed);
  const links = { chain: describeChain(certificates, pathFrom(certificates, issuerOf), signed), issuerOf };
  linksCache.set(certificates, links);
  return links;
}

function describeChain(
  certificates: CertificateList,
  path: readonly number[],
  signed: (position: number, by: number) => SignatureCheck,
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
      path.includes(position) || members.some((member) => isCrossSignedTwin(certificate, member)) ? [] : [position],
    ),
    rootIncluded: last.selfIssued && path.length > 1,
    complete: forged.length > 0 ? "no" : completeness(last, path.length),
  };
}

/** Whether each member of the path comes after the one that it issued; other certificates may be in between. */
export function isInOrder({ path }: Pick<Chain, "path">): boolean {
  return path.every((position, index) => index === 0 || position > (path[index - 1] ?? 0));
}

type SignatureCheck = "yes" | "no" | "unchecked";

/** Returns a function that tells, by positions, whether one certificate was signed by another's key. */
function signatureChecker(certificates: readonly ParsedCertificate[]) {
  const check = (position: number, by: number): SignatureCheck => {
    const [certificate, issuer] = [certificates[position], certificates[by]];
    if (certificate === undefined || issuer === undefined) return "no";
    // node:crypto does not check SM2 signatures.
    if (certificate.signature.sm2 || issuer.sm2 || !isCheckable(issuer.x509.publicKey)) return "unchecked";
    return certificate.x509.isSignedBy(issuer.x509) ? "yes" : "no";
  };
  return memoize(check, (position, by) => `${position} ${by}`);
}

/** Returns a function that chooses an issuer: one whose key made the signature, else the first in the text. */
function issuerFinder(
  certificates: readonly ParsedCertificate[],
  signed: (position: number, by: number) => SignatureCheck,
): IssuerOf {
  const choose = (position: number, except: readonly number[] = [position]) => {
    // By names and key ids; only a few of these candidates are checked by signature, which is the expensive part.
    const candidates = certificates.flatMap((candidate, by) =>
      !except.includes(by) && certificates[position]?.x509.checkIssued(candidate.x509) ? [by] : [],
    );
    const tried = candidates.slice(0, limits.chain.issuersTried);
    return tried.find((by) => signed(position, by) !== "no") ?? candidates[0];
  };
  return memoize(choose, String);
}

function pathFrom(certificates: CertificateList, issuerOf: IssuerOf): readonly number[] {
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
function isCrossSignedTwin(one: ParsedCertificate, other: ParsedCertificate): boolean {
  if (!one.isCa) return false;
  const sameSubject = one.x509.subject === other.x509.subject && one.publicKey.equals(other.publicKey);
  return sameSubject && !one.x509.raw.equals(other.x509.raw);
}

function completeness(last: ParsedCertificate, length: number): Chain["complete"] {
  if (last.selfIssued) return "yes";
  if (!last.signature.sm2 && isTrusted(last.x509)) return "yes";
  return length === 1 ? "no" : "unknown";
}

/** Roots by their subject, read on first use: all of Node's take some time. */
const rootsBySubject = memoize((pems: readonly string[]) =>
  groupedBy(
    pems.flatMap((pem) => X509.read(pem) ?? []),
    ({ subject }) => normalizedName(subject),
  ),
);

/** Names are compared without regard to case and spaces (RFC 5280, 7.1). */
const normalizedName = (name: string) => name.toLowerCase().replace(/\s+/g, " ");

/** Whether it is one of these roots (in PEM), or was issued by one. */
export function isTrustedBy(certificate: X509, pems: readonly string[]): boolean {
  const rootsNamed = (name: string) => rootsBySubject(pems).get(normalizedName(name)) ?? [];
  return (
    rootsNamed(certificate.subject).some(({ raw }) => raw.equals(certificate.raw)) ||
    rootsNamed(certificate.issuer).some((root) => certificate.checkIssued(root) && certificate.isSignedBy(root))
  );
}

/** Always the same list: what was read of roots is remembered by list. */
const noRoots: readonly string[] = [];

/** Whether clients trust it, or a root that they have issued it: one that Node.js trusts, or one of `extraRoots` (in PEM). */
export function isTrusted(certificate: X509, extraRoots = noRoots): boolean {
  return isTrustedBy(certificate, rootCertificates) || isTrustedBy(certificate, extraRoots);
}

/**
 * Whether clients can follow the path of a bundle to a root that they have. They stop at the first certificate that they
 * trust, whatever was sent after it.
 */
export function reachesTrustedRoot(certificates: CertificateList, extraRoots = noRoots): boolean {
  return buildChain(certificates).path.some((position) => isTrustedAt(certificates, position, extraRoots));
}

function isTrustedAt(certificates: CertificateList, position: number, extraRoots: readonly string[]): boolean {
  const x509 = certificates[position]?.x509;
  return x509 !== undefined && isTrusted(x509, extraRoots);
}

/**
 * Positions of the certificates that every client has to accept: those without which no trust path is valid now. If none
 * is valid now, those of the one that lasts longest.
 */
export function neededPositions(certificates: CertificateList, now: Date, extraRoots = noRoots): ReadonlySet<number> {
  const longestPath = trustPathFinder(certificates, extraRoots);
  const isCurrent = (position: number) =>
    certificates.slice(position, position + 1).some(({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  const current = longestPath(isCurrent);
  if (current === undefined) return new Set(longestPath(() => true)?.positions);
  const isNeeded = (position: number) => {
    if (position === 0) return true;
    const without = longestPath((each) => each !== position && isCurrent(each));
    return without === undefined || (current.trusted && !without.trusted);
  };
  return new Set(current.positions.filter(isNeeded));
}

/** A path from the leaf up to a root that clients have, or as far as the bundle goes. */
interface TrustPath {
  readonly positions: readonly number[];
  /** The earliest end of its members. */
  readonly end: number;
  /** Whether it leads to a root that clients have. */
  readonly trusted: boolean;
}

/**
 * Returns a function that finds the path that lasts longest and uses only admitted certificates. Of a CA with
 * cross-signed twins, each twin can be part of the path, and each has its own issuer. A path that reaches a trusted root
 * is preferred to all others.
 */
function trustPathFinder(certificates: CertificateList, extraRoots: readonly string[]) {
  const { chain, issuerOf } = linksOf(certificates);
  const leadsToRoot = memoize((position: number) => isTrustedAt(certificates, position, extraRoots), String);
  const issuersOf = memoize((position: number): readonly number[] => {
    if (certificates[position]?.selfIssued) return [];
    const index = chain.path.indexOf(position);
    // The same arguments as for the path, so that no signature is checked twice.
    const chosen = index < 0 ? issuerOf(position) : chain.path[index + 1];
    const issuer = chosen === undefined ? undefined : certificates[chosen];
    if (chosen === undefined || issuer === undefined) return [];
    return [chosen, ...certificates.flatMap((other, by) => (isCrossSignedTwin(issuer, other) ? [by] : []))];
  }, String);
  const endOf = (position: number) => certificates[position]?.notAfter.getTime() ?? 0;
  const lastEnd = ({ positions }: TrustPath) => endOf(positions.at(-1) ?? 0);
  const byEnd = (a: TrustPath, b: TrustPath) => b.end - a.end || lastEnd(b) - lastEnd(a);

  return (isAdmitted: (position: number) => boolean): TrustPath | undefined => {
    // By its last position: of all paths that end there, the one that lasts longest.
    const open = new Map<number, TrustPath>([[0, { positions: [0], end: endOf(0), trusted: leadsToRoot(0) }]]);
    const reached = new Set<number>();
    let untrusted: TrustPath | undefined;
    // The path that lasts longest is extended first, so none found later at the same position lasts longer.
    for (let path = open.get(0); path !== undefined; [path] = [...open.values()].toSorted(byEnd)) {
      if (path.trusted) return path;
      const { positions, end } = path;
      const last = positions.at(-1) ?? 0;
      open.delete(last);
      reached.add(last);
      const above = issuersOf(last).filter((position) => !positions.includes(position));
      if (above.length === 0) untrusted ??= path;
      for (const position of above) {
        const extended = { positions: [...positions, position], end: Math.min(end, endOf(position)) };
        if (reached.has(position) || !isAdmitted(position) || (open.get(position)?.end ?? 0) >= extended.end) continue;
        open.set(position, { ...extended, trusted: leadsToRoot(position) });
      }
    }
    return untrusted;
  };
}

/**
 * The certificates of the longest-lasting trust path that end a day or more before the leaf: their ends, by position.
 */
export function endingBeforeLeaf(
  certificates: CertificateList,
  extraRoots: readonly string[],
): ReadonlyMap<number, Date> {
  const latest = certificates[0].notAfter.getTime() - dayMs;
  const positions = trustPathFinder(certificates, extraRoots)(() => true)?.positions ?? [];
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
export function effectiveEnd(certificates: CertificateList, extraRoots = noRoots): Date {
  const ends = [certificates[0].notAfter, ...endingBeforeLeaf(certificates, extraRoots).values()];
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}
