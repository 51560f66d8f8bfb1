import type { X509 } from "../certificates/x509.js";
import { parseKey, parseSandboxCertificate, type SandboxCertificate } from "./certificate.js";

/** DER of 1.2.156.10197.1.301, the SM2 curve, which has no name in Node.js. */
const sm2Curve = Buffer.from("06082a811ccf5501822d", "hex");

/** Whether the certificate has an SM2 key, China's own kind of elliptic curve. */
export function isSm2(certificate: X509): boolean {
  return certificate.raw.includes(sm2Curve);
}

/** A chain and the key of its leaf, or what is wrong with them. */
export type KeyPairReading = SandboxCertificate | "bad-certificate" | "bad-key" | "mismatch";

export function readKeyPair(certificatePem: string, privateKeyPem: string): KeyPairReading {
  const certificate = parseSandboxCertificate(certificatePem);
  if (certificate === undefined) return "bad-certificate";
  const key = parseKey(privateKeyPem);
  if (key === undefined) return "bad-key";
  return certificate.leaf.checkPrivateKey(key) ? certificate : "mismatch";
}
