import { isSha1 } from "../certificates/fingerprint.js";
import type { JobCertificate } from "../jobs/job.js";
import { daysUntil } from "../lib/days.js";

/*
 * The fields by which our own tools describe a certificate: certificate_id, names and more_names, key, issuer,
 * not_before, not_after (ISO 8601 in UTC), days_left, and sha256 or sha1 in lower-case hexadecimal.
 */

/** A certificate can have a hundred names, and one reply can show it twenty times. */
const namesAtMost = 5;

export function namesForReply(names: readonly string[], atMost = namesAtMost) {
  const more = names.length - atMost;
  return { names: names.slice(0, atMost), ...(more > 0 && { more_names: more }) };
}

/** @param notAfter ISO 8601 */
export function expiryMembers(notAfter: string, now: Date) {
  return { not_after: notAfter, days_left: daysUntil(new Date(notAfter), now) };
}

/** The certificate of a job. */
export function certificateForReply({ certificateId, storedAs, names, notAfter, sha256 }: JobCertificate, now: Date) {
  const id = certificateId ?? storedAs;
  return {
    ...(id !== undefined && { certificate_id: id }),
    ...namesForReply(names),
    ...expiryMembers(notAfter, now),
    // Some stores show no more than the shorter one.
    [isSha1(sha256) ? "sha1" : "sha256"]: sha256,
  };
}
