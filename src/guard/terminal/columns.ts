const combining = /^\p{Mark}$/u;

const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]$/u;

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Whether a terminal may show parts of a line with this text in another order. */
export function mayReorder(text: string): boolean {
  return rightToLeft.test(text);
}

/** How many columns a visible text takes up. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + widthOfOne(character), 0);
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns, broken at spaces where there are any. Nothing is left out. */
export function wrap(text: string, width: number): string[] {
  const [first = "", ...words] = text.split(" ").flatMap((word) => pieces(word, width));
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
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
