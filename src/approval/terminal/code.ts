import { randomBytes } from "node:crypto";
import { sameSecret } from "../../lib/same-secret.js";
import { sha256Hex } from "../../lib/sha256.js";

/** 32 characters that are not easily confused. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** 30 bits: three guesses are practically hopeless. */
const LENGTH = 6;

/** After this many wrong codes no further one is accepted. */
const MAX_WRONG = 3;

/** How many codes are issued per question. */
const MAX_ISSUED = 10;

/**
 * The code that confirms an approval of one plan. Only a hash of it and the plan's digest is kept: the code is wrong
 * for any other plan. A new code replaces the old one.
 */
export class ConfirmationCode {
  #hash: string | undefined;
  #issued = 0;
  #wrong = 0;

  /** Whether no further code is accepted. */
  get spent(): boolean {
    return this.#wrong >= MAX_WRONG;
  }

  /**
   * @param digest of the plan as it is shown
   * @returns undefined if too many have been issued
   */
  issue(digest: string): string | undefined {
    if (this.spent || this.#issued >= MAX_ISSUED) return undefined;
    this.#issued += 1;
    const code = Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
    this.#hash = hashOf(code, digest);
    return code;
  }

  /** Whether this is the code for a plan with this digest. It is valid once; wrong ones are counted. */
  confirms(code: string, digest: string): boolean {
    const right = !this.spent && this.#hash !== undefined && sameSecret(hashOf(normal(code), digest), this.#hash);
    if (right) this.#hash = undefined;
    else this.#wrong += 1;
    return right;
  }
}

const normal = (typed: string) => typed.replace(/[\s-]/g, "").toUpperCase();

const hashOf = (code: string, digest: string) => sha256Hex(`${code} ${digest}`);
