import { encodedTexts } from "./encodings.js";
import { armourFragments, fragmentsOf } from "./encodings-of-secret.js";
import { armouredKeys, bareKeys } from "./key-shapes.js";
import { type KeyFragment, SecretIndex } from "./secret-index.js";
import { rangeOf, stripWhitespace } from "./strip-whitespace.js";
import { originalRange, type Range, unescaped } from "./unescape.js";

const MASK = "[sealed]";

/** A shorter text holds none of the secrets that are looked for. */
const SHORTEST = 12;

/** How often a text may be encoded over and over: twice, and once more inside of that. */
const DEEPEST = 3;

/** Masking may lay open what stood inside something longer; more than a second pass is hardly ever needed. */
const PASSES = 3;

/** Secrets that are no longer held and still known: a cloud may repeat one in the report on a job that goes on. */
const REMEMBERED = 64;

interface Known {
  readonly fragments: readonly KeyFragment[];
  /** How many hold it at the moment. */
  holders: number;
}

/**
 * Masks secrets in all that leaves the process. It is given those that nobody can guess: private keys, archives,
 * credentials and tokens, so that a mask tells nothing to whoever makes this program repeat a text of theirs. Passwords
 * are never looked for; they are taken out by their place before anything is said of a reply.
 */
export class Redactor {
  readonly #index = new SecretIndex();
  /** By the secret's text; the one that was given back last comes last. */
  readonly #known = new Map<string, Known>();

  constructor(secrets: readonly string[] = []) {
    this.#index.add(armourFragments);
    this.addSecrets(secrets);
  }

  /**
   * Masks `secrets` from now on. Whoever holds them calls the function that comes back once they do not any more; a
   * number of them stays known after that.
   */
  addSecrets(secrets: readonly string[]): () => void {
    let learned = [...new Set(secrets)];
    for (const secret of learned) this.#hold(secret);
    return () => {
      for (const secret of learned) this.#release(secret);
      learned = [];
      this.#forget();
    };
  }

  /** The text with a mask in the place of every secret. JSON stays JSON. */
  redact(text: string): string {
    let redacted = text;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const ranges = this.#secretsIn(redacted, DEEPEST);
      if (ranges.length === 0) break;
      redacted = masked(redacted, ranges);
    }
    return redacted;
  }

  #hold(secret: string): void {
    const known = this.#known.get(secret) ?? { fragments: fragmentsOf(secret), holders: 0 };
    if (!this.#known.has(secret)) this.#index.add(known.fragments);
    known.holders += 1;
    this.#known.set(secret, known);
  }

  #release(secret: string): void {
    const known = this.#known.get(secret);
    if (known === undefined) return;
    known.holders -= 1;
    this.#known.delete(secret);
    this.#known.set(secret, known);
  }

  #forget(): void {
    const free = [...this.#known].filter(([, { holders }]) => holders === 0);
    for (const [secret, { fragments }] of free.slice(0, Math.max(0, free.length - REMEMBERED))) {
      this.#known.delete(secret);
      this.#index.remove(fragments);
    }
  }

  #secretsIn(text: string, depth: number): Range[] {
    if (text.length < SHORTEST || depth === 0) return [];
    const plain = unescaped(text);
    const compact = stripWhitespace(plain.text);
    const ranges = [...armouredKeys(plain), ...bareKeys(compact, plain)];
    this.#index.search(compact, (from, to) => ranges.push(rangeOf(compact, plain, from, to)));
    for (const encoded of encodedTexts(plain.text)) {
      if (this.#secretsIn(encoded.text, depth - 1).length === 0) continue;
      ranges.push(originalRange(plain, encoded.from, encoded.to));
    }
    return ranges;
  }
}

/** The text with the mask in the place of every range; ranges that overlap or touch become one. */
function masked(text: string, ranges: readonly Range[]): string {
  let result = "";
  let at = -1;
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > at) result += text.slice(Math.max(at, 0), from) + MASK;
    at = Math.max(at, to);
  }
  return result + text.slice(Math.max(at, 0));
}
