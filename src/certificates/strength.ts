import type { ParsedCertificate } from "./certificate.js";
import type { KeyFacts } from "./public-key.js";
import { isWeak } from "./signature.js";

/**
 * How strong a certificate's key is, in bits of security (NIST SP 800-57 part 1 revision 5, table 2); at most 80 if its
 * signature uses a broken hash, 0 for a kind of key that is not known here.
 */
export function strengthOf({ key, signature }: Pick<ParsedCertificate, "key" | "signature">): number {
  const bits = strengthOfKey(key);
  return isWeak(signature.hash) ? Math.min(bits, 80) : bits;
}

function strengthOfKey({ type, bits = 0 }: KeyFacts): number {
  switch (type) {
    case "RSA":
    case "RSA-PSS":
      return bits >= 15_360
        ? 256
        : bits >= 7_680
          ? 192
          : bits >= 3_072
            ? 128
            : bits >= 2_048
              ? 112
              : bits >= 1_024
                ? 80
                : 0;
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
