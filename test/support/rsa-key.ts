import { generateKeyPairSync, type KeyObject } from "node:crypto";

const made = new Map<number, KeyObject>();

/** The private RSA key of this number, the same for all files of a worker: making one takes a tenth of a second. */
export function rsaKey(number = 0): KeyObject {
  const key = made.get(number) ?? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  made.set(number, key);
  return key;
}
