/** What the demo prints: headings, what happens, and what was checked. */

const say = (text: string) => process.stdout.write(`${text}\n`);

export const heading = (text: string) => say(`\n── ${text}`);
export const tell = (text: string) => say(`   ${text}`);
export const verdict = (text: string) => say(`\n${text}`);

/** Longest line of what others wrote, in characters; whatever is longer is cut. */
const LONGEST = 150;

/** What others wrote, under a mark that says who: each line as it came, but for its end. */
export function quote(mark: string, lines: readonly string[]): void {
  for (const line of lines) tell(`${mark} ${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}`);
}

/** @throws {Error} when it is not so: the story is told no further */
export function check(what: string, holds: boolean): void {
  tell(`${holds ? "✓" : "✗"} ${what}`);
  if (!holds) throw new Error(`not so: ${what}`);
}
