import { asOutage, type Finding, warning } from "../catalogue/finding.js";
import { limits } from "../catalogue/limits.js";
import { certificateLabel } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { describeKey, explicitCurve, type KeyFacts } from "../certificates/public-key.js";
import { isWeak } from "../certificates/signature.js";
import { isTooShort, minBits } from "../certificates/strength.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { Examined } from "./examined.js";

/** Keys that are too short and hashes that are broken. A root's own signature secures nothing, so it may be weak. */
export function checkStrength({ certificates, parameter, needed }: Examined): Finding[] {
  return certificates.flatMap(({ key, signature, selfIssued, isCa }, index) => {
    const name = certificateLabel(index);
    const found: Finding[] = [];
    if (isTooShort(key)) {
      const says = safe`${name} has a key of ${verbatim(describeKey(key))}; RSA needs ${minBits.rsa} bits, an elliptic curve ${minBits.curve}.`;
      found.push(asOutage(warning(parameter, says, useAcceptedKey), needed.has(index)));
    }
    if (isWeak(signature.hash) && !(selfIssued && isCa)) {
      const says = safe`${name} is signed with ${verbatim(String(signature.hash))}, which clients refuse.`;
      const next = "Have it reissued, signed with SHA-256 or better.";
      found.push(asOutage(warning(parameter, says, next), needed.has(index)));
    }
    return found;
  });
}

const useAcceptedKey = `Use an RSA key of ${minBits.rsa} to ${limits.key.acceptedRsaBits} bits, or an EC key on P-256 or P-384.`;

/** Whether clients support the keys, and whether the leaf's serial number is valid. */
export function checkKinds({ certificates, leaf, parameter, needed }: Examined): Finding[] {
  const kinds = certificates.flatMap(({ key }, index) => {
    const refusal = refusalOf(key, index === 0);
    if (refusal === undefined) return [];
    const found = warning(parameter, safe`${certificateLabel(index)} has a key of ${refusal.says}.`, useAcceptedKey);
    return [asOutage(found, refusal.byClients && needed.has(index))];
  });
  return [...kinds, ...checkSerial(leaf, parameter)];
}

/**
 * Keys that public CAs sign and browsers accept: RSA, P-256, P-384; in a chain P-521 (Baseline Requirements, 6.1.5).
 */
function refusalOf(
  key: KeyFacts,
  isLeaf: boolean,
): { readonly says: SafeText; readonly byClients: boolean } | undefined {
  const { type, bits = 0 } = key;
  // Short and damaged keys have their own findings.
  if (isTooShort(key) || key.damaged) return undefined;
  if (type === "RSA") {
    if (!isLeaf || bits <= limits.key.acceptedRsaBits) return undefined;
    const says = safe`${verbatim(describeKey(key))}, and the clouds accept RSA only up to ${limits.key.acceptedRsaBits} bits`;
    return { says, byClients: false };
  }
  if (type === "SM2") {
    if (!isLeaf) return undefined;
    const says = safe`${verbatim(type)}, which only clients of the Chinese standard accept, beside a second certificate`;
    return { says, byClients: false };
  }
  const says = refusedByClients(key, isLeaf);
  return says && { says, byClients: true };
}

function refusedByClients(key: KeyFacts, isLeaf: boolean): SafeText | undefined {
  const { type, curve } = key;
  if (type !== "EC") return safe`${verbatim(describeKey(key))}, which browsers do not accept`;
  if (curve === "secp521r1")
    return isLeaf ? safe`EC P-521 (secp521r1), which Chrome and Edge do not accept` : undefined;
  if (curve === explicitCurve)
    return safe`EC with explicit parameters in place of a curve's name, which clients refuse`;
  if (curve === undefined) return safe`EC on a curve that is not known here, which browsers do not accept`;
  return curve === "prime256v1" || curve === "secp384r1"
    ? undefined
    : safe`${verbatim(`EC ${curve}`)}, which browsers do not accept`;
}

/** RFC 5280, 4.1.2.2: positive, and no longer than 20 bytes. */
function checkSerial({ x509: { serialNumber } }: ParsedCertificate, parameter: string): Finding[] {
  const wrong = serialNumber.startsWith("-")
    ? safe`negative`
    : /^0*$/.test(serialNumber)
      ? safe`zero`
      : serialNumber.length > 2 * 20
        ? safe`longer than 20 bytes`
        : undefined;
  if (wrong === undefined) return [];
  const says = safe`The certificate's serial number is ${wrong}, so some clients refuse it.`;
  return [asOutage(warning(parameter, says, "Have it reissued, with a positive number of at most 20 bytes."))];
}
