import { dumpedKeys } from "./asn1-dump.js";
import { armourFragments, encodedTexts, fragmentsOf } from "./encodings.js";
import { armouredKeys, bareKeys } from "./key-shapes.js";
import { namedParts } from "./named-parts.js";
import { type KeyFragment, SecretIndex } from "./secret-index.js";
import { rangeOf, stripWhitespace } from "./stripped-text.js";
import {
  includingHexPrefix,
  originalRange,
  type Range,
  type UnescapedText,
  unescapings,
  withoutHexPrefixes,
} from "./unescape.js";

const MASK = "[sealed]";

/** A shorter text cannot hold a secret. */
const SHORTEST = 12;

/** Levels to search: the text, and two levels of encodings in it. The fragments cover one more. */
const MAX_DEPTH = 3;

/** Masking can reveal a secret that was part of something longer; more than two passes are rarely needed. */
const PASSES = 3;

/** Released secrets to keep masking: a cloud may repeat one while it reports on a running job. */
const REMEMBERED = 64;

interface Known {
  readonly fragments: readonly KeyFragment[];
  holders: number;
}

/**
 * Masks secrets in everything that leaves the process. Only unguessable secrets are registered (private keys,
 * archives, credentials and tokens): otherwise a caller could test a guess by having the program repeat it. Passwords
 * are never searched for; they are removed from replies by their place.
 */
export class Redactor {
  readonly #index = new SecretIndex();
  /** By the secret's text; the most recently released one is last. */
  readonly #known = new Map<string, Known>();

  constructor(secrets: readonly string[] = []) {
    this.#index.add(armourFragments);
    this.addSecrets(secrets);
  }

  /**
   * Masks `secrets` from now on. Returns a function to call when they are no longer held; a limited number stays
   * masked after that.
   */
  addSecrets(secrets: readonly string[]): () => void {
    if (secrets.length === 0) return () => {};
    let registered = [...new Set(secrets)];
    for (const secret of registered) this.#hold(secret);
    return () => {
      for (const secret of registered) this.#release(secret);
      registered = [];
      this.#forget();
    };
  }

  /** The text with every secret masked. JSON stays valid JSON. */
  redact(text: string): string {
    let redacted = text;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const ranges = this.#secretsIn(redacted, MAX_DEPTH);
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
    const ranges = this.#secretsAsRead(text, depth);
    const without = withoutHexPrefixes(text);
    if (without === undefined) return ranges;
    const inHex = this.#secretsAsRead(without, depth);
    return [...ranges, ...inHex.map((range) => includingHexPrefix(range, text, without))];
  }

  #secretsAsRead(text: string, depth: number): Range[] {
    return unescapings(text).flatMap((plain) => this.#secretsInPlain(plain, depth));
  }

  #secretsInPlain(plain: UnescapedText, depth: number): Range[] {
    const compact = stripWhitespace(plain.text);
    const ranges = [...armouredKeys(plain), ...namedParts(plain), ...dumpedKeys(plain), ...bareKeys(compact, plain)];
    this.#index.search(compact, (from, to) => ranges.push(rangeOf(compact, plain, from, to)));
    for (const encoded of encodedTexts(plain.text, compact.longRuns)) {
      if (encoded.text !== undefined && this.#secretsIn(encoded.text, depth - 1).length === 0) continue;
      ranges.push(originalRange(plain, encoded.from, encoded.to));
    }
    return ranges;
  }
}

/** In place of a number in JSON, where anything else would need quotation marks, with escapes that nobody knows. */
const NO_NUMBER = "null";
const beforeNumber = /[:[,]\s{0,40}$/;
const afterNumber = /^\s{0,40}[,\]}]/;

function isNumber(text: string, from: number, to: number): boolean {
  if (!/^\d+$/.test(text.slice(from, to))) return false;
  return beforeNumber.test(text.slice(Math.max(0, from - 41), from)) && afterNumber.test(text.slice(to, to + 41));
}

/** The text with every range masked; overlapping or touching ranges become one. */
function masked(text: string, ranges: readonly Range[]): string {
  let result = "";
  let at = -1;
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > at) result += text.slice(Math.max(at, 0), from) + (isNumber(text, from, to) ? NO_NUMBER : MASK);
    at = Math.max(at, to);
  }
  return result + text.slice(Math.max(at, 0));
}
