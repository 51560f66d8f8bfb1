import { Failure } from "../failure.js";
import type { AddressLook, Look, Served, ServedCertificate } from "./edge.js";

/**
 * How a look compares with the certificate that was expected, given by its SHA-256 or SHA-1.
 *
 * Addresses that nothing answered from, or that were not connected to, do not count: from a network without IPv6 a
 * certificate must not look as if it were still on its way. Of those that answered:
 * - `serving`: each one serves it, to every kind of client that it serves anything to;
 * - `some clients`: each one serves it, but other clients get another one there, or it is not known what they get;
 * - `propagating`: some do; the others serve another one, or none;
 * - `other certificate`: none does, some serve another;
 * - `no TLS`: none serves any.
 * `unreachable`: none answered.
 * @throws {Failure} when `expected` is no fingerprint
 */
export function servedAs(look: Pick<Look, "addresses">, expected: string): Served {
  const fingerprint = normalFingerprint(expected);
  const answered = look.addresses.filter(({ unreached }) => unreached !== true);
  if (answered.length === 0) return "unreachable";
  if (answered.every(({ certificates }) => certificates.length === 0)) return "no TLS";
  const serving = answered.filter(({ certificates }) => certificates.some((each) => isAs(each, fingerprint)));
  if (serving.length === 0) return "other certificate";
  if (serving.length < answered.length) return "propagating";
  return answered.every((look) => servesOnly(look, fingerprint)) ? "serving" : "some clients";
}

/** Whether every kind of client gets the certificate, as far as it gets any. */
export function servesOnly({ certificates, unseen = [] }: AddressLook, fingerprint: string): boolean {
  return certificates.length > 0 && unseen.length === 0 && certificates.every((each) => isAs(each, fingerprint));
}

/** Whether the certificate has the fingerprint, given as {@link normalFingerprint} writes it. */
export function isAs({ sha256, sha1 }: Pick<ServedCertificate, "sha256" | "sha1">, fingerprint: string): boolean {
  return sha256 === fingerprint || sha1 === fingerprint;
}

/**
 * A SHA-256 or SHA-1 in the way in which it is compared: lower case, without colons and spaces.
 * @throws {Failure} for anything else
 */
export function normalFingerprint(fingerprint: string): string {
  const digits = hexOf(fingerprint);
  if (/^(?:[0-9a-f]{64}|[0-9a-f]{40})$/.test(digits)) return digits;
  throw new Failure({
    kind: "input",
    happened: "The fingerprint is neither a SHA-256 nor a SHA-1 in hexadecimal digits.",
    changed: "no",
    next: "Give 64 or 40 hexadecimal digits; colons and letter case do not matter.",
  });
}

/** The digits of a fingerprint in lower case, without colons and spaces; of any other text something that equals none. */
export function hexOf(fingerprint: string): string {
  return fingerprint.replace(/[:\s]/g, "").toLowerCase();
}
