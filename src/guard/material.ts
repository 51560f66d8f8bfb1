import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { isConsistent } from "../key-match.js";

/** Key and certificate text in words: enough to recognise it, nothing that gives a secret away. */

/** A secret as its type and the fingerprint of its public half; a password as nothing but the fact. */
export function describeSecret(text: string): string {
  const key = privateKeyIn(text);
  if (key === undefined) return text.includes("PRIVATE KEY") ? "private key, not readable here" : "secret, not shown";
  if (!isConsistent(key)) return "private key, which is not that of the public half that its file states";
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return `private key, ${keyType(key)}, public half SHA-256 ${fingerprint(der)}`;
}

/** Public text: a certificate by its names, end and fingerprint, anything else by its length. */
export function describeDocument(text: string): string {
  const leaf = certificateIn(text);
  if (leaf === undefined) return `${text.length} characters of text`;
  const names = leaf.subjectAltName?.replaceAll("DNS:", "") ?? leaf.subject.replaceAll("\n", ", ");
  const ends = new Date(leaf.validTo).toISOString().slice(0, 10);
  return `certificate for ${names}; ends ${ends}; SHA-256 ${fingerprint(leaf.raw)}`;
}

function privateKeyIn(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

function certificateIn(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function keyType({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve;
  return size === undefined ? String(asymmetricKeyType) : `${String(asymmetricKeyType).toUpperCase()} ${size}`;
}

function fingerprint(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}
