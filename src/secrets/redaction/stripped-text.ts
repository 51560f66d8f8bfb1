import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/**
 * The base64 and hex digits of a text, in runs that are long enough to hold a secret: without the white space, padding,
 * colons or hyphens of `aa:bb`, marks of quoted mail and characters that cannot be seen between them, and with the URL
 * alphabet and full width mapped to the standard ones.
 */
export interface StrippedText {
  /** Digits as ASCII, with `BREAK` between runs. */
  readonly codes: Uint8Array;
  /** Position of each digit in the plain text. */
  readonly places: Uint32Array;
  /** Where the plain text has at least `LONG_RUN` digits with nothing between them. */
  readonly longRuns: readonly number[];
}

/** Digits that may hold a secret in a further encoding. */
const LONG_RUN = 24;

/** A shorter secret can be guessed, and masking it would confirm the guess. */
export const SHORTEST_SECRET = 12;

/** Separates two runs. */
export const BREAK = 0x20;

const SKIPPED = 1;
/** A digit of base64url, or between two bytes in hex. */
const HYPHEN = 2;
const HYPHEN_CODE = "-".charCodeAt(0);
const PLUS = "+".charCodeAt(0);
const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What each character of ASCII becomes: a digit, nothing, or a break. */
const ascii = new Uint8Array(0x80).fill(BREAK);
const unseen = /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}=:>\\]/gu;
for (let code = 0; code < ascii.length; code += 1)
  if (String.fromCharCode(code).search(unseen) === 0) ascii[code] = SKIPPED;
for (const digit of base64Digits) ascii[digit.charCodeAt(0)] = digit.charCodeAt(0);
ascii[HYPHEN_CODE] = HYPHEN;
ascii["_".charCodeAt(0)] = "/".charCodeAt(0);

/** The same for every UTF-16 unit. Made only when a text has one beyond ASCII, because making it slows the start. */
let beyondAscii: Uint8Array | undefined;

function classOf(unit: number): number {
  if (unit < ascii.length) return ascii[unit] ?? BREAK;
  beyondAscii ??= unicodeClasses();
  return beyondAscii[unit] ?? BREAK;
}

/** From ASCII to full width. */
const FULL_WIDTH = 0xfee0;

function unicodeClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000).fill(BREAK);
  const allUnits = Buffer.from(new Uint16Array(classes.length).map((_, code) => code).buffer).toString("utf16le");
  for (const { index } of allUnits.matchAll(unseen)) classes[index] = SKIPPED;
  // The units of tags and variation selectors; characters that can be seen have other first units.
  classes.fill(SKIPPED, 0xdb40, 0xdb41).fill(SKIPPED, 0xdc00, 0xde00);
  for (let code = 0x21; code < 0x7f; code += 1) classes[code + FULL_WIDTH] = ascii[code] ?? BREAK;
  return classes;
}

export function stripWhitespace(text: string): StrippedText {
  let places: Uint32Array | undefined;
  return {
    ...stripped(text),
    // Most texts have nothing to hide, and nobody asks where it is.
    get places() {
      if (places === undefined) {
        places = new Uint32Array(text.length);
        stripped(text, places);
      }
      return places;
    },
  };
}

/** @param places is filled in */
function stripped(text: string, places?: Uint32Array): Omit<StrippedText, "places"> {
  const codes = new Uint8Array(text.length);
  const longRuns: number[] = [];
  let length = 0;
  /** Where the run at hand starts, and where the digits with nothing between them do. */
  let start = 0;
  let adjacentFrom = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = classOf(text.charCodeAt(at));
    if (code === HYPHEN) code = isBetweenBytes(text, at) ? SKIPPED : PLUS;
    if (code <= BREAK) {
      if (at - adjacentFrom >= LONG_RUN) longRuns.push(adjacentFrom);
      adjacentFrom = at + 1;
      if (code === SKIPPED) continue;
      if (length - start < SHORTEST_SECRET) {
        length = start;
        continue;
      }
      start = length + 1;
    }
    codes[length] = code;
    if (places !== undefined) places[length] = at;
    length += 1;
  }
  if (text.length - adjacentFrom >= LONG_RUN) longRuns.push(adjacentFrom);
  return { codes: codes.subarray(0, length), longRuns };
}

/** Where the run that holds a position ends. */
export function runEnd({ codes }: StrippedText, at: number): number {
  const end = codes.indexOf(BREAK, at);
  return end < 0 ? codes.length : end;
}

/**
 * Maps a stretch of the stripped text to the original text, including the digits that touch it: partial digits at its
 * ends hold secret bits too, and the end of a mask must not show how much of a guess was right.
 */
export function rangeOf({ places }: StrippedText, plain: UnescapedText, from: number, to: number): Range {
  let start = places[from] ?? 0;
  let end = (places[to - 1] ?? 0) + 1;
  while (start > 0 && isDigit(plain.text, start - 1)) start -= 1;
  while (isDigit(plain.text, end)) end += 1;
  return originalRange(plain, start, end);
}

function isDigit(text: string, at: number): boolean {
  const code = classOf(text.charCodeAt(at));
  return code > BREAK || code === HYPHEN;
}

/** At such distances, fewer hyphens occur in base64url by chance. */
const bytesInHex = /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5}$/i;
const BYTES = "00-00-00-00-00-00".length;

/** Whether the hyphen is one of those between bytes in hex, as in `30-82-04-bd-02-01`. */
function isBetweenBytes(text: string, at: number): boolean {
  const isHyphen = (distance: number) => text.charCodeAt(at + distance) === HYPHEN_CODE;
  // Dates have two of them: the expression need not look at those.
  if (isHyphen(-3) ? !isHyphen(-6) && !isHyphen(3) : !(isHyphen(3) && isHyphen(6))) return false;
  for (let start = at - 2; start > at - BYTES; start -= 3) {
    if (bytesInHex.test(text.slice(Math.max(start, 0), start + BYTES))) return true;
  }
  return false;
}
