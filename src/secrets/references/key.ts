import type { KeyObject } from "node:crypto";
import { unfitKey } from "../../certificates/key-size.js";
import { openPrivateKey as opened } from "../../certificates/private-key.js";
import type { Block } from "./blocks.js";
import { refused } from "./refuse.js";

/** How an encrypted key is to be handed on. */
export interface KeyHandling {
  /** What opens it. */
  readonly password?: string | undefined;
  /** The call hands the password to the cloud itself, in a parameter of its own. */
  readonly cloudOpens?: boolean;
}

/** An OpenSSH key is none that TLS libraries read. */
export const isPrivateKey = ({ label }: Block): boolean => /^(?!OPENSSH )(?:.* )?PRIVATE KEY$/.test(label);

/** An unencrypted key goes on as it was found: PKCS#8, PKCS#1 and SEC1 are all taken. */
export function openKeyText(block: Block, { password, cloudOpens = false }: KeyHandling): string {
  const unfit = unfitKey(block.pem);
  if (unfit !== undefined) {
    throw refused(
      `the private key is not taken: ${unfit}.`,
      "Name an RSA or EC key; an encrypted one with fewer rounds: openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 100000.",
    );
  }
  if (!isEncrypted(block)) return block.pem;
  if (password !== undefined && cloudOpens) {
    throw refused(
      "the key's password is given twice, in the reference and as a parameter of the call.",
      "Leave one of them out. With ;password= the key is opened here; without it the cloud opens it.",
    );
  }
  if (password !== undefined) return pemOf(decrypted(block.pem, password));
  if (cloudOpens) return block.pem;
  throw refused(
    "the private key is encrypted and no password was named.",
    "Append its password's reference: file:PATH;password=env:NAME (or file:, or vault:).",
  );
}

function isEncrypted({ label, pem }: Block): boolean {
  return label === "ENCRYPTED PRIVATE KEY" || pem.includes("\nProc-Type: 4,ENCRYPTED");
}

function decrypted(pem: string, passphrase: string): KeyObject {
  const key = opened(pem, passphrase);
  if (typeof key !== "string") return key;
  throw refused(
    "the private key cannot be opened with that password.",
    "Name the right password; a cipher that is out of use (RC2, DES) must be replaced with openssl pkcs8 first.",
  );
}

/** The older form of each kind of key: whoever takes a newer one takes it too. */
function pemOf(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case "rsa":
      return key.export({ type: "pkcs1", format: "pem" }).toString();
    case "ec":
      return key.export({ type: "sec1", format: "pem" }).toString();
    default:
      return key.export({ type: "pkcs8", format: "pem" }).toString();
  }
}
