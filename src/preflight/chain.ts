import type { Certificate } from "./certificate.js";
import { isIssuedByTrustedRoot } from "./trusted-roots.js";

/** How the certificates of a bundle hang together, seen from the first. Positions count from 0. */
export interface Chain {
  /** From the first certificate to its issuer, and so on, as far as the bundle reaches. */
  readonly path: readonly number[];
  /** Those of the path whose signature was not made by the next one's key. */
  readonly forged: readonly number[];
  /** Those of the path whose signature is one of SM2, and so was not checked. */
  readonly unchecked: readonly number[];
  /** Those that do not belong to the path, nor stand for one of its members under another issuer. */
  readonly strangers: readonly number[];
  readonly rootIncluded: boolean;
  /** Whether a client can build a path from it; unknown where the issuer of the last one is not a public root. */
  readonly complete: "yes" | "no" | "unknown";
}

export function chainOf(certificates: readonly [Certificate, ...Certificate[]]): Chain {
  const path = pathFrom(certificates);
  const members = path.flatMap((position) => certificates[position] ?? []);
  const last = members.at(-1) ?? certificates[0];
  const linkFails = (position: number, index: number) => {
    const [certificate, issuer] = [certificates[position], members[index + 1]];
    return certificate !== undefined && issuer !== undefined && !isSignedBy(certificate, issuer);
  };
  const forged = path.filter(linkFails);
  return {
    path,
    forged,
    unchecked: path.filter((position) => certificates[position]?.signature.sm2),
    strangers: certificates.flatMap((certificate, position) =>
      path.includes(position) || members.some((member) => isAlternative(certificate, member)) ? [] : [position],
    ),
    rootIncluded: last.selfIssued && path.length > 1,
    complete: forged.length > 0 ? "no" : completeness(last, path.length),
  };
}

/** Whether each member of the path stands after the one that it issued; what is no part of it may stand between. */
export function isInOrder({ path }: Pick<Chain, "path">): boolean {
  return path.every((position, index) => index === 0 || position > (path[index - 1] ?? 0));
}

/** Among several issuers, one whose key made the signature goes first, then the one that follows in the text. */
function pathFrom(certificates: readonly [Certificate, ...Certificate[]]): number[] {
  const path = [0];
  let current: Certificate = certificates[0];
  while (!current.selfIssued) {
    const named = certificates.flatMap((candidate, position) =>
      !path.includes(position) && current.x509.checkIssued(candidate.x509) ? [{ candidate, position }] : [],
    );
    const next = named.find(({ candidate }) => isSignedBy(current, candidate)) ?? named[0];
    if (next === undefined) break;
    path.push(next.position);
    current = next.candidate;
  }
  return path;
}

/** A signature of SM2 counts as right: node:crypto does not check it. */
function isSignedBy({ x509, signature }: Certificate, issuer: Certificate): boolean {
  return signature.sm2 || issuer.sm2 || x509.verify(issuer.x509.publicKey);
}

/** A cross-signed twin: the same subject with the same key, under another issuer. */
function isAlternative(one: Certificate, other: Certificate): boolean {
  const sameSubject = one.x509.subject === other.x509.subject && one.publicKey.equals(other.publicKey);
  return sameSubject && !one.x509.raw.equals(other.x509.raw);
}

function completeness(last: Certificate, length: number): Chain["complete"] {
  if (last.selfIssued) return "yes";
  if (!last.signature.sm2 && isIssuedByTrustedRoot(last.x509)) return "yes";
  return length === 1 ? "no" : "unknown";
}
