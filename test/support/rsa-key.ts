import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { memoize } from "../../src/lib/memoize.js";

/** A private RSA key, the same for all files of a worker: making one takes a tenth of a second. */
export const rsaKey: () => KeyObject = memoize(() => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
