import { createPublicKey, type KeyObject } from "node:crypto";
import { memoize } from "../../lib/memoize.js";
import { type KeyKind, parseCsr } from "../authority.js";

/** A key in the cloud's notation: `RSA 2048`, `ECC prime256v1`. */
export function sandboxAlgorithmOf(key: KeyObject | undefined): string {
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  return namedCurve === undefined ? (key?.asymmetricKeyType ?? "").toUpperCase() : `ECC ${namedCurve}`;
}

/** The same for a CSR's key; undefined if the CSR does not parse. Lists ask for it in each row of an open order. */
export const algorithmOfCsr = memoize((csrPem: string): string | undefined => {
  const parsed = parseCsr(csrPem);
  return parsed && sandboxAlgorithmOf(createPublicKey(parsed.publicKeyPem));
});

const kinds: Readonly<Record<string, KeyKind>> = {
  "RSA 2048": "RSA-2048",
  "RSA 4096": "RSA-4096",
  "ECC prime256v1": "EC-P256",
};

/** The key type for an algorithm and its parameter; undefined if they do not match. */
export function keyKindOf(algorithm: string, parameter: string): KeyKind | undefined {
  return kinds[`${algorithm} ${parameter}`];
}
