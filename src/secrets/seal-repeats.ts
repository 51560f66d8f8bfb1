import type { PieceIndex } from "./seal-index.js";
import { type Literal, LONG_LITERAL } from "./seal-literals.js";

/** As much of a literal is compared at each place where it may stand; what comes to more is searched for in one pass. */
const HEAD = 64;

/**
 * Tells `found` of every stretch of the text that a literal's occurrences cover. One that repeats itself nearly stands at
 * every place of a text like it: no character of either is looked at again for each.
 */
export function stretchesIn(
  index: PieceIndex<Literal>,
  text: string,
  found: (literal: Literal, from: number, to: number) => void,
): void {
  const searched = new Set<Literal>();
  index.scan(text, (literal, at) => {
    const pattern = literal.text;
    if (searched.has(literal) || !text.startsWith(pattern.slice(0, HEAD), at)) return;
    if (pattern.length < LONG_LITERAL) {
      found(literal, at, at + pattern.length);
      return;
    }
    searched.add(literal);
    search(text, pattern, at, (from, to) => found(literal, from, to));
  });
}

/** All occurrences from `start` on (Knuth, Morris, Pratt); those that touch are one stretch. */
function search(text: string, pattern: string, start: number, found: (from: number, to: number) => void): void {
  const borders = bordersOf(pattern);
  let stretch: { readonly from: number; readonly to: number } | undefined;
  let same = 0;
  for (let at = start; at < text.length; at += 1) {
    same = extended(pattern, borders, same, text.charCodeAt(at));
    if (same < pattern.length) continue;
    same = borders[same - 1] ?? 0;
    const from = at + 1 - pattern.length;
    if (stretch !== undefined && from > stretch.to) {
      found(stretch.from, stretch.to);
      stretch = undefined;
    }
    stretch = { from: stretch?.from ?? from, to: at + 1 };
  }
  if (stretch !== undefined) found(stretch.from, stretch.to);
}

/** For each beginning of the pattern how much of its end is a beginning, too. */
function bordersOf(pattern: string): Uint32Array {
  const borders = new Uint32Array(pattern.length);
  for (let at = 1; at < pattern.length; at += 1) {
    borders[at] = extended(pattern, borders, borders[at - 1] ?? 0, pattern.charCodeAt(at));
  }
  return borders;
}

/** How much of the pattern stands before the next place, where `same` stood before this one and `code` stands in it. */
function extended(pattern: string, borders: Uint32Array, same: number, code: number): number {
  let length = same;
  while (length > 0 && pattern.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
  return pattern.charCodeAt(length) === code ? length + 1 : 0;
}
