import { ToolError } from "../lib/tool-error.js";

/** Whether a certificate is known: its SHA-256, or the SHA-1 that some stores show; not "none" or "unknown". */
export const isFingerprint = (text: string) => /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/.test(text);

/**
 * A SHA-256 or SHA-1 in the form used for comparison: lower case, without colons and spaces.
 * @throws {ToolError} for anything else
 */
export function normalFingerprint(fingerprint: string): string {
  const digits = hexOf(fingerprint);
  if (isFingerprint(digits)) return digits;
  throw new ToolError({
    kind: "input",
    happened: "The fingerprint is neither a SHA-256 nor a SHA-1 in hexadecimal digits.",
    changed: "no",
    next: "Give 64 or 40 hexadecimal digits; colons and letter case do not matter.",
  });
}

/** Whether the digits of a fingerprint, as from {@link hexOf}, are a SHA-1. */
export function isSha1(digits: string): boolean {
  return digits.length === 40;
}

/** The digits of a fingerprint in lower case, without colons and spaces; other texts never match. */
export function hexOf(fingerprint: string): string {
  return fingerprint.replace(/[:\s]/g, "").toLowerCase();
}
