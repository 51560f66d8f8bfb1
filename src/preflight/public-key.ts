import type { KeyObject } from "node:crypto";

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

/** The documented minimum: RSA, DSA and DH 2048 bits, EC 225 (FACTS.md 6.8). */
export function isTooShort({ type, bits }: KeyFacts): boolean {
  return bits !== undefined && bits < (type === "EC" ? 225 : 2048) && type !== "SM2";
}

export function describeKey({ type, bits, curve }: KeyFacts): string {
  return [type, curve ?? bits].filter((part) => part !== undefined).join(" ");
}

/** Curves are named by their size: prime256v1, secp384r1, brainpoolP512r1. */
function curveBits(name: string | undefined): number | undefined {
  const digits = /\d{3}/.exec(name ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}
