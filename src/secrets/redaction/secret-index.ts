import { BREAK, runEnd, type StrippedText } from "./stripped-text.js";

/** One encoding of a secret, in the digits of a stripped text. */
export interface KeyFragment {
  readonly codes: Buffer;
  /** Shortest piece that counts, in digits. */
  readonly shortest: number;
  /** Armour is not secret itself; what follows it up to the end of the run is. */
  readonly isArmour?: boolean;
}

interface Piece {
  readonly fragment: KeyFragment;
  readonly offset: number;
}

/** Digits of a piece. Pieces are spaced so that any stretch of `shortest` digits contains a whole one. */
const WIDTH = 12;

const BASE = 0x01000193;
const SLOT_BITS = 16;
/** Weight in the hash of the digit that leaves the window. */
const LEAVING = Array.from({ length: WIDTH }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Finds thousands of pieces in one pass: a rolling hash, a filter that rejects most positions, a map for the rest. */
export class SecretIndex {
  readonly #pieces = new Map<number, Piece[]>();
  readonly #filter = new Uint8Array(1 << SLOT_BITS);

  add(fragments: readonly KeyFragment[]): void {
    for (const piece of fragments.flatMap(piecesOf)) {
      const hash = hashOf(piece);
      this.#pieces.set(hash, [...(this.#pieces.get(hash) ?? []), piece]);
      this.#filter[slot(hash)] = 1;
    }
  }

  remove(fragments: readonly KeyFragment[]): void {
    const gone = new Set(fragments);
    for (const hash of new Set(fragments.flatMap(piecesOf).map(hashOf))) {
      const rest = (this.#pieces.get(hash) ?? []).filter(({ fragment }) => !gone.has(fragment));
      if (rest.length === 0) this.#pieces.delete(hash);
      else this.#pieces.set(hash, rest);
    }
    this.#filter.fill(0);
    for (const hash of this.#pieces.keys()) this.#filter[slot(hash)] = 1;
  }

  /** Calls `found` for every stretch of the text that matches a long enough stretch of a fragment. */
  search(text: StrippedText, found: (from: number, to: number) => void): void {
    const { codes } = text;
    const filter = this.#filter;
    let hash = 0;
    /** Digits since the last break; no piece has a break in it. */
    let digits = 0;
    /** Skipping what is already found keeps the time linear, however repetitive the text is. */
    let done = 0;
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? BREAK;
      if (code === BREAK) {
        hash = 0;
        digits = 0;
        continue;
      }
      hash = (Math.imul(hash, BASE) + code) | 0;
      digits += 1;
      if (digits < WIDTH) continue;
      if (digits > WIDTH) hash = (hash - Math.imul(LEAVING, codes[at - WIDTH] ?? 0)) | 0;
      const start = at + 1 - WIDTH;
      if (filter[slot(hash)] === 0 || start < done) continue;
      for (const { fragment, offset } of this.#pieces.get(hash) ?? []) {
        const { from, to } = stretch(codes, fragment, start, offset, done);
        if (to - from < fragment.shortest) continue;
        done = fragment.isArmour ? runEnd(text, to) : to;
        found(from, done);
        break;
      }
    }
  }
}

/** The matching stretch of text and fragment around a position, as positions in the text; not before `least`. */
function stretch(codes: Uint8Array, { codes: own }: KeyFragment, at: number, offset: number, least: number) {
  let from = at;
  let before = offset;
  while (from > least && before > 0 && codes[from - 1] === own[before - 1]) [from, before] = [from - 1, before - 1];
  let to = at;
  let after = offset;
  while (to < codes.length && after < own.length && codes[to] === own[after]) [to, after] = [to + 1, after + 1];
  return { from, to };
}

function piecesOf(fragment: KeyFragment): Piece[] {
  const { codes, shortest } = fragment;
  const step = shortest - WIDTH + 1;
  const count = Math.floor((codes.length - WIDTH) / step) + 1;
  // The first of several equal pieces finds them all: a repetitive fragment must not cost more.
  const pieces = new Map<string, Piece>();
  for (let index = 0; index < count; index += 1) {
    const text = codes.toString("latin1", index * step, index * step + WIDTH);
    if (!pieces.has(text)) pieces.set(text, { fragment, offset: index * step });
  }
  return [...pieces.values()];
}

function hashOf({ fragment: { codes }, offset }: Piece): number {
  let hash = 0;
  for (let at = offset; at < offset + WIDTH; at += 1) hash = (Math.imul(hash, BASE) + (codes[at] ?? 0)) | 0;
  return hash;
}

function slot(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
}
