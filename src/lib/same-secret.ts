import { timingSafeEqual } from "node:crypto";

/** Compares secrets and MACs in constant time, wherever the texts differ. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
