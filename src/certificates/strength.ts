import type { KeyFacts } from "./public-key.js";
import { isWeak, type SignatureFacts } from "./signature.js";

/** The documented minimum, in bits: of RSA, DSA and DH, and of an elliptic curve (docs/cloud-behaviour.md 4.1). */
export const minBits = { rsa: 2048, curve: 225 };

export function isTooShort({ type, bits }: KeyFacts): boolean {
  return bits !== undefined && bits < (type === "EC" ? minBits.curve : minBits.rsa) && type !== "SM2";
}

/** The least RSA modulus for each strength, both in bits. */
const rsaStrengths = [
  { from: 15_360, strength: 256 },
  { from: 7_680, strength: 192 },
  { from: 3_072, strength: 128 },
  { from: 2_048, strength: 112 },
  { from: 1_024, strength: 80 },
];

/**
 * How strong a certificate's key is, in bits of security (NIST SP 800-57 part 1 revision 5, table 2); at most 80 if its
 * signature uses a broken hash, 0 for a kind of key that is not known here.
 */
export function strengthOf({ key, signature }: { key: KeyFacts; signature: SignatureFacts }): number {
  const bits = strengthOfKey(key);
  return isWeak(signature.hash) ? Math.min(bits, 80) : bits;
}

function strengthOfKey({ type, bits = 0 }: KeyFacts): number {
  switch (type) {
    case "RSA":
    case "RSA-PSS":
      return rsaStrengths.find(({ from }) => bits >= from)?.strength ?? 0;
    case "EC":
    case "SM2":
      return Math.floor(bits / 2);
    case "Ed25519":
      return 128;
    case "Ed448":
      return 224;
    default:
      return 0;
  }
}
