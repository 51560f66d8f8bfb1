import { createPrivateKey, type KeyObject } from "node:crypto";
import { limits } from "../catalogue/limits.js";
import type { ParsedCertificate } from "./certificate.js";
import { keyMatchesCertificate } from "./key-match.js";
import { unfitKey } from "./key-size.js";

/** Why a private key cannot be opened. */
export type KeyObstacle = "encrypted" | "wrong password" | "unreadable";

const encryptedMarks = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/**
 * Opens a private key in PEM; `password` is needed only if it is encrypted. The one place that gives private keys to
 * OpenSSL, which takes minutes for some of only a few kilobytes.
 */
export function openPrivateKey(pem: string, password: string | undefined): KeyObject | KeyObstacle {
  if (unfitKey(pem) !== undefined) return "unreadable";
  try {
    const key = createPrivateKey(password === undefined ? pem : { key: pem, passphrase: password });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) > limits.key.rsaBits ? "unreadable" : key;
  } catch {
    if (!encryptedMarks.test(pem)) return "unreadable";
    return password === undefined ? "encrypted" : "wrong password";
  }
}

/** Whether the key belongs to the certificate, proven by a signature. */
export function fits({ x509 }: ParsedCertificate, key: KeyObject): boolean {
  return keyMatchesCertificate(key, x509);
}

/** Whether the key file states the certificate's public half without having its private one. */
export function onlyClaimsToFit({ x509 }: ParsedCertificate, key: KeyObject): boolean {
  return x509.checkPrivateKey(key) && !keyMatchesCertificate(key, x509);
}
