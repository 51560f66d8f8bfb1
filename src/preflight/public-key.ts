import type { KeyObject } from "node:crypto";
import { limits } from "../catalogue/limits.js";

export interface KeyFacts {
  /** `RSA`, `EC`, `SM2`, or node:crypto's own word in capitals. */
  readonly type: string;
  readonly bits: number | undefined;
  /** Of an elliptic curve that node:crypto knows. */
  readonly curve: string | undefined;
}

export function keyFactsOf(key: KeyObject): KeyFacts {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const type = (key.asymmetricKeyType ?? "unknown").toUpperCase();
  if (modulusLength !== undefined)
    return { type: type.startsWith("RSA") ? "RSA" : type, bits: modulusLength, curve: undefined };
  return { type, bits: curveBits(namedCurve), curve: namedCurve };
}

export const sm2KeyFacts: KeyFacts = { type: "SM2", bits: 256, curve: undefined };

/** The documented minimum: RSA, DSA and DH 2048 bits, EC 225 (docs/cloud-behaviour.md 4.1). */
export function isTooShort({ type, bits }: KeyFacts): boolean {
  return bits !== undefined && bits < (type === "EC" ? 225 : 2048) && type !== "SM2";
}

/** Curves of certificates in use. OpenSSL knows others, such as binary ones, which are several times slower. */
const curves: ReadonlySet<string | undefined> = new Set([
  "prime192v1",
  "secp224r1",
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "secp256k1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
]);

/**
 * Whether a signature by the key is checked: to do so with a key of a kind or size that nobody uses can take a hundred
 * times as long, and whoever sent the certificate chose it.
 */
export function isCheckable(key: KeyObject): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, publicExponent = 0n, namedCurve } = {} } =
    key;
  switch (type) {
    case "ec":
      return curves.has(namedCurve);
    case "rsa":
    case "rsa-pss":
      return modulusLength <= limits.key.rsaBits && publicExponent < 1n << BigInt(limits.key.exponentBits);
    default:
      return type === "ed25519" || type === "ed448";
  }
}

export function describeKey({ type, bits, curve }: KeyFacts): string {
  return [type, curve ?? bits].filter((part) => part !== undefined).join(" ");
}

/** Curves are named by their size: prime256v1, secp384r1, brainpoolP512r1. */
function curveBits(name: string | undefined): number | undefined {
  const digits = /\d{3}/.exec(name ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}
