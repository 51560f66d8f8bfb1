import type { Range } from "./seal-ranges.js";

/** A text that was made from another one, and where in that one each of its characters comes from. */
export interface View {
  readonly text: string;
  /** Where the character at `index` begins and ends in the text that all was made from. */
  start(index: number): number;
  end(index: number): number;
}

/** The text as it is. */
export function wholeView(text: string): View {
  return { text, start: (index) => index, end: (index) => index + 1 };
}

/** A view of a view with some characters left out. */
export interface SparseView extends View {
  /** Whether nothing was left out between `from` and `to`. */
  isWhole(from: number, to: number): boolean;
}

/** `places` holds where the characters that are left were in `source`. */
export function sparseView(text: string, source: View, places: Uint32Array): SparseView {
  const place = (index: number) => places[index] ?? 0;
  return {
    text,
    start: (index) => source.start(place(index)),
    end: (index) => source.end(place(index)),
    isWhole: (from, to) => place(to - 1) - place(from) === to - 1 - from,
  };
}

/** A view of a view in which several characters became one. Each goes on to where the next one begins. */
export function shortenedView(text: string, source: View, places: Uint32Array): View {
  const place = (index: number) => (index < text.length ? (places[index] ?? 0) : source.text.length);
  return { text, start: (index) => source.start(place(index)), end: (index) => source.end(place(index + 1) - 1) };
}

export function rangeOf(view: View, from: number, to: number): Range {
  return { from: view.start(from), to: view.end(to - 1) };
}
