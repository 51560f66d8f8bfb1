/** A piece of a pattern that is looked for: `width` characters of `text` from `offset` on. */
export interface Piece {
  readonly text: string;
  readonly offset: number;
}

const BASE = 0x01000193;
const SLOT_BITS = 18;

/** Finds thousands of pieces of one width in one pass: a rolling hash, a filter that stops most, a map for the rest. */
export class PieceIndex<Found extends Piece> {
  readonly #width: number;
  /** What a character that leaves the window has become in the hash. */
  readonly #leaving: number;
  readonly #pieces = new Map<number, Found[]>();
  readonly #filter = new Uint8Array(1 << SLOT_BITS);

  constructor(width: number) {
    this.#width = width;
    this.#leaving = Array.from({ length: width }).reduce<number>((power) => Math.imul(power, BASE), 1);
  }

  add(piece: Found): void {
    const hash = this.#hash(piece);
    const others = this.#pieces.get(hash);
    if (others === undefined) this.#pieces.set(hash, [piece]);
    else others.push(piece);
    this.#filter[slot(hash)] = 1;
  }

  remove(pieces: readonly Found[]): void {
    for (const piece of pieces) {
      const hash = this.#hash(piece);
      const rest = (this.#pieces.get(hash) ?? []).filter((other) => other !== piece);
      if (rest.length === 0) this.#pieces.delete(hash);
      else this.#pieces.set(hash, rest);
    }
    this.#filter.fill(0);
    for (const hash of this.#pieces.keys()) this.#filter[slot(hash)] = 1;
  }

  /** Tells `found` of every place where a piece may stand; it must look for itself. */
  scan(text: string, found: (piece: Found, at: number) => void): void {
    if (this.#pieces.size === 0) return;
    const width = this.#width;
    const leaving = this.#leaving;
    const filter = this.#filter;
    let hash = 0;
    for (let at = 0; at < text.length; at += 1) {
      hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
      if (at >= width) hash = (hash - Math.imul(leaving, text.charCodeAt(at - width))) | 0;
      if (filter[slot(hash)] === 0 || at + 1 < width) continue;
      for (const piece of this.#pieces.get(hash) ?? []) found(piece, at + 1 - width);
    }
  }

  #hash({ text, offset }: Piece): number {
    let hash = 0;
    for (let at = offset; at < offset + this.#width; at += 1) {
      hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
    }
    return hash;
  }
}

function slot(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
}
