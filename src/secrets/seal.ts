import { compacted } from "./seal-compact.js";
import { Lexicon } from "./seal-lexicon.js";
import { masked, type Range, withWholeEscapes } from "./seal-ranges.js";
import { unescaped } from "./seal-unescape.js";
import { armouredKeys, encodedKeys } from "./seal-unseen.js";
import { wholeView } from "./seal-view.js";

const MASK = "[sealed]";

/** Shorter values are left alone: masking every "1" would say more than it hides. */
const SHORTEST_SECRET = 4;

/** Digits enough for a body; the lines of PEM are shorter, so that certificates are not taken apart. */
const WRAPPED = /[A-Za-z0-9+/_-]{80,}={0,2}/g;

/** Masking may lay open what stood inside something longer; more than a second pass is hardly ever needed. */
const PASSES = 4;

/**
 * Masks secrets in all that leaves the process: those that it knows, in every form that they are known to come back in,
 * and whatever looks like a private key.
 */
export class Seal {
  readonly #lexicon = new Lexicon();
  /** Those of the seals that this one was made from come too, with what they learn later. */
  readonly #lexicons: readonly Lexicon[];

  /** @param known a seal whose secrets this one masks too */
  constructor(secrets: readonly string[], known?: Seal) {
    this.#lexicons = [...(known === undefined ? [] : known.#lexicons), this.#lexicon];
    for (const secret of worthMasking(secrets)) this.#lexicon.add(secret);
  }

  /** A seal that also knows `secrets`. */
  with(secrets: readonly string[]): Seal {
    return secrets.length === 0 ? this : new Seal(secrets, this);
  }

  /**
   * Masks `secrets` as well, here and in every seal made from this one, until the function that comes back is called.
   * A secret that was learned more than once is forgotten with the last of them.
   */
  learn(secrets: readonly string[]): () => void {
    let learned = worthMasking(secrets);
    for (const secret of learned) this.#lexicon.add(secret);
    return () => {
      for (const secret of learned) this.#lexicon.remove(secret);
      learned = [];
    };
  }

  text(text: string): string {
    let sealed = text;
    for (let pass = 0; pass < PASSES; pass += 1) {
      const ranges = this.#secretsIn(sealed);
      if (ranges.length === 0) break;
      sealed = masked(sealed, [...ranges, ...masksIn(sealed)], MASK);
    }
    return sealed;
  }

  /** The same value with every text in it sealed, member names included. */
  value(value: unknown): unknown {
    return sealedValue(value, this.#once());
  }

  /** The same members, sealed, with their names. */
  members(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return sealedMembers(record, this.#once());
  }

  /** Seals each text once: most of those in a list are the names of its members, the same for every row. */
  #once(): (text: string) => string {
    const known = new Map<string, string>();
    return (text) => {
      const sealed = known.get(text) ?? this.text(text);
      known.set(text, sealed);
      return sealed;
    };
  }

  #secretsIn(text: string): Range[] {
    if (text.length < SHORTEST_SECRET) return [];
    const whole = wholeView(text);
    const plain = unescaped(text);
    const compact = compacted(plain);
    const compactWhole = plain.text === text ? compact : compacted(whole);
    const views = { whole, plain, compact, compactWhole };
    const found = [
      ...this.#lexicons.flatMap((lexicon) => lexicon.find(views)),
      ...armouredKeys(plain),
      ...encodedKeys(compact),
      ...this.#wrappedIn(text),
    ];
    if (found.length === 0) return found;
    const masks = masksIn(text);
    return found
      .map((range) => withWholeEscapes(text, range))
      .filter((range) => !masks.some(({ from, to }) => from <= range.from && range.to <= to));
  }

  /** A whole body that a gateway hands back in base64 or hex: a form or JSON, in which secrets are escaped once more. */
  #wrappedIn(text: string): Range[] {
    return [...text.matchAll(WRAPPED)].flatMap(({ index, 0: run }) =>
      this.#secretsIn(unwrapped(run)).length > 0 ? [{ from: index, to: index + run.length }] : [],
    );
  }
}

function sealedValue(value: unknown, text: (text: string) => string): unknown {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((item) => sealedValue(item, text));
  return typeof value === "object" && value !== null ? sealedMembers(value, text) : value;
}

function sealedMembers(record: object, text: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, member]) => [text(name), sealedValue(member, text)]));
}

/** What a run of digits stands for, where that is text. */
function unwrapped(run: string): string {
  const isHex = run.length % 2 === 0 && /^[0-9a-f]+$/i.test(run);
  return Buffer.from(run, isHex ? "hex" : "base64").toString("utf8");
}

function worthMasking(secrets: readonly string[]): string[] {
  return [...new Set(secrets.map((secret) => secret.trim()))].filter(({ length }) => length >= SHORTEST_SECRET);
}

/** What is masked already stays as it is, even if a secret is called "sealed". */
function masksIn(text: string): Range[] {
  return [...text.matchAll(/\[sealed\]/g)].map(({ index }) => ({ from: index, to: index + MASK.length }));
}
