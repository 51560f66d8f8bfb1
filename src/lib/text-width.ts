const combining = /^\p{Mark}$/u;

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Whether a terminal may reorder parts of a line with this text. */
export function mayReorder(text: string): boolean {
  return rightToLeft.test(text);
}

/** How many columns a visible text takes. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOfOne(character), 0);
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns, broken at spaces and between Chinese characters. Nothing is left out. */
export function wrap(text: string, width: number): string[] {
  const [first, ...rest] = text.split(" ").flatMap((word) => unbroken(word, width));
  const lines: string[] = [];
  let line = first?.text ?? "";
  for (const { text: word, before } of rest) {
    const longer = `${line}${before}${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** A Chinese character with the punctuation that must not start a line, or the text between two of them. */
const breakable = new RegExp(
  `${wide.source.slice(1, -1)}[，。、；：？！）》”’]*|(?:(?!${wide.source.slice(1, -1)}).)+`,
  "gsu",
);

/** Unbreakable pieces, and the space before each on the same line. */
function unbroken(word: string, width: number): { text: string; before: string }[] {
  const parts = word === "" ? [""] : (word.match(breakable) ?? []);
  return parts.flatMap((part) => pieces(part, width)).map((text, index) => ({ text, before: index === 0 ? " " : "" }));
}

function widthOfOne(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let piece = "";
  for (const character of word) {
    if (widthOf(piece) + widthOfOne(character) > width) {
      found.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...found, piece];
}
