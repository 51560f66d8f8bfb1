import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { unlessThrown } from "../lib/failure.js";
import { derivedKey, keyId } from "./signing.js";

/** Text that only the holders of a key can read, and that cannot be changed or moved elsewhere unnoticed. */
interface Sealed {
  readonly key: string;
  readonly nonce: Buffer;
  /** With the authentication tag at its end. */
  readonly sealed: Buffer;
}

const ALGORITHM = "aes-256-gcm";
/** NIST SP 800-38D, section 8.2.2: random nonces of 96 bits, for far fewer than 2^32 texts under one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals with the newest of the operator's keys, and opens what any of them sealed. */
export class Sealer {
  /** By id; the newest first. */
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #newest: readonly [id: string, key: Buffer];

  /** @param stateKeys the newest first */
  constructor([newest, ...older]: readonly [Buffer, ...Buffer[]], purpose: string) {
    const derived = (stateKey: Buffer) => {
      const key = derivedKey(stateKey, purpose);
      return [keyId(key), key] as const;
    };
    this.#newest = derived(newest);
    this.#keys = new Map([this.#newest, ...older.map(derived)]);
  }

  /** @param context where it belongs; opened with another, it fails */
  seal(text: string, context: string): Sealed {
    const [id, key] = this.#newest;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return { key: id, nonce, sealed };
  }

  /** Undefined if its key is gone, or it is not what was sealed for this place. */
  open({ key: id, nonce, sealed }: Sealed, context: string): string | undefined {
    const key = this.#keys.get(id);
    if (key === undefined || nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return undefined;
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return unlessThrown(() =>
      Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8"),
    );
  }

  /** The same as one text. */
  sealText(text: string, context: string): string {
    const { key, nonce, sealed } = this.seal(text, context);
    return [key, nonce.toString("base64url"), sealed.toString("base64url")].join(".");
  }

  openText(text: string, context: string): string | undefined {
    const [key = "", nonce = "", sealed = ""] = text.split(".");
    return this.open(
      { key, nonce: Buffer.from(nonce, "base64url"), sealed: Buffer.from(sealed, "base64url") },
      context,
    );
  }
}
