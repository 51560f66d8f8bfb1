import { ownWords, safe } from "../visible.js";
import { called } from "./bundle.js";
import type { Certificate } from "./certificate.js";
import { type Finding, warning } from "./finding.js";
import { describeKey, isTooShort } from "./public-key.js";
import { isWeak } from "./signature.js";

/** Keys that are too short and hashes that are broken. A root's own signature secures nothing, so it may be old. */
export function checkStrength(certificates: readonly Certificate[], parameter: string): Finding[] {
  return certificates.flatMap(({ key, signature, selfIssued, isCa }, index) => {
    const name = called(index);
    const found: Finding[] = [];
    if (isTooShort(key)) {
      found.push(
        warning(
          parameter,
          safe`${name} has a key of ${ownWords(describeKey(key))}; RSA needs 2048 bits, an elliptic curve 225.`,
        ),
      );
    }
    if (isWeak(signature.hash) && !(selfIssued && isCa)) {
      found.push(
        warning(parameter, safe`${name} is signed with ${ownWords(String(signature.hash))}, which clients refuse.`),
      );
    }
    return found;
  });
}
