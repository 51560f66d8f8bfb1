/** A stretch of a text: from its first character to the one after its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** `text` with `mask` in the place of every range; ranges that overlap become one. */
export function masked(text: string, ranges: readonly Range[], mask: string): string {
  let result = "";
  let at = 0;
  for (const { from, to } of merged(ranges)) {
    result += text.slice(at, from) + mask;
    at = to;
  }
  return result + text.slice(at);
}

/** The same range without half an escape of JSON at either end: JSON that is masked must stay JSON. */
export function withWholeEscapes(text: string, { from, to }: Range): Range {
  const start = backslashesBefore(text, from) % 2 === 1 ? from - 1 : from;
  const cut = to > from && backslashesBefore(text, to) % 2 === 1;
  return { from: start, to: cut ? Math.min(to + (text[to] === "u" ? 5 : 1), text.length) : to };
}

function backslashesBefore(text: string, end: number): number {
  let at = end;
  while (text[at - 1] === "\\") at -= 1;
  return end - at;
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || range.from >= last.to) result.push(range);
    else if (range.to > last.to) result[result.length - 1] = { from: last.from, to: range.to };
  }
  return result;
}
