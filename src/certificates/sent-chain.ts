import { createHash } from "node:crypto";
import { readBundle } from "./bundle.js";
import type { ParsedCertificate } from "./certificate.js";
import { buildChain, isInOrder } from "./chain.js";

/**
 * What goes to clients with a leaf. Its order, the root and line ends are no part of it; a cross-signed certificate stands
 * for its twin.
 */
export interface SentChain {
  /** Intermediates in force, each the SHA-256 of its subject and public key. */
  readonly intermediates: readonly string[];
  /** What clients may stumble over: SHA-256 of each one that is out of date, and "order" where the order is wrong. */
  readonly flaws: readonly string[];
  /** Nothing more may be sent: a rollback puts back what was there, be it incomplete. */
  readonly exact?: boolean | undefined;
}

/** What is to be served: SHA-256 of a leaf, and what is sent with it where that is known. */
export interface Expectation {
  readonly sha256: string;
  readonly chain?: SentChain | undefined;
}

/** @param certificates the leaf and what is sent after it */
export function sentChain(certificates: readonly [ParsedCertificate, ...ParsedCertificate[]], now: Date): SentChain {
  const { path, strangers } = buildChain(certificates);
  const issuers = certificates.filter(
    ({ selfIssued }, position) => position > 0 && !selfIssued && !strangers.includes(position),
  );
  const isInForce = ({ notBefore, notAfter }: ParsedCertificate) => notBefore <= now && now < notAfter;
  const expired = issuers.filter((each) => !isInForce(each));
  return {
    intermediates: each(issuers.filter(isInForce), ({ x509, publicKey }) => [x509.subject, publicKey]),
    flaws: [...each(expired, ({ x509 }) => [x509.raw]), ...(isInOrder({ path }) ? [] : ["order"])],
  };
}

/** The same of a PEM text; undefined where it cannot be read. */
export function sentChainIn(pem: string, now: Date): SentChain | undefined {
  const bundle = readBundle(pem);
  return bundle && sentChain(bundle.certificates, now);
}

/** Whether clients get all that `wanted` gives them, and meet no flaw that it has not. Any chain does where none is known. */
export function doesFor(sent: SentChain | undefined, wanted: SentChain | undefined): boolean {
  if (wanted === undefined) return true;
  if (sent === undefined) return wanted.intermediates.length === 0;
  if (wanted.exact && !isWithin(sent.intermediates, wanted.intermediates)) return false;
  return isWithin(wanted.intermediates, sent.intermediates) && isWithin(sent.flaws, wanted.flaws);
}

/** Whether each does for the other. */
export function isSameChain(one: SentChain | undefined, other: SentChain | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return doesFor(one, other) && doesFor(other, one);
}

/** Whether something that `wanted` gives to clients is missing. */
export function lacksOf(sent: SentChain, wanted: SentChain | undefined): boolean {
  return wanted !== undefined && !isWithin(wanted.intermediates, sent.intermediates);
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

function each(
  certificates: readonly ParsedCertificate[],
  parts: (certificate: ParsedCertificate) => readonly (string | Buffer)[],
) {
  const digests = certificates.map((certificate) => {
    const hash = createHash("sha256");
    for (const part of parts(certificate)) hash.update(part);
    return hash.digest("hex");
  });
  return [...new Set(digests)].sort();
}
