/** What the demo prints: headings, events, and check results. */

const say = (text: string) => process.stdout.write(`${text}\n`);

export const heading = (text: string) => say(`\n── ${text}`);
export const tell = (text: string) => say(`   ${text}`);
export const verdict = (text: string) => say(`\n${text}`);

/** Width of quoted lines, in characters. */
const WIDTH = 116;

/** Quotes others' output after a mark for its source, unchanged except that long lines are wrapped and indented. */
export function quote(mark: string, lines: readonly string[]): void {
  const from = mark === "" ? "" : `${mark} `;
  for (const line of lines) for (const part of wrapped(line, WIDTH)) tell(`${from}${part}`);
}

/** A line in parts of at most `width` characters, all but the first indented. */
export function wrapped(line: string, width: number): string[] {
  const parts: string[] = [];
  for (const word of line.split(" ")) {
    const last = parts.at(-1);
    if (last === undefined) parts.push(word);
    else if (`${last} ${word}`.length <= width) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(`    ${word}`);
  }
  return parts;
}

/** @throws {Error} if it does not hold, which ends the demo */
export function check(what: string, holds: boolean): void {
  tell(`${holds ? "✓" : "✗"} ${what}`);
  if (!holds) throw new Error(`not so: ${what}`);
}
