import { BREAK } from "./seal-compact.js";
import { ANCHOR_WIDTH, type Anchor, type Forms, formsOf } from "./seal-forms.js";
import { PieceIndex } from "./seal-index.js";
import { LITERAL_WIDTH, type Literal, LONG_LITERAL } from "./seal-literals.js";
import { isOfOpenParts, type Run, standsInPublic } from "./seal-open.js";
import type { Range } from "./seal-ranges.js";
import { stretchesIn } from "./seal-repeats.js";
import type { Strand } from "./seal-strands.js";
import { rangeOf, type SparseView, type View } from "./seal-view.js";

/** Characters at the end of a run that may differ because padding or another byte has a part in them. */
const REMAINDER = 3;

/** The ways in which one text is looked at. */
export interface Views {
  readonly whole: View;
  /** Without escapes. */
  readonly plain: View;
  /** Without escapes and with nothing but the digits of base64. */
  readonly compact: SparseView;
  /** The same with the escapes: what looks like one may be the end of one thing and the start of a secret. */
  readonly compactWhole: SparseView;
}

/** The known secrets, and where they stand in a text. */
export class Lexicon {
  readonly #known = new Map<string, { readonly forms: Forms; uses: number }>();
  readonly #texts = new PieceIndex<Literal>(LITERAL_WIDTH);
  readonly #encoded = new PieceIndex<Literal>(LITERAL_WIDTH);
  readonly #anchors = new PieceIndex<Anchor>(ANCHOR_WIDTH);

  add(secret: string): void {
    const known = this.#known.get(secret);
    if (known !== undefined) {
      known.uses += 1;
      return;
    }
    const forms = formsOf(secret);
    this.#known.set(secret, { forms, uses: 1 });
    for (const literal of forms.texts) this.#texts.add(literal);
    for (const literal of forms.encoded) this.#encoded.add(literal);
    for (const anchor of forms.anchors) this.#anchors.add(anchor);
  }

  /** Forgets a secret that was added as often as it was removed. */
  remove(secret: string): void {
    const known = this.#known.get(secret);
    if (known === undefined) return;
    known.uses -= 1;
    if (known.uses > 0) return;
    this.#known.delete(secret);
    this.#texts.remove(known.forms.texts);
    this.#encoded.remove(known.forms.encoded);
    this.#anchors.remove(known.forms.anchors);
  }

  find({ whole, plain, compact, compactWhole }: Views): Range[] {
    if (this.#known.size === 0) return [];
    const escapes = plain.text !== whole.text;
    return [
      ...literalsIn(this.#texts, whole),
      ...(escapes ? literalsIn(this.#texts, plain) : []),
      ...encodedIn(this.#encoded, compact),
      ...(escapes ? encodedIn(this.#encoded, compactWhole) : []),
      ...runsIn(this.#anchors, compact),
    ];
  }
}

function literalsIn(index: PieceIndex<Literal>, view: View): Range[] {
  const ranges: Range[] = [];
  stretchesIn(index, view.text, (_, from, to) => ranges.push(rangeOf(view, from, to)));
  return ranges;
}

function encodedIn(index: PieceIndex<Literal>, view: SparseView): Range[] {
  const ranges: Range[] = [];
  stretchesIn(index, view.text, ({ text: { length }, before, after }, from, to) => {
    if (length < LONG_LITERAL && !view.isWhole(from, to)) return;
    const first = before > 0 && isDigit(view, from - 1) && view.isWhole(from - 1, from + length) ? from - 1 : from;
    const last = after > 0 && isDigit(view, to) && view.isWhole(to - length, to + 1) ? to + 1 : to;
    ranges.push(rangeOf(view, first, last));
  });
  return ranges;
}

function isDigit({ text }: View, at: number): boolean {
  return (text[at] ?? BREAK) !== BREAK;
}

function runsIn(index: PieceIndex<Anchor>, view: View): Range[] {
  const ranges: Range[] = [];
  const seenUpTo = new Map<Strand, number>();
  index.scan(view.text, (anchor, at) => {
    const { strand } = anchor;
    if (at < (seenUpTo.get(strand) ?? 0)) return;
    const run = follow(view.text, anchor, at);
    if (run.length < ANCHOR_WIDTH) return;
    seenUpTo.set(strand, run.at + run.length);
    if (run.length < Math.min(strand.shortest, strand.text.length)) return;
    if (isOfOpenParts(run) && standsInPublic(view.text, run)) return;
    ranges.push(
      rangeOf(
        view,
        run.at - rest(view.text, run.at - 1, -1),
        run.at + run.length + rest(view.text, run.at + run.length, 1),
      ),
    );
  });
  return ranges;
}

function follow(text: string, { strand, offset }: Anchor, at: number): Run {
  let before = 0;
  while (before < Math.min(at, offset) && text[at - before - 1] === strand.text[offset - before - 1]) before += 1;
  let after = 0;
  while (offset + after < strand.text.length && text[at + after] === strand.text[offset + after]) after += 1;
  return { strand, at: at - before, inStrand: offset - before, length: before + after };
}

/** How many characters are left up to the next break, if only a few are. */
function rest(text: string, start: number, step: 1 | -1): number {
  let size = 0;
  while (size <= REMAINDER && (text[start + size * step] ?? BREAK) !== BREAK) size += 1;
  return size <= REMAINDER ? size : 0;
}
