import { createPublicKey, type KeyObject } from "node:crypto";
import { limits } from "../catalogue/limits.js";
import { derTags, type Element, elements, oidOf } from "./der.js";

export interface KeyFacts {
  /** The usual name: `RSA`, `RSA-PSS`, `EC`, `SM2`, `Ed25519`. */
  readonly type: string;
  readonly bits: number | undefined;
  /** OpenSSL's name of an elliptic curve that it knows. */
  readonly curve: string | undefined;
  /** A key of a usual kind that OpenSSL cannot read, such as a point that is not on its curve. */
  readonly damaged?: true;
}

/** Kinds of key by the object identifier of the algorithm, so that keys that OpenSSL cannot read have a name, too. */
const keyTypes: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.10": "RSA-PSS",
  "1.2.840.10045.2.1": "EC",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.113549.1.3.1": "Diffie-Hellman",
  "1.3.101.110": "X25519",
  "1.3.101.111": "X448",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "1.2.643.2.2.19": "GOST R 34.10-2001",
  "1.2.643.7.1.1.1.1": "GOST R 34.10-2012",
  "1.2.643.7.1.1.1.2": "GOST R 34.10-2012",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};

/** The curve of SM2, China's own elliptic curve standard. */
const sm2Curve = "1.2.156.10197.1.301";

/** The curves of public CAs, by object identifier: their names are known even where the key cannot be read. */
const usualCurves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "prime256v1",
  "1.3.132.0.34": "secp384r1",
  "1.3.132.0.35": "secp521r1",
};

/** From an encoded SubjectPublicKeyInfo; `key` is the same for node:crypto, if it can read it. */
export function keyFactsOf(publicKeyInfo: Element, key: KeyObject | undefined): KeyFacts {
  const [algorithm] = elements(publicKeyInfo.content);
  const [name, parameters] = algorithm === undefined ? [] : elements(algorithm.content);
  const type = keyTypes[oidOf(name)] ?? `of a kind that is not known here (${oidOf(name)})`;
  if (type === "EC" && oidOf(parameters) === sm2Curve) return { type: "SM2", bits: 256, curve: undefined };
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  const damaged = key === undefined && (type === "RSA" || type === "EC") ? ({ damaged: true } as const) : {};
  if (type !== "EC") return { type, bits: modulusLength, curve: undefined, ...damaged };
  if (parameters?.tag === derTags.sequence) return { type, bits: curveBits(namedCurve), curve: explicitCurve };
  const curve = namedCurve ?? usualCurves[oidOf(parameters)];
  return { type, bits: curveBits(curve), curve, ...(curve !== undefined && damaged) };
}

/** Of a key pair, from its public half. */
export function keyFactsOfPrivate(key: KeyObject): KeyFacts {
  const publicKey = createPublicKey(key);
  const [publicKeyInfo] = elements(publicKey.export({ type: "spki", format: "der" }));
  if (publicKeyInfo === undefined) throw new RangeError("The key has no public half");
  return keyFactsOf(publicKeyInfo, publicKey);
}

/** The key's algorithm as people and clouds call it to tell certificates apart. */
export function algorithmOf({ type }: Pick<KeyFacts, "type">): string {
  return type === "EC" ? "ECDSA" : type;
}

/** The `curve` of a key that gives its curve's parameters instead of a name. */
export const explicitCurve = "explicit parameters";

/** Curves in use for certificates. OpenSSL knows others, such as binary curves, which are several times slower. */
const curves: readonly (string | undefined)[] = [
  ..."prime192v1 secp224r1 prime256v1 secp384r1 secp521r1 secp256k1".split(" "),
  ..."brainpoolP256r1 brainpoolP384r1 brainpoolP512r1".split(" "),
];

/**
 * Whether signatures by the key are checked: an unusual kind or size of key can take a hundred times as long, and the
 * sender of the certificate chose it.
 */
export function isCheckable(key: KeyObject | undefined): boolean {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key?.asymmetricKeyDetails ?? {};
  const type = key?.asymmetricKeyType;
  switch (type) {
    case "ec":
      return curves.includes(namedCurve);
    case "rsa":
    case "rsa-pss":
      return modulusLength <= limits.key.rsaBits && publicExponent < 1n << BigInt(limits.key.exponentBits);
    default:
      return type === "ed25519" || type === "ed448";
  }
}

export function describeKey({ type, bits, curve }: KeyFacts): string {
  // SM2 has only one curve.
  return [type, type === "SM2" ? undefined : (curve ?? bits)].filter((part) => part !== undefined).join(" ");
}

/** Curve names contain their size: prime256v1, secp384r1, brainpoolP512r1. */
function curveBits(name: string | undefined): number | undefined {
  const digits = /\d{3}/.exec(name ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}
