import type { KeyObject } from "node:crypto";
import { type UnsupportedEncryption, unsupportedEncryption } from "../../certificates/key-encryption.js";
import {
  hasExplicitCurve,
  isConsistent,
  type KeyObstacle,
  openPrivateKey,
  openPrivateKeyInWorker,
  publicKeyDer,
  withNamedCurve,
} from "../../certificates/private-key.js";
import { unfitKey } from "../../certificates/unfit-key.js";
import { distinctBy } from "../../lib/lists.js";
import { safe, verbatim } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import { conversionOf, madeWithPassPhrase, type OtherFormat } from "./conversion.js";
import type { Block } from "./pem.js";
import { UnfitContent } from "./refuse.js";

/** How to pass on an encrypted key. */
export interface KeyHandling {
  /** Opens the key. */
  readonly password?: string | undefined;
  /** The call passes the password to the cloud in a parameter of its own. */
  readonly cloudOpens?: boolean;
}

/** TLS libraries do not read OpenSSH keys. */
export const isPrivateKey = ({ label }: Block): boolean => /^(?!OPENSSH )(?:.* )?PRIVATE KEY$/.test(label);

/** Many keys are not compared: opening each takes time. */
const MOST_FORMS = 4;

/** Without another form of the same key, such as PKCS #1 beside PKCS #8. Encrypted ones are compared as they are. */
export function distinctKeys(keys: readonly Block[]): readonly Block[] {
  return keys.length === 1 || keys.length > MOST_FORMS ? keys : distinctBy(keys, contentOf);
}

/** The public half stands for the whole key where the private one is proven to belong to it. */
function contentOf(block: Block): string {
  const key = openPrivateKey(block.pem, undefined);
  return typeof key === "string" || !isConsistent(key)
    ? block.pem
    : publicKeyDer(withNamedCurve(key)).toString("base64");
}

/**
 * An unencrypted key is passed on unchanged: the clouds accept PKCS#8, PKCS#1 and SEC1. Only one that gives its curve's
 * parameters gets the curve's name, as the certificate has it. An encrypted one is opened in another thread.
 */
export async function openKeyText(block: Block, handling: KeyHandling): Promise<string> {
  const password = passwordOf(block, handling);
  if (password !== undefined) return textOf(await openPrivateKeyInWorker(block.pem, password), block.pem);
  if (!hasExplicitCurve(block.pem)) return block.pem;
  const key = openPrivateKey(block.pem, undefined);
  return typeof key === "string" ? block.pem : pemOf(key);
}

const fitKey =
  "Name an RSA key with two primes, or an EC key; an encrypted one with fewer rounds: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 100000.";

/** The password with which the key is opened; undefined if it is passed on as it is. */
function passwordOf(block: Block, { password, cloudOpens = false }: KeyHandling): string | undefined {
  const unfit = unfitKey(block.pem);
  if (unfit !== undefined) {
    throw new UnfitContent({ what: "unfit key" }, `the private key is not accepted: ${unfit}.`, fitKey);
  }
  if (!isEncrypted(block)) return undefined;
  if (password !== undefined && cloudOpens) {
    throw unusable(
      "the key's password is given twice, in the reference and as a parameter of the call.",
      "Leave one of them out. With ;password= the key is opened here; without it the cloud opens it.",
    );
  }
  if (password !== undefined || cloudOpens) return password;
  const encryption = unsupportedEncryption(block.pem);
  if (encryption !== undefined) throw encryptedOtherwise(encryption);
  throw new UnfitContent(
    { what: "encrypted" },
    "the private key is encrypted and no password was named.",
    "Name its password, too: in a reference to the key, as ;password= and the password's own reference.",
  );
}

function isEncrypted({ label, pem }: Block): boolean {
  return label === "ENCRYPTED PRIVATE KEY" || pem.includes("\nProc-Type: 4,ENCRYPTED");
}

function textOf(key: KeyObject | KeyObstacle, pem: string): string {
  if (typeof key !== "string") return pemOf(key);
  if (key === "unsupported encryption") throw encryptedOtherwise(unsupportedEncryption(pem));
  if (key === "unreadable") {
    const kinds = "it is an RSA key that is too large, or one with more than two primes";
    throw new UnfitContent({ what: "unfit key" }, `the private key was opened and is not accepted: ${kinds}.`, fitKey);
  }
  throw new UnfitContent(
    { what: "wrong password" },
    "the private key cannot be opened with that password.",
    "Name the right password.",
  );
}

/** No password helps: nothing here undoes that encryption. */
function encryptedOtherwise(encryption: UnsupportedEncryption | undefined): UnfitContent {
  const format = encryption?.legacy ? legacyEncryption(encryption.name) : foreignEncryption(encryption?.name);
  return new UnfitContent(
    { what: "other format", format },
    `it is ${format.name}, which cannot be opened here, whatever the password.`,
    conversionOf(format, "name").join(" "),
  );
}

const legacyEncryption = (cipher: string): OtherFormat => ({
  name: safe`a private key encrypted with ${verbatim(cipher)}`,
  commands: ["openssl pkey -provider legacy -provider default -in FILE -aes256 -out site.key"],
  next: madeWithPassPhrase("site.key"),
  note: safe`OpenSSL 1 takes no -provider.`,
});

const foreignEncryption = (name: string | undefined): OtherFormat => ({
  name: name
    ? safe`a private key encrypted with ${verbatim(name)}`
    : safe`a private key encrypted in a way that is not known here`,
  commands: [],
  next: {
    name: verbatim(
      "Have the program that encrypted it encrypt it with AES-256, as openssl pkcs8 -topk8 -v2 aes-256-cbc does, then name the result with its password.",
    ),
    upload: safe`Have the program that encrypted it encrypt it with AES-256, then upload the result.`,
  },
});

const olderForms: Readonly<Record<string, "pkcs1" | "sec1">> = { rsa: "pkcs1", ec: "sec1" };

/** The older form of each kind of key: anything that reads a newer form reads it too. */
function pemOf(key: KeyObject): string {
  const type = olderForms[key.asymmetricKeyType ?? ""] ?? "pkcs8";
  return withNamedCurve(key).export({ type, format: "pem" }).toString();
}
