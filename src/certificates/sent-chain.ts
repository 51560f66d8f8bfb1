import { partition } from "../lib/lists.js";
import { sha256Hex } from "../lib/sha256.js";
import { readBundle } from "./bundle.js";
import type { CertificateList } from "./certificate.js";
import { buildChain, isInOrder } from "./chain.js";
import type { LeafFingerprints } from "./fingerprint.js";

/**
 * What clients get with a leaf. The order of the certificates, the root and line ends do not matter; a cross-signed
 * certificate equals its twin.
 */
export interface SentChain {
  /** Currently valid intermediates, each as the SHA-256 of its subject and public key. */
  readonly intermediates: readonly string[];
  /** What clients may reject: SHA-256 of each out-of-date certificate, and "order" if the order is wrong. */
  readonly flaws: readonly string[];
  /** Nothing more may be sent: a rollback restores what was there, even if incomplete. */
  readonly exact?: boolean | undefined;
}

/** What should be served: a leaf, and the chain sent with it if known. */
export interface Expectation extends LeafFingerprints {
  readonly chain?: SentChain | undefined;
}

/** @param certificates the leaf and what is sent after it */
export function sentChain(certificates: CertificateList, now: Date): SentChain {
  const { path, strangers } = buildChain(certificates);
  const issuers = certificates.filter(
    ({ selfIssued }, position) => position > 0 && !selfIssued && !strangers.includes(position),
  );
  const [current, expired] = partition(issuers, ({ notBefore, notAfter }) => notBefore <= now && now < notAfter);
  const ids = current.map(({ x509, publicKey }) => sha256Hex(Buffer.concat([Buffer.from(x509.subject), publicKey])));
  const outOfDate = expired.map(({ x509 }) => x509.sha256);
  return {
    intermediates: [...new Set(ids)].sort(),
    flaws: [...[...new Set(outOfDate)].sort(), ...(isInOrder({ path }) ? [] : ["order"])],
  };
}

/** Like {@link sentChain}, but of a PEM text; undefined if it cannot be read. */
export function sentChainIn(pem: string, now: Date): SentChain | undefined {
  const bundle = readBundle(pem);
  return bundle && sentChain(bundle.certificates, now);
}

/** Whether clients get everything in `wanted`, and no flaws beyond its own. Without `wanted`, any chain will do. */
export function satisfies(sent: SentChain | undefined, wanted: SentChain | undefined): boolean {
  if (wanted === undefined) return true;
  if (sent === undefined) return wanted.intermediates.length === 0;
  if (wanted.exact && !isSubset(sent.intermediates, wanted.intermediates)) return false;
  return isSubset(wanted.intermediates, sent.intermediates) && isSubset(sent.flaws, wanted.flaws);
}

/** Whether each is suitable in place of the other. */
export function isSameChain(one: SentChain | undefined, other: SentChain | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return satisfies(one, other) && satisfies(other, one);
}

/** Whether something that `wanted` gives clients is missing. */
export function lacksIntermediates(sent: SentChain, wanted: SentChain | undefined): boolean {
  return wanted !== undefined && !isSubset(wanted.intermediates, sent.intermediates);
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
