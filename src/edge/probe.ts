import { shown } from "./addresses.js";
import type { AddressLook, EdgeAddress, ServedCertificate } from "./edge.js";
import { type Ground, handshake } from "./handshake.js";
import { type Algorithm, algorithms, type Offer, offers12, offers13, outdated } from "./offers.js";
import { inWords, isFinal, isUnreached, isVersion, mayBeVersion, type Outcome } from "./outcome.js";
import { servedCertificate } from "./served-certificate.js";

interface Attempt {
  readonly algorithm: Algorithm;
  readonly outcome: Outcome;
}

/**
 * What one address serves for the host: TLS 1.2 first, because its chain can be read as it was sent; TLS 1.3 where
 * that showed no certificate; then whether it speaks only what clients refuse. Rejects when the signal aborts.
 */
export async function probe(target: EdgeAddress, ground: Ground, now: () => Date): Promise<AddressLook> {
  const first = await ask(target, offers12, ground);
  if (isSettled(first)) return told(target, first, ground, now());
  const second = await ask(target, offers13, ground);
  const all = [...first, ...second];
  if (isSettled(second) || !all.every(({ outcome }) => mayBeVersion(outcome))) {
    // What came of TLS 1.2 counts where it showed more than that TLS 1.3 is wanted.
    const telling = isSettled(second) ? second : all;
    return told(target, telling, ground, now());
  }
  const old = await handshake(target, outdated, ground);
  if (old.kind === "certificate") return none(target, onlyOutdated(old.version));
  return told(target, all, ground, now());
}

/** Once for each algorithm, unless the first answer goes for both. */
async function ask(
  target: EdgeAddress,
  offers: Readonly<Record<Algorithm, Offer>>,
  ground: Ground,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const algorithm of algorithms) {
    const outcome = await handshake(target, offers[algorithm], ground);
    attempts.push({ algorithm, outcome });
    if (isFinal(outcome) || isVersion(outcome)) break;
  }
  return attempts;
}

/** Whether there is nothing more to find out by another version. */
function isSettled(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ outcome }) => outcome.kind === "certificate" || isFinal(outcome));
}

function told(target: EdgeAddress, attempts: readonly Attempt[], ground: Ground, now: Date): AddressLook {
  const certificates = attempts.flatMap(({ algorithm, outcome }) =>
    certificateOf(algorithm, outcome, ground.host, now),
  );
  if (certificates.length > 0) {
    const doubt = attempts.find(({ outcome }) => !isAnswer(outcome));
    const problem = doubt && `${doubt.algorithm} could not be seen: ${inWords(doubt.outcome, ground.timeout)}`;
    return { address: shown(target), certificates, ...(problem && { problem }) };
  }
  const outcomes = attempts.map(({ outcome }) => outcome);
  if (outcomes.some(({ kind }) => kind === "certificate")) {
    return none(target, "It serves a certificate that cannot be read.");
  }
  const telling = outcomes.find((outcome) => !isVersion(outcome)) ?? outcomes[0];
  if (telling === undefined) return none(target, "It was not asked.");
  const look = none(target, inWords(telling, ground.timeout));
  return isUnreached(telling) ? { ...look, unreached: true } : look;
}

function certificateOf(algorithm: Algorithm, outcome: Outcome, host: string, now: Date): ServedCertificate[] {
  const certificate = outcome.kind === "certificate" && servedCertificate(algorithm, outcome, host, now);
  return certificate ? [certificate] : [];
}

/** Whether it says what is served for an algorithm: a certificate, or by an alert that there is none. */
function isAnswer({ kind }: Outcome): boolean {
  return kind === "certificate" || kind === "alert" || kind === "other version";
}

function none(target: EdgeAddress, problem: string): AddressLook {
  return { address: shown(target), certificates: [], problem };
}

function onlyOutdated(version: string | undefined): string {
  return `It speaks only ${version === "TLSv1.1" ? "TLS 1.1" : "TLS 1.0"}, which clients refuse today.`;
}
