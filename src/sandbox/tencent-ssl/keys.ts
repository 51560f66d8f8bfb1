import type { KeyObject } from "node:crypto";
import { createPublicKey } from "node:crypto";
import type { KeyKind } from "../authority.js";
import { parseCsr } from "../authority.js";

/** A key in the cloud's words: `RSA 2048`, `ECC prime256v1`. */
export function sandboxAlgorithmOf(key: KeyObject | undefined): string {
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  return namedCurve === undefined ? (key?.asymmetricKeyType ?? "").toUpperCase() : `ECC ${namedCurve}`;
}

/** The same of a signing request's key; undefined when it does not parse. */
export function algorithmOfCsr(csrPem: string): string | undefined {
  const parsed = parseCsr(csrPem);
  return parsed && sandboxAlgorithmOf(createPublicKey(parsed.publicKeyPem));
}

const kinds: Readonly<Record<string, KeyKind>> = {
  "RSA 2048": "RSA-2048",
  "RSA 4096": "RSA-4096",
  "ECC prime256v1": "EC-P256",
};

/** The kind of key that an algorithm and its parameter ask for; undefined when they do not go together. */
export function keyKindOf(algorithm: string, parameter: string): KeyKind | undefined {
  return kinds[`${algorithm} ${parameter}`];
}
