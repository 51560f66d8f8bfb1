import { noHttps } from "../catalogue/serving.js";
import { isSameLeaf, parseFingerprint } from "../certificates/fingerprint.js";
import { type Expectation, lacksIntermediates, satisfies } from "../certificates/sent-chain.js";
import { unlessFailed } from "../lib/tool-error.js";
import type { AddressReport, ServedCertificate, ServedState, TlsCheck, TlsReport } from "./tls-check.js";

/**
 * The one rule by which every tool decides whether something is served. It compares a report with the expected
 * certificate, given by its SHA-256 or SHA-1 and its chain if known, or with {@link noHttps}.
 *
 * Addresses that did not answer, or were not connected to, do not count: from a network without IPv6, a certificate
 * must not look as if it were still on its way. Of those that answered:
 * - `serving`: each one serves it, to every kind of client that it serves anything to;
 * - `some clients`: each one serves it, but other clients get another one there, or it is unknown what they get;
 * - `incomplete chain`: each one serves it, and some send it without an intermediate that clients need;
 * - `other chain`: each one serves it, unexpectedly with an out-of-date certificate or in the wrong order;
 * - `propagating`: some do; the others serve another one, or another chain, or none;
 * - `other certificate`: none does, some serve another;
 * - `no TLS`: none serves any.
 * `unreachable`: none answered.
 * @throws {ToolError} if `expected` is not a fingerprint
 */
export function servedAs(tlsReport: Pick<TlsReport, "addresses">, { sha256, sha1, chain }: Expectation): ServedState {
  const answered = answeredIn(tlsReport);
  const withoutTls = answered.filter(({ certificates }) => certificates.length === 0);
  if (sha256 === noHttps) {
    if (answered.length === 0) return "unreachable";
    if (withoutTls.length === 0) return "other certificate";
    return withoutTls.length < answered.length ? "propagating" : "serving";
  }
  const expected = { sha256: parseFingerprint(sha256), sha1, chain };
  if (answered.length === 0) return "unreachable";
  if (withoutTls.length === answered.length) return "no TLS";
  const withLeaf = answered.filter(({ certificates }) => certificates.some((each) => isSameLeaf(each, expected)));
  if (withLeaf.length === 0) return "other certificate";
  const serving = withLeaf.filter(({ certificates }) => certificates.some((each) => isExpected(each, expected)));
  if (withLeaf.length < answered.length || (serving.length > 0 && serving.length < answered.length))
    return "propagating";
  const leaves = answered.flatMap(({ certificates }) => certificates.filter((each) => isSameLeaf(each, expected)));
  if (leaves.some(({ incomplete, sent }) => incomplete === true || lacksIntermediates(sent, chain)))
    return "incomplete chain";
  if (serving.length === 0) return "other chain";
  return answered.every((each) => servesOnly(each, expected)) ? "serving" : "some clients";
}

/** How many domains are looked at at once. */
export const CONCURRENT_CHECKS = 8;

/** What a domain serves; a string says why that cannot be seen, as when the operator does not allow the check. */
export async function tlsReportOrReason(
  domain: string,
  { tlsCheck, signal }: { readonly tlsCheck: TlsCheck; readonly signal: AbortSignal },
): Promise<TlsReport | string> {
  return unlessFailed(tlsCheck.inspect(domain, { signal }), ({ details }) => details.happened);
}

/** The addresses for which it is known what they serve. */
export function answeredIn({ addresses }: Pick<TlsReport, "addresses">): readonly AddressReport[] {
  return addresses.filter(({ unreached }) => unreached !== true);
}

/** The certificates that the addresses which answered serve, in their order. */
export function certificatesServedIn(tlsReport: Pick<TlsReport, "addresses">): readonly ServedCertificate[] {
  return answeredIn(tlsReport).flatMap(({ certificates }) => certificates);
}

/** The addresses that could not be reached, each with the reason: "2001:db8::1: It does not answer." */
export function unreachedIn({ addresses }: Pick<TlsReport, "addresses">): readonly string[] {
  return addresses.flatMap(({ address, unreached, problem }) =>
    unreached === true ? [`${address}: ${problem ?? "not reached"}`] : [],
  );
}

/** Whether every kind of client that gets a certificate gets this one with its chain; for `noHttps`, none does. */
export function servesOnly({ certificates, unseen = [] }: AddressReport, expected: Expectation): boolean {
  if (expected.sha256 === noHttps) return certificates.length === 0;
  return certificates.length > 0 && unseen.length === 0 && certificates.every((each) => isExpected(each, expected));
}

type ComparedCertificate = Pick<ServedCertificate, "sha256" | "sha1" | "sent">;

/** Whether it is this certificate, by its fingerprint as from {@link parseFingerprint}, with a suitable chain. */
export function isExpected(certificate: ComparedCertificate, expected: Expectation): boolean {
  return isSameLeaf(certificate, expected) && satisfies(certificate.sent, expected.chain);
}
