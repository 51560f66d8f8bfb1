import { refused } from "./refuse.js";

const MAGIC: readonly Buffer[] = [
  Buffer.from("%PDF-"),
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from([0x89, 0x50, 0x4e, 0x47]),
];

/**
 * A scanned letter as base64. Only files that start like a JPG, PNG or PDF pass: otherwise this parameter could send
 * any file of the allowed directories to a cloud.
 */
export function letterIn(bytes: Buffer): string {
  const decoded = isScan(bytes) ? bytes : Buffer.from(bytes.toString("latin1"), "base64");
  if (isScan(decoded)) return decoded.toString("base64");
  throw refused("it is not a JPG, PNG or PDF.", "Name a scan of the signed letter, 1 KB to 1.4 MB.");
}

function isScan(bytes: Buffer): boolean {
  return MAGIC.some((magic) => bytes.subarray(0, magic.length).equals(magic));
}
