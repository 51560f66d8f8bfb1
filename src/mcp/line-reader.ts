/** Most pieces of a line before they are joined: many small ones cost more than their bytes. */
const PIECES = 256;

/** How much of each end of an oversized line is kept. */
const ENDS = 1024;

/** A line without its line end; of an oversized one, its head and tail. */
export type InputLine =
  | { readonly complete: true; readonly bytes: Buffer }
  | { readonly complete: false; readonly head: Buffer; readonly tail: Buffer };

/** Splits a byte stream into lines. Memory is bounded, and each byte is scanned once. */
export class LineReader {
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #length = 0;
  /** The tail of an oversized line; its pieces are then the head. */
  #tail: Buffer | undefined;

  /** @param limit longest line, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in this chunk. */
  *take(chunk: Buffer): Generator<InputLine> {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
      this.#keep(chunk.subarray(start, end));
      yield this.#finish();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#length += piece.length;
    if (this.#length <= this.#limit) {
      this.#pieces.push(piece);
      if (this.#pieces.length > PIECES) this.#pieces = [Buffer.concat(this.#pieces)];
      return;
    }
    if (this.#tail === undefined) {
      const all = Buffer.concat([...this.#pieces, piece]);
      this.#pieces = [Buffer.from(all.subarray(0, ENDS))];
      this.#tail = Buffer.from(all.subarray(-ENDS));
    } else {
      this.#tail = Buffer.concat([this.#tail, piece.subarray(-ENDS)]).subarray(-ENDS);
    }
  }

  #finish(): InputLine {
    const bytes = Buffer.concat(this.#pieces);
    const tail = this.#tail;
    this.#pieces = [];
    this.#length = 0;
    this.#tail = undefined;
    return tail === undefined ? { complete: true, bytes } : { complete: false, head: bytes, tail };
  }
}
