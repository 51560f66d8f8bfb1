import { privateKeyLength } from "./der.js";
import { rangeOf, runEnd, type StrippedText } from "./strip-whitespace.js";
import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/* Unknown private keys, found by their shape. */

/** A space may be the `+` of a form. The bounded repetitions keep each match attempt short. */
const armour =
  /-[ +]?(BEGIN|END)[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}/g;

/** The longest key between its armour: RSA with 16,384 bits. */
const LONGEST_BODY = 20_000;

/** Includes the characters of headers (`DEK-Info: AES-256-CBC,0F…`). */
const bodyCharacter = /[A-Za-z0-9+/=_\s\\:,-]/;

/** PEM private keys, whole or cut off at either end. A mask never contains a quotation mark. */
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

/** Stops at `limit`, where the next one starts. */
function bodyEnd(text: string, { index, 0: line }: RegExpExecArray, limit: number): number {
  const start = index + line.length;
  const last = Math.min(limit, start + LONGEST_BODY);
  let at = start;
  while (at < last && bodyCharacter.test(text.charAt(at))) at += 1;
  // A quotation mark keeps its escape.
  if (text.charAt(at) === '"') while (at > start && text.charAt(at - 1) === "\\") at -= 1;
  return at;
}

function bodyStart(text: string, at: number, limit: number): number {
  const first = Math.max(limit, at - LONGEST_BODY);
  let start = at;
  while (start > first && bodyCharacter.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** How a private key's DER may start in base64: a SEQUENCE that holds a version or another SEQUENCE. */
const possibleKey = /M(?:I[I-L]..(?:[AQgw]IBA|[DTjz][AB])|I[E-H].(?:AgE[ABD]|M)|[A-H].(?:CAQ|w))/g;

/** Enough to recognize a key: RSA-PSS has the longest algorithm name. */
const HEAD = 160;

/** After this many possible starts of a key, the rest of the run is treated as one. */
const MOST_CANDIDATES = 4_096;

/** Private keys without armour, recognized by the first bytes of their DER. */
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
