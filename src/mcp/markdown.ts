/*
 * Text for a client's form. Some clients show it as it is, others read it as Markdown (VS Code does), where brackets in a
 * name of somebody else's choice could hide the lines between them. So whatever Markdown could read stands in a code
 * span: in there nothing is read, and a client that shows plain text only shows a pair of backticks around a name that
 * stays, character by character, what is sent. Backslashes would alter the name in one of the readings, and Markdown
 * would drop those with which we escape quotation marks. An ordinary name, and a lone `*.example.com`, get no backticks.
 */

/** A text in quotation marks, or a run of ASCII characters outside of them. */
const piece = /"(?:[^"\\\n]|\\[^\n])*"|[!#-~]+|"/g;

/** What a flavour of Markdown reads anywhere, apart from `*` and `_`, which have to pair. */
const active = /[^\w\s.,;:'"()/@+%?!*\u0080-\u{10ffff}-]/u;

/** What becomes a link on its own, or is shown decoded in one. */
const address = /:\/\/|%[\da-f]{2}|xn--/i;
/** So does this, together with all that follows without a space. */
const host = /www\./i;

/** `*`, and `_` unless it is inside a word. */
const marks = {
  "*": /\*+/g,
  _: /(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu,
} as const;

/** A first word that makes its line an item of a list, a heading or a rule. */
const lineMarker = /^(?:[-+*_=~:|]+|\d+[.)])$/;

const openingBrackets = /^\(+/;
const trailingPunctuation = /[).,;:?!]+$/;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Paragraphs of lines that Markdown shows as they are, each on a line of its own. */
export function formText(paragraphs: readonly (readonly string[])[]): string {
  return (
    paragraphs
      .filter((lines) => lines.length > 0)
      // An indented line would be code, in which our code spans would show.
      .map((lines) => withoutMarkdown(lines.map((line) => line.trimStart()).join("\n")).replaceAll("\n", "  \n"))
      .join("\n\n")
  );
}

/** One paragraph in which Markdown has nothing to read but the code spans around what it would have read. */
function withoutMarkdown(paragraph: string): string {
  const pieces = [...paragraph.matchAll(piece)].map((match) => ({ text: match[0], start: match.index }));
  const isPaired = pairedIn(paragraph, pieces);
  const ranges = pieces.flatMap(({ text, start }): Range[] => {
    const next = /^\S*/.exec(paragraph.slice(start + text.length))?.[0] ?? "";
    if (isMarker(text, start, paragraph) || (host.test(text) && next.replace(trailingPunctuation, "") !== "")) {
      return [{ start, end: start + text.length }];
    }
    if (!isReadAlone(text) && !isPaired(text)) return [];
    if (text.startsWith('"')) return [{ start, end: start + text.length }];
    // Our own brackets and full stops around a name stay outside.
    const from = openingBrackets.exec(text)?.[0].length ?? 0;
    const to = text.length - (trailingPunctuation.exec(text)?.[0].length ?? 0);
    return [{ start: start + from, end: start + to }];
  });
  return withCodeSpans(paragraph, ranges);
}

/** Whether Markdown reads it whatever stands around it. */
function isReadAlone(text: string): boolean {
  if (active.test(text) || address.test(text)) return true;
  return text.startsWith('"') && Object.values(marks).some((mark) => text.search(mark) >= 0);
}

function isMarker(text: string, start: number, paragraph: string): boolean {
  return lineMarker.test(text) && /(?:^|\n) *$/.test(paragraph.slice(0, start));
}

/** Whether a text has a `*` or `_` that could pair with another one of the paragraph. */
function pairedIn(paragraph: string, pieces: readonly { text: string; start: number }[]): (text: string) => boolean {
  const open = pieces.filter(({ text }) => !isReadAlone(text));
  const paired = Object.values(marks).filter((mark) => {
    const runs = open.flatMap(({ text, start }) =>
      [...text.matchAll(mark)].map((run) => ({ start: start + run.index, end: start + run.index + run[0].length })),
    );
    const opener = runs.findIndex(({ end }) => /\S/.test(paragraph.charAt(end)));
    return opener >= 0 && runs.slice(opener + 1).some(({ start }) => /\S/.test(paragraph.charAt(start - 1)));
  });
  return (text) => paired.some((mark) => text.search(mark) >= 0);
}

function withCodeSpans(text: string, ranges: readonly Range[]): string {
  let [told, done] = ["", 0];
  for (const { start, end } of mergeAdjacent(ranges)) {
    told += text.slice(done, start) + codeSpan(text.slice(start, end));
    done = end;
  }
  return told + text.slice(done);
}

/** Two code spans side by side would be read as one with longer fences. */
function mergeAdjacent(ranges: readonly Range[]): Range[] {
  const apart: Range[] = [];
  for (const range of ranges) {
    const last = apart.at(-1);
    if (last?.end === range.start) apart[apart.length - 1] = { start: last.start, end: range.end };
    else apart.push(range);
  }
  return apart;
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  // Markdown drops one space on each side.
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return fence + space + text + space + fence;
}
