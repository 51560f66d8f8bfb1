const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const alphanumeric = lowerCase.toUpperCase() + lowerCase + digits;

/** Identifiers in the cloud's formats (docs/cloud-behaviour.md 3.1). Every new account of the same name gets the same sequence. */
export class Identifiers {
  #seed = 0x51ca7e;
  #csr = 700;
  #task = 1_251_000;
  #deployment = 193_700;

  constructor(name = "") {
    for (const letter of name) this.#seed = Math.imul(this.#seed ^ letter.charCodeAt(0), 0x01000193);
  }

  certificate(): string {
    return this.#draw(alphanumeric, 8);
  }

  /** Order number at the CA. */
  order(): string {
    return this.#draw(alphanumeric, 17);
  }

  /** Purchase number: 23 digits starting with the date. */
  deal(date: string): string {
    return date.replaceAll("-", "") + this.#draw(digits, 15);
  }

  csr(): number {
    this.#csr += 1;
    return this.#csr;
  }

  task(): string {
    this.#task += 1;
    return String(this.#task);
  }

  /** Records and their items share one sequence. */
  deployment(): number {
    this.#deployment += 1;
    return this.#deployment;
  }

  hex(length: number): string {
    return this.#draw("0123456789abcdef", length);
  }

  /** Last part of a proof's value. */
  proofSuffix(): string {
    return this.#draw(lowerCase + digits, 14);
  }

  #draw(letters: string, length: number): string {
    return Array.from({ length }, () => letters.charAt(Math.floor(this.#random() * letters.length))).join("");
  }

  /** The mulberry32 generator: small and repeatable; nothing here must be unguessable. */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }
}
