import { createPrivateKey, KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
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
    return ofFitSize(createPrivateKey(password === undefined ? pem : { key: pem, passphrase: password }));
  } catch {
    if (!encryptedMarks.test(pem)) return "unreadable";
    return password === undefined ? "encrypted" : "wrong password";
  }
}

/**
 * What the worker runs; Node.js has no asynchronous form of it. As text, because the published program is a few bundled
 * files, none of which is the worker's own.
 */
const opening = `
const { createPrivateKey } = require("node:crypto");
const { parentPort, workerData } = require("node:worker_threads");
let key;
try {
  key = createPrivateKey(workerData);
} catch {}
parentPort.postMessage(key);
`;

/** The same for an encrypted key of somebody else, whose many rounds must not keep a server from answering others. */
export async function openPrivateKeyAside(pem: string, password: string): Promise<KeyObject | KeyObstacle> {
  if (unfitKey(pem) !== undefined) return "unreadable";
  const worker = new Worker(opening, { eval: true, workerData: { key: pem, passphrase: password }, env: {} });
  const key = await new Promise<unknown>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  return key instanceof KeyObject ? ofFitSize(key) : "wrong password";
}

function ofFitSize(key: KeyObject): KeyObject | KeyObstacle {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) > limits.key.rsaBits ? "unreadable" : key;
}

/** Whether the key belongs to the certificate, proven by a signature. */
export function fits({ x509 }: ParsedCertificate, key: KeyObject): boolean {
  return keyMatchesCertificate(key, x509);
}

/** Whether the key file states the certificate's public half without having its private one. */
export function onlyClaimsToFit({ x509 }: ParsedCertificate, key: KeyObject): boolean {
  return x509.checkPrivateKey(key) && !keyMatchesCertificate(key, x509);
}
