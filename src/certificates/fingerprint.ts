import type { LeafFingerprints } from "../catalogue/serving.js";
import { unusable } from "../lib/tool-error.js";

export type { LeafFingerprints };

/** Whether a certificate is known: its SHA-256, or the SHA-1 that some stores show; not "none" or "unknown". */
export const isFingerprint = (text: string) => /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/.test(text);

/**
 * A SHA-256 or SHA-1 in the form used for comparison: lower case, without colons and spaces. What `openssl x509
 * -fingerprint` prints before it is taken, too.
 * @throws {ToolError} for anything else
 */
export function parseFingerprint(fingerprint: string): string {
  const digits = normalizeFingerprint(fingerprint.replace(printedBefore, ""));
  if (isFingerprint(digits)) return digits;
  throw unusable(
    "The fingerprint is neither a SHA-256 nor a SHA-1 in hexadecimal digits.",
    "Give 64 or 40 hexadecimal digits; colons and letter case do not matter.",
  );
}

/** "sha256 Fingerprint=", and "SHA1 Fingerprint=" of older versions. */
const printedBefore = /^\s*sha-?(?:1|256) fingerprint\s*=/i;

/** Whether the digits of a fingerprint, as from {@link normalizeFingerprint}, are a SHA-1. */
export function isSha1(digits: string): boolean {
  return digits.length === 40;
}

/** The digits of a fingerprint in lower case, without colons and spaces; other texts never match. */
export function normalizeFingerprint(fingerprint: string): string {
  return fingerprint.replace(/[:\s]/g, "").toLowerCase();
}

/**
 * The one rule for whether two are the same leaf: by SHA-256 if both have one, otherwise by SHA-1. Texts must not be
 * compared instead: the same leaf may be known by the one here and by the other there.
 */
export function isSameLeaf(one: LeafFingerprints, other: LeafFingerprints): boolean {
  const [sha256, otherSha256] = [sha256Of(one), sha256Of(other)];
  if (sha256 !== undefined && otherSha256 !== undefined) return sha256 === otherSha256;
  const sha1 = sha1Of(one);
  return sha1 !== undefined && sha1 === sha1Of(other);
}

const sha256Of = ({ sha256 }: LeafFingerprints) => (isSha1(sha256) ? undefined : sha256);
const sha1Of = ({ sha256, sha1 }: LeafFingerprints) => (isSha1(sha256) ? sha256 : sha1);
