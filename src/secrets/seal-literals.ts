import { percentEncode } from "../encoding.js";
import { compacted } from "./seal-compact.js";
import { base64Forms, type Encoded, hexForms } from "./seal-encodings.js";
import type { Piece } from "./seal-index.js";
import { unescaped } from "./seal-unescape.js";
import { wholeView } from "./seal-view.js";

/** A form of a secret that is masked where all of it stands. */
export interface Literal extends Piece {
  /** Characters before and after it that hold a few of its bits too. */
  readonly before: number;
  readonly after: number;
}

/** Width of the pieces by which literals are found, and so the length of the shortest secret. */
export const LITERAL_WIDTH = 4;

/** A form this long is no chance hit, even with white space between its characters. */
export const LONG_LITERAL = 16;

const escapes: readonly ((text: string) => string)[] = [
  escapedForJson,
  percentEncode,
  (text) => percentEncode(text).replace(/%../g, (percent) => percent.toLowerCase()),
  (text) => new URLSearchParams({ text }).toString().slice("text=".length),
];

/** A secret as text; most ways to escape it are undone in the text instead. */
export function textLiterals(secret: string): Literal[] {
  // Backslashes at its end become one with those of a quotation mark that comes after.
  const plain = unescaped(secret).text.replace(/\\+$/, "");
  const forms = [secret, plain].flatMap((form) => [form, form.replaceAll(" ", "+")]);
  // Half of a short secret may look like an escape, and too little is left of it to go by.
  const escaped = isLongEnough(plain) ? [] : twiceEscaped(secret);
  return [...new Set([...forms, ...escaped])].filter(isLongEnough).map(literal);
}

/** A secret as base64 and hex, as itself and as it is inside of JSON or a URL. */
export function encodedLiterals(secret: string): Literal[] {
  const texts = new Set([secret, escapedForJson(secret), percentEncode(secret)]);
  return [...texts].flatMap((text) => {
    const bytes = Buffer.from(text);
    return [...base64Forms(bytes), ...hexForms(bytes)].filter((form) => isLongEnough(form.text)).map(ofEncoded);
  });
}

/** A secret of nothing but letters and digits of base64, which may come back split over lines. */
export function wrappedLiteral(secret: string): Literal[] {
  const text = compacted(wholeView(secret)).text;
  return /^[A-Za-z0-9+/]{16,}$/.test(text) ? [literal(text)] : [];
}

function ofEncoded({ text, sharesFirst, sharesLast }: Encoded): Literal {
  return { ...literal(text), before: sharesFirst ? 1 : 0, after: sharesLast ? 1 : 0 };
}

function literal(text: string): Literal {
  return { text, offset: 0, before: 0, after: 0 };
}

function twiceEscaped(text: string): string[] {
  const once = escapes.map((escaped) => escaped(text));
  return [...once, ...once.flatMap((form) => escapes.map((escaped) => escaped(form)))];
}

function escapedForJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function isLongEnough(text: string): boolean {
  return text.length >= LITERAL_WIDTH;
}
