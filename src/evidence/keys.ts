import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { constants } from "node:fs";
import { open, rm } from "node:fs/promises";
import { decodeText } from "../lib/decode-text.js";
import { messageOf, systemCodeOf, unlessThrown } from "../lib/failure.js";
import { sha256Hex } from "../lib/sha256.js";
import { writeFileAtomically } from "../lib/write-file-atomically.js";
import type { Signature } from "./file.js";

/* The operator's Ed25519 keys, in the PEM that `openssl genpkey -algorithm ed25519` writes. */

/** A file that was named cannot be used; the message says why. */
export class UnusableFile extends Error {}

/** Longest key file that is read, in bytes. An Ed25519 key has 120. */
const MAX_KEY_FILE_SIZE = 16 * 1024;

/** @throws {UnusableFile} unless it holds an Ed25519 private key that no other user can read */
export async function readSigningKey(path: string): Promise<KeyObject> {
  const pem = await readKeyFile(path, true);
  const isEncrypted = /ENCRYPTED/.test(pem);
  const why = isEncrypted
    ? "is encrypted with a passphrase, which cannot be asked for here"
    : "holds no private key in PEM";
  return ed25519(() => createPrivateKey(pem), path, why);
}

/** @throws {UnusableFile} unless it holds an Ed25519 public key */
export async function readVerifyingKey(path: string): Promise<KeyObject> {
  const pem = await readKeyFile(path, false);
  // node:crypto would derive the public key from a private one, but an auditor must not be given a private key.
  if (/PRIVATE KEY/.test(pem)) throw new UnusableFile(`${path} holds a private key; the public key is needed`);
  return ed25519(() => createPublicKey(pem), path, "holds no public key in PEM");
}

/** @param why what is wrong with the file if it does not parse */
function ed25519(parse: () => KeyObject, path: string, why: string): KeyObject {
  const key = unlessThrown(parse);
  if (key === undefined) throw new UnusableFile(`${path} ${why}`);
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new UnusableFile(`${path} holds a key of another kind (${key.asymmetricKeyType}); Ed25519 is needed`);
}

async function readKeyFile(path: string, isPrivate: boolean): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new UnusableFile(`${path} is not a file`);
      if (stats.size > MAX_KEY_FILE_SIZE) throw new UnusableFile(`${path} is too large for a key`);
      if (isPrivate && process.platform !== "win32" && (stats.mode & 0o077) !== 0) {
        throw new UnusableFile(`${path} is open to other users; its mode must be 0600`);
      }
      return decodeText(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof UnusableFile ? error : new UnusableFile(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Makes a key pair: the private key in `path`, the public one next to it in `path`.pub. Replaces no file, and leaves no
 * part of a pair.
 * @returns the SHA-256 of the public key
 * @throws {UnusableFile} if a file is there already or cannot be written
 */
export async function makeKeyPair(path: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  // The public key first: it is worth nothing alone, and can be removed again.
  await writeKey(`${path}.pub`, publicKey.export({ type: "spki", format: "pem" }), 0o644);
  try {
    await writeKey(path, privateKey.export({ type: "pkcs8", format: "pem" }), 0o600);
  } catch (error) {
    await rm(`${path}.pub`, { force: true });
    throw error;
  }
  return keyDigest(publicKey);
}

async function writeKey(path: string, pem: string | Buffer, mode: number): Promise<void> {
  try {
    await writeFileAtomically(path, pem, false, mode);
  } catch (error) {
    const why = systemCodeOf(error) === "EEXIST" ? `${path} is there already` : messageOf(error);
    throw new UnusableFile(`no key was made: ${why}`);
  }
}

/** SHA-256 of the public key in DER, in lower-case hexadecimal. */
export function keyDigest(publicKey: KeyObject): string {
  return sha256Hex(encoded(publicKey));
}

const encoded = (publicKey: KeyObject) => publicKey.export({ type: "spki", format: "der" });

export function signedBy(privateKey: KeyObject, signedPart: string): Signature {
  return {
    algorithm: "Ed25519",
    public_key: encoded(createPublicKey(privateKey)).toString("base64"),
    value: sign(null, Buffer.from(signedPart), privateKey).toString("base64"),
  };
}

/** The key that made a signature; undefined if the signature is not right. */
export function signerOf({ public_key, value }: Signature, signedPart: string): KeyObject | undefined {
  // The last character may have bits that decoding drops; they must not be changed, either.
  if (![public_key, value].every((text) => Buffer.from(text, "base64").toString("base64") === text)) return undefined;
  return unlessThrown(() => {
    const key = createPublicKey({ key: Buffer.from(public_key, "base64"), format: "der", type: "spki" });
    if (key.asymmetricKeyType !== "ed25519") return undefined;
    return verify(null, Buffer.from(signedPart), key, Buffer.from(value, "base64")) ? key : undefined;
  });
}
