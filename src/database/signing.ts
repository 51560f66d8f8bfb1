import { createHmac, hkdfSync } from "node:crypto";
import { sameSecret } from "../lib/same-secret.js";
import { sha256Hex } from "../lib/sha256.js";

/** MACs over rows, with keys that the database never sees: write access to it is not enough to forge or move a row. */
export class RowSigner {
  readonly #keys: readonly [Buffer, ...Buffer[]];

  /** @param stateKeys the newest first: it signs, any of them verifies */
  constructor([newest, ...older]: readonly [Buffer, ...Buffer[]], purpose: string) {
    this.#keys = [derivedKey(newest, purpose), ...older.map((stateKey) => derivedKey(stateKey, purpose))];
  }

  /** By which the database can tell the keys apart; the first signs. */
  get keyIds(): readonly string[] {
    return this.#keys.map(keyId);
  }

  /** @param values all that the row says, and what it belongs to */
  sign(values: readonly unknown[]): { readonly mac: string; readonly key: string } {
    const [newest] = this.#keys;
    return { mac: macOf(newest, values), key: keyId(newest) };
  }

  verifies(mac: string, values: readonly unknown[]): boolean {
    return this.#keys.some((key) => sameSecret(mac, macOf(key, values)));
  }
}

/** A key of its own for each use of the state key (RFC 5869). */
export function derivedKey(stateKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", stateKey, "", purpose, 32));
}

/** Tells keys apart, and tells nothing of them. */
export function keyId(derived: Buffer): string {
  return sha256Hex(derived).slice(0, 16);
}

/** As JSON, in which no two lists of values look alike. */
function macOf(key: Buffer, values: readonly unknown[]): string {
  return createHmac("sha256", key).update(JSON.stringify(values)).digest("base64url");
}
