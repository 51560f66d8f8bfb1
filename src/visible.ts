/**
 * Text that others chose (names, remarks, messages of a cloud or a certificate) where a person or a model reads it: what
 * cannot be seen is written out, what is long is cut, and what stands among our own words is in quotation marks.
 */

/**
 * What would be obeyed, reordered or left blank instead of shown: control and format characters (escape sequences, bidi
 * marks, joiners, tags), fillers, halves of characters and unassigned ones.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const otherSpace = /(?! )\p{Zs}/gu;
/** Nothing in it needs a closer look. */
const plainLine = /^[ -~]*$/;
const plainLines = /^[ -~\t\r\n]*$/;

/** On one line: what cannot be seen stands as `<U+202E>`, also every space but the plain one. */
export function visible(text: string): string {
  return plainLine.test(text) ? text : text.replace(unseen, codePoint).replace(otherSpace, codePoint);
}

/** The same for a text that may have lines: their ends, tabs and spaces of every kind stay. */
export function visibleLines(text: string): string {
  if (plainLines.test(text)) return text;
  return text.replace(unseen, (character) => (/[\t\r\n]/.test(character) ? character : codePoint(character)));
}

/** The beginning, and how much is missing; `most` in characters. */
export function capped(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a character outside the basic plane is none.
  const shown = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return `${shown}… (${text.length} characters)`;
}

/** Longest text of others within a sentence of ours, in characters. */
const WITHIN_A_SENTENCE = 500;

/** On one line and between quotation marks, which nothing in it can close. */
export function quoted(text: string, most = WITHIN_A_SENTENCE): string {
  return inQuotes(capped(visible(text), most));
}

/**
 * The same for a text that the seal has yet to go through: whole, because half of a secret is not known for one. Where it
 * leaves, its sentence is made visible and cut.
 */
export function inQuotes(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

const termLike = /^[\w.:-]{1,200}$/;

/** A code or an id that a cloud made up: as it is where it looks like one, else in quotation marks. */
export function termInWords(term: string): string {
  return termLike.test(term) ? term : inQuotes(term);
}

const hostLike = /^[\w.*:-]{1,253}$/;

/** A name in a certificate: as it is where it looks like a host or an address, else in quotation marks. */
export function nameInWords(name: string): string {
  return hostLike.test(name) ? name : quoted(name, 100);
}

function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `<U+${code.padStart(4, "0")}>`;
}
