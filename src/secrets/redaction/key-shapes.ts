import { privateKeyLength } from "./der.js";
import { rangeOf, runEnd, type StrippedText } from "./strip-whitespace.js";
import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/** Private keys that nobody knows, by their looks. */

/** A blank may be the `+` of a form. The numbers keep a match from being looked for all along a text. */
const armour =
  /-[ +]?(BEGIN|END)[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}/g;

/** The longest key that is looked for between its armour: RSA with 16,384 bits. */
const LONGEST_BODY = 20_000;

/** With those of its headers (`DEK-Info: AES-256-CBC,0F…`). */
const bodyCharacter = /[A-Za-z0-9+/=_\s\\:,-]/;

/** PEM texts of private keys, whole, cut off at their end or at their start. No mask holds a quotation mark. */
export function armouredKeys(plain: UnescapedText): Range[] {
  const { text } = plain;
  if (!text.includes("PRIVATE")) return [];
  const ranges: Range[] = [];
  let opened: RegExpExecArray | undefined;
  let previous = 0;
  const cutOff = (limit: number) => {
    if (opened !== undefined) ranges.push(originalRange(plain, opened.index, bodyEnd(text, opened, limit)));
    opened = undefined;
  };
  for (const match of text.matchAll(armour)) {
    const end = match.index + match[0].length;
    if (match[1] === "BEGIN") {
      cutOff(match.index);
      opened = match;
    } else if (opened !== undefined && isBody(text.slice(opened.index, match.index))) {
      ranges.push(originalRange(plain, opened.index, end));
      opened = undefined;
    } else {
      cutOff(match.index);
      ranges.push(originalRange(plain, bodyStart(text, match.index, previous), end));
    }
    previous = end;
  }
  cutOff(text.length);
  return ranges;
}

function isBody(text: string): boolean {
  return text.length <= LONGEST_BODY && !text.includes('"');
}

/** Not beyond `limit`, where the next one begins. */
function bodyEnd(text: string, { index, 0: line }: RegExpExecArray, limit: number): number {
  const start = index + line.length;
  const last = Math.min(limit, start + LONGEST_BODY);
  let at = start;
  while (at < last && bodyCharacter.test(text.charAt(at))) at += 1;
  return at;
}

function bodyStart(text: string, at: number, limit: number): number {
  const first = Math.max(limit, at - LONGEST_BODY);
  let start = at;
  while (start > first && bodyCharacter.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** What a private key's DER may begin with in base64: a SEQUENCE, and in it a version or another SEQUENCE. */
const possibleKey = /M(?:I[I-L]..(?:[AQgw]IBA|[DTjz][AB])|I[E-H].(?:AgE[ABD]|M)|[A-H].(?:CAQ|w))/g;

/** Enough to tell a key by: RSA-PSS has the longest name of an algorithm. */
const HEAD = 160;

/** Where so much looks like the begin of a key, the rest of the text is not looked through but taken for one. */
const MOST_CANDIDATES = 4_096;

/** Private keys without armour, by the first bytes of their DER. */
export function bareKeys(compact: StrippedText, plain: UnescapedText): Range[] {
  const { codes } = compact;
  const text = Buffer.from(codes.buffer, 0, codes.length).toString("latin1");
  const ranges: Range[] = [];
  let candidates = 0;
  let done = 0;
  for (const { index } of text.matchAll(possibleKey)) {
    if (index < done) continue;
    candidates += 1;
    const bytes = privateKeyLength(Buffer.from(text.slice(index, index + HEAD), "base64"));
    if (bytes === undefined && candidates < MOST_CANDIDATES) continue;
    const whole = bytes === undefined ? codes.length : index + Math.ceil((bytes * 4) / 3);
    done = Math.min(whole, runEnd(compact, index));
    ranges.push(rangeOf(compact, plain, index, done));
  }
  return ranges;
}
