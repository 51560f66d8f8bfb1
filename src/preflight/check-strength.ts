import { called } from "./bundle.js";
import type { Certificate } from "./certificate.js";
import { type Finding, warning } from "./finding.js";
import { describeKey, explicitCurve, isTooShort, type KeyFacts } from "./public-key.js";
import { isWeak } from "./signature.js";

/** Keys that are too short and hashes that are broken. A root's own signature secures nothing, so it may be old. */
export function checkStrength(certificates: readonly Certificate[], parameter: string): Finding[] {
  return certificates.flatMap(({ key, signature, selfIssued, isCa }, index) => {
    const name = called(index);
    const found: Finding[] = [];
    if (isTooShort(key)) {
      const says = `${name} has a key of ${describeKey(key)}; RSA needs 2048 bits, an elliptic curve 225.`;
      found.push(warning(parameter, says, usual));
    }
    if (isWeak(signature.hash) && !(selfIssued && isCa)) {
      const next = "Have it issued again, signed with SHA-256 or better.";
      found.push(warning(parameter, `${name} is signed with ${signature.hash}, which clients refuse.`, next));
    }
    return found;
  });
}

const usual = "Use an RSA key of 2048 to 4096 bits, or an EC key on P-256 or P-384.";

/** Whether clients know what to do with the keys, and whether the number of the leaf is one. */
export function checkKinds(certificates: readonly Certificate[], parameter: string): Finding[] {
  const kinds = certificates.flatMap(({ key }, index) => {
    const refusal = refusalOf(key, index === 0);
    return refusal === undefined ? [] : [warning(parameter, `${called(index)} has a key of ${refusal}.`, usual)];
  });
  const [leaf] = certificates;
  return [...kinds, ...(leaf ? checkSerial(leaf, parameter) : [])];
}

/** What public authorities sign and browsers take: RSA, P-256 and P-384; in a chain also P-521 (Baseline Requirements, 6.1.5). */
function refusalOf(key: KeyFacts, isLeaf: boolean): string | undefined {
  const { type, curve } = key;
  // What is too short is said as such.
  if (type === "RSA" || isTooShort(key)) return undefined;
  if (type === "SM2") {
    return isLeaf ? `${type}, which only clients of the Chinese standard take, beside a second certificate` : undefined;
  }
  if (type !== "EC") return `${describeKey(key)}, which browsers do not take`;
  if (curve === "secp521r1") return isLeaf ? "EC P-521 (secp521r1), which Chrome and Edge do not take" : undefined;
  if (curve === explicitCurve) return "EC with explicit parameters in place of a curve's name, which clients refuse";
  return curve === "prime256v1" || curve === "secp384r1" ? undefined : `EC ${curve}, which browsers do not take`;
}

/** RFC 5280, 4.1.2.2: positive, and no longer than 20 bytes. */
function checkSerial({ x509: { serialNumber } }: Certificate, parameter: string): Finding[] {
  const wrong = serialNumber.startsWith("-")
    ? "negative"
    : /^0*$/.test(serialNumber)
      ? "zero"
      : serialNumber.length > 2 * 20
        ? "longer than 20 bytes"
        : undefined;
  const next = "Have it issued again, with a positive number of at most 20 bytes.";
  return wrong === undefined
    ? []
    : [warning(parameter, `The certificate's serial number is ${wrong}, for which some clients refuse it.`, next)];
}
