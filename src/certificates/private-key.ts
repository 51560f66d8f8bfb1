import {
  createPrivateKey,
  createPublicKey,
  KeyObject,
  pbkdf2,
  pbkdf2Sync,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { limits } from "../catalogue/limits.js";
import { systemCodeOf, unlessThrown } from "../lib/failure.js";
import type { ParsedCertificate } from "./certificate.js";
import { derTags, headerAt } from "./der.js";
import { type SmEncryption, smEncryptionIn, unsupportedEncryption } from "./key-encryption.js";
import { pemOf } from "./pem.js";
import { unfitKey } from "./unfit-key.js";

/** Why a private key cannot be opened. */
export type KeyObstacle = "encrypted" | "unsupported encryption" | "wrong password" | "unreadable";

const encryptedMarks = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/**
 * Opens a private key in PEM; `password` is needed only if it is encrypted. The one place that gives private keys to
 * OpenSSL, which takes minutes for some of only a few kilobytes.
 */
export function openPrivateKey(pem: string, password: string | undefined): KeyObject | KeyObstacle {
  if (unfitKey(pem) !== undefined) return "unreadable";
  const sm = smEncryptionIn(pem);
  if (sm !== undefined && password !== undefined) return openDecrypted(sm, pbkdf2Sync(password, ...sm.derivation));
  try {
    return refuseUnfit(createPrivateKey(password === undefined ? pem : { key: pem, passphrase: password }));
  } catch (error) {
    if (!encryptedMarks.test(pem)) return "unreadable";
    return password === undefined ? "encrypted" : obstacleAfter(pem, systemCodeOf(error));
  }
}

/**
 * What the worker runs; Node.js has no asynchronous form of it. It is a text because the published program consists of a
 * few bundled files, and the worker has none of its own.
 */
const workerScript = `
const { createPrivateKey } = require("node:crypto");
const { parentPort, workerData } = require("node:worker_threads");
let answer;
try {
  answer = createPrivateKey(workerData);
} catch (error) {
  answer = error.code;
}
parentPort.postMessage(answer);
`;

const deriveKey = promisify(pbkdf2);

/**
 * Like {@link openPrivateKey}, but for an encrypted key of somebody else, whose many rounds must not keep a server from
 * answering others.
 */
export async function openPrivateKeyInWorker(pem: string, password: string): Promise<KeyObject | KeyObstacle> {
  if (unfitKey(pem) !== undefined) return "unreadable";
  const sm = smEncryptionIn(pem);
  if (sm !== undefined) return openDecrypted(sm, await deriveKey(password, ...sm.derivation));
  const worker = new Worker(workerScript, { eval: true, workerData: { key: pem, passphrase: password }, env: {} });
  const answer = await new Promise<unknown>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  return answer instanceof KeyObject ? refuseUnfit(answer) : obstacleAfter(pem, answer);
}

/** @param code of OpenSSL's error. A wrong password makes garbage, which has other codes. */
function obstacleAfter(pem: string, code: unknown): KeyObstacle {
  const isUnsupported = /^ERR_OSSL_EVP_(UNSUPPORTED|UNKNOWN|CIPHER_PARAMETER)/.test(String(code));
  return isUnsupported || unsupportedEncryption(pem) !== undefined ? "unsupported encryption" : "wrong password";
}

function openDecrypted(encryption: SmEncryption, key: Buffer): KeyObject | KeyObstacle {
  const der = unlessThrown(() => encryption.decrypt(key));
  const header = der && headerAt(der);
  const isWhole = header?.tag === derTags.sequence && header.end === der?.length;
  return der !== undefined && isWhole ? openPrivateKey(pemOf("PRIVATE KEY", der), undefined) : "wrong password";
}

/** The checks that need an open key: of an encrypted one, nothing shows before. */
function refuseUnfit(key: KeyObject): KeyObject | KeyObstacle {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (modulusLength === undefined) return key;
  if (modulusLength > limits.key.rsaBits) return "unreadable";
  return unfitKey(key.export({ type: "pkcs8", format: "pem" }).toString()) === undefined ? key : "unreadable";
}

/** The public half in DER, which is the same for the key, its CSR and its certificates. */
export function publicKeyDer(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "spki", format: "der" });
}

/** In the encoding of a key that gives its curve's parameters: the identifier of the prime field (1.2.840.10045.1.1). */
const primeField = Buffer.from("06072a8648ce3d0101", "hex");

/** Whether an unencrypted key gives its curve's parameters instead of the curve's name; many programs refuse that form. */
export function hasExplicitCurve(pem: string): boolean {
  const [, body = ""] = /-----BEGIN (?:EC )?PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
  return Buffer.from(body, "base64").includes(primeField);
}

/** The same key with the name of its curve; the key itself if OpenSSL knows no name for the curve. */
export function withNamedCurve(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "ec") return key;
  return unlessThrown(() => createPrivateKey({ key: key.export({ format: "jwk" }), format: "jwk" })) ?? key;
}

/**
 * Whether a private key belongs to the certificate, proven by a signature. A key file also states its public half,
 * which is all that `checkPrivateKey` compares, and a file can state any public half. Both must be right: a server that
 * trusts the statement fails with a wrong one.
 */
export function fits({ x509 }: Pick<ParsedCertificate, "x509">, key: KeyObject): boolean {
  const { publicKey } = x509;
  if (publicKey === undefined || !x509.checkPrivateKey(key)) return false;
  // No server may have a kind of key that Node.js cannot read or that cannot sign.
  return unlessThrown(() => signsFor(key, publicKey)) === true;
}

/** Whether the key file states the certificate's public half without having its private one. */
export function onlyClaimsToFit(certificate: ParsedCertificate, key: KeyObject): boolean {
  return certificate.x509.checkPrivateKey(key) && !fits(certificate, key);
}

/** Whether a key file's private half matches the public half that it states. */
export function isConsistent(key: KeyObject): boolean {
  return unlessThrown(() => signsFor(key, createPublicKey(key))) === true;
}

function signsFor(key: KeyObject, publicKey: KeyObject): boolean {
  const challenge = randomBytes(32);
  const digest = digestFor(key);
  return verify(digest, challenge, publicKey, sign(digest, challenge, key)) && hasRightFactors(key);
}

const typesWithSeparateHash: readonly unknown[] = ["rsa", "rsa-pss", "ec", "dsa"];

/** Undefined for keys with their own digest (Ed25519, SM2); an RSA-PSS key may be limited to one. */
function digestFor({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string | undefined {
  return typesWithSeparateHash.includes(type) ? (details?.hashAlgorithm ?? "sha256") : undefined;
}

const integer = z.string().transform((text) => BigInt(`0x${Buffer.from(text, "base64url").toString("hex") || "0"}`));
const rsaJwk = z.object({
  n: integer,
  e: integer,
  d: integer,
  p: integer,
  q: integer,
  dp: integer,
  dq: integer,
  qi: integer,
});

/**
 * An RSA key has its private half twice, as an exponent and as factors. If a signature made with one is wrong, OpenSSL
 * uses the other: its signature proves only one of them, and other programs refuse such a key.
 */
function hasRightFactors(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== "rsa") return true;
  const { n, e, d, p, q, dp, dq, qi } = rsaJwk.parse(key.export({ format: "jwk" }));
  const orders = [p - 1n, q - 1n];
  return (
    n === p * q &&
    p > 1n &&
    q > 1n &&
    orders.every((order) => (e * d) % order === 1n) &&
    (d - dp) % (p - 1n) === 0n &&
    (d - dq) % (q - 1n) === 0n &&
    (qi * q) % p === 1n
  );
}
