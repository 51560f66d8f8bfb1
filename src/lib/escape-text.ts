import { isInternational, parseDomainName } from "./domain-name.js";
import { forTheRecord } from "./language.js";
import { dayFor, momentFor } from "./moment.js";
import { besides, ownWords, SafeText, safe } from "./safe-text.js";

export { ownWords, SafeText, safe, titled } from "./safe-text.js";

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
export function escapeInvisible(text: string): string {
  return plainLine.test(text) ? text : text.replace(unseen, codePoint).replace(otherSpace, codePoint);
}

/** The same for a text that may have lines: their ends, tabs and spaces of every kind stay. */
export function escapeInvisibleLines(text: string): string {
  if (plainLines.test(text)) return text;
  return text.replace(unseen, (character) => (/[\t\r\n]/.test(character) ? character : codePoint(character)));
}

/** The same as the beginning of a sentence. */
export function capitalized(text: SafeText): SafeText {
  return new SafeText((reader) => {
    const words = text.for(reader);
    return reader.language === "en" ? words.replace(/^[a-z]/, (letter) => letter.toUpperCase()) : words;
  });
}

/** Safe texts side by side. */
export function joined(texts: readonly SafeText[], separator: SafeText = safe`, `): SafeText {
  return new SafeText((reader) => {
    const told = texts.map((text) => text.for(reader));
    if (reader.language === "en") return told.join(separator.for(reader));
    return told.reduce(
      (before, text) => (before === "" ? text : besides(besides(before, separator.for(reader)), text)),
      "",
    );
  });
}

const isoLike = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The day of a moment in ISO 8601, as it is in the reader's time zone; of what is no moment the beginning, made safe. */
export function dayInWords(moment: string): SafeText {
  const day = moment.slice(0, "YYYY-MM-DD".length);
  if (!isoLike.test(moment) || Number.isNaN(Date.parse(moment)))
    return timeLike.test(day) ? ownWords(day) : briefQuote(day);
  return new SafeText((reader) => dayFor(new Date(moment), reader));
}

/** A moment, in the reader's time zone and in UTC. */
export function momentInWords(moment: Date): SafeText {
  return new SafeText((reader) => momentFor(moment, reader));
}

/** The beginning, and how much is missing; `most` in characters. */
export function capped(text: string, most: number, reader = forTheRecord): string {
  if (text.length <= most) return text;
  // Half of a character outside the basic plane is none.
  const shown = text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
  return `${shown}${safe`… (${text.length} characters)`.for(reader)}`;
}

/** Longest text of others within a sentence of ours, in characters. */
const WITHIN_A_SENTENCE = 500;

/** On one line and between quotation marks, which nothing in it can close. */
export function quoted(text: string, most = WITHIN_A_SENTENCE): SafeText {
  return new SafeText((reader) => inQuotation(capped(escapeInvisible(text), most, reader)));
}

/**
 * The same for a text that the redactor has yet to go through: whole, because half of a secret is not known for one. Where it
 * leaves, its sentence is made visible and cut.
 */
export function inQuotes(text: string): SafeText {
  return ownWords(inQuotation(text));
}

function inQuotation(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

const termLike = /^[\w.:-]{1,200}$/;

/** A code or an id that a cloud made up: as it is where it looks like one, else in quotation marks. */
export function termInWords(term: string): SafeText {
  return termLike.test(term) ? ownWords(term) : inQuotes(term);
}

const hostLike = /^[\w.*:-]{1,253}$/;

/**
 * A host, an address, or a name in a certificate: as it is where it looks like one, else in quotation marks. A name in
 * another script than ours stands in both forms: as DNS has it, and as it is shown.
 */
export function nameInWords(name: string): SafeText {
  const domain = parseDomainName(name);
  if (domain !== undefined && isInternational(domain)) {
    return safe`${ownWords(domain.ascii)} (shown as ${inQuotes(domain.unicode)})`;
  }
  return hostLike.test(name) ? ownWords(name) : quoted(name, 100);
}

const timeLike = /^[\d:+TZ. -]{1,40}$/;

/** A time as a cloud writes it; in quotation marks where it does not look like one. */
export function timeInWords(time: string): SafeText {
  return timeLike.test(time) ? ownWords(time) : inQuotes(time);
}

/** Longest name within a question, in characters. */
const WITHIN_A_QUESTION = 48;

/**
 * A name within a question, which has to stay short: beginning and end of a long one. The whole name stands in the lines
 * below the question.
 */
export function brief(name: string, most = WITHIN_A_QUESTION): SafeText {
  const domain = parseDomainName(name);
  if (domain !== undefined && isInternational(domain)) {
    const half = most / 2;
    return safe`${ownWords(middleOut(domain.ascii, half))} (shown as ${inQuotes(middleOut(domain.unicode, half))})`;
  }
  return hostLike.test(name) ? ownWords(middleOut(name, most)) : briefQuote(name, most);
}

/** The same for a remark and the like: always in quotation marks. */
export function briefQuote(text: string, most = WITHIN_A_QUESTION): SafeText {
  const line = middleOut(escapeInvisible(text), most);
  let kept = most;
  // Each quotation mark in it takes two characters.
  while (inQuotes(middleOut(line, kept)).length > most + 2) kept -= 1;
  return inQuotes(middleOut(line, kept));
}

/** Beginning and end, at most `most` characters; the end of a host tells whose it is. */
function middleOut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = [...text];
  if (characters.length <= most) return text;
  if (most < 3) return "…";
  const end = Math.floor((most - 1) / 2);
  return `${characters.slice(0, most - 1 - end).join("")}…${characters.slice(-end).join("")}`;
}

function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `<U+${code.padStart(4, "0")}>`;
}
