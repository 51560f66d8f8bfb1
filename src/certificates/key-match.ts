import { createPublicKey, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import { z } from "zod";
import type { X509 } from "./x509.js";

/**
 * Whether a private key belongs to the certificate, proven by a signature. A key file also states its public half,
 * which is all that `checkPrivateKey` compares, and a file can state any public half. Both must be right: a server that
 * trusts the statement fails with a wrong one.
 */
export function keyMatchesCertificate(key: KeyObject, certificate: X509): boolean {
  try {
    const { publicKey } = certificate;
    return publicKey !== undefined && certificate.checkPrivateKey(key) && signsFor(key, publicKey);
  } catch {
    // A kind of key that Node.js cannot read or that cannot sign; no server may have one.
    return false;
  }
}

/** Whether a key file's private half matches the public half that it states. */
export function isConsistent(key: KeyObject): boolean {
  try {
    return signsFor(key, createPublicKey(key));
  } catch {
    return false;
  }
}

function signsFor(key: KeyObject, publicKey: KeyObject): boolean {
  const challenge = randomBytes(32);
  const digest = digestFor(key);
  return verify(digest, challenge, publicKey, sign(digest, challenge, key)) && hasRightFactors(key);
}

const hashed: readonly unknown[] = ["rsa", "rsa-pss", "ec", "dsa"];

/** Undefined for keys with their own digest (Ed25519, SM2); an RSA-PSS key may be limited to one. */
function digestFor({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string | undefined {
  return hashed.includes(type) ? (details?.hashAlgorithm ?? "sha256") : undefined;
}

const number = z.string().transform((text) => BigInt(`0x${Buffer.from(text, "base64url").toString("hex") || "0"}`));
const rsa = z.object({ n: number, e: number, d: number, p: number, q: number, dp: number, dq: number, qi: number });

/**
 * An RSA key has its private half twice, as an exponent and as factors. If a signature made with one is wrong, OpenSSL
 * uses the other: its signature proves only one of them, and other programs refuse such a key.
 */
function hasRightFactors(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== "rsa") return true;
  const { n, e, d, p, q, dp, dq, qi } = rsa.parse(key.export({ format: "jwk" }));
  const ones = [p - 1n, q - 1n];
  return (
    n === p * q &&
    p > 1n &&
    q > 1n &&
    ones.every((one) => (e * d) % one === 1n) &&
    (d - dp) % (p - 1n) === 0n &&
    (d - dq) % (q - 1n) === 0n &&
    (qi * q) % p === 1n
  );
}
