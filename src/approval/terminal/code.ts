import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 32 characters that are not mistaken for one another. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** 30 bits, of which three guesses find next to nothing. */
const LENGTH = 6;

/** After so many wrong codes the question takes no further one. */
const MOST_WRONG = 3;

/** How often a code is written to a terminal for one question. */
const MOST_ISSUED = 10;

/**
 * The code that confirms an approval of one plan. Only its hash is kept, together with the plan's digest: for what was
 * not shown it is a wrong code. A new one replaces the one before.
 */
export class ConfirmationCode {
  #hash: Buffer | undefined;
  #issued = 0;
  #wrong = 0;

  /** Whether no code confirms any more. */
  get spent(): boolean {
    return this.#wrong >= MOST_WRONG;
  }

  /**
   * @param digest of the plan as it is shown
   * @returns undefined when enough have been issued
   */
  issue(digest: string): string | undefined {
    if (this.spent || this.#issued >= MOST_ISSUED) return undefined;
    this.#issued += 1;
    const code = Array.from(randomBytes(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
    this.#hash = hashOf(code, digest);
    return code;
  }

  /** Whether this is the code, for a plan with this digest. It is good once; a wrong one is counted. */
  confirms(code: string, digest: string): boolean {
    const right = !this.spent && this.#hash !== undefined && timingSafeEqual(hashOf(normal(code), digest), this.#hash);
    if (right) this.#hash = undefined;
    else this.#wrong += 1;
    return right;
  }
}

const normal = (typed: string) => typed.replace(/[\s-]/g, "").toUpperCase();

function hashOf(code: string, digest: string): Buffer {
  return createHash("sha256").update(`${code} ${digest}`).digest();
}
