/*
 * Estimates the tokens of a text within JSON, by kinds of character. The weights were fitted to o200k on random text
 * of each kind, which costs more than words.
 */

/** The first letter of a word; later ones cost less, unless the word is unpronounceable and therefore unknown. */
const firstLetter = 1;
const lowerCase = 0.35;
const upperCase = 0.75;
const unpronounceable = 0.5;
/** Words rarely have more vowels or consonants in a row. */
const inARow = 3;

/** Up to three digits form a token. */
const digitsPerToken = 3;
const punctuation = 0.85;
const space = 0.8;

const twoBytes = 1.7;
const commonCjk = 2;
const hangul = 2.4;
const threeBytes = 3;
/** A character outside the basic plane is two surrogates and up to four tokens. */
const surrogate = 2;

export function costOfText(text: string): number {
  const written = JSON.stringify(text);
  let cost = 0;
  let digits = 0;
  let letters = 0;
  let row = 0;
  let vowel = false;
  for (let index = 1; index < written.length - 1; index++) {
    const code = written.charCodeAt(index);
    const letter = isLetter(code);
    if (letter) cost += letters === 0 ? firstLetter : costOfLetter(code, row);
    else if (isDigit(code)) cost += digits % digitsPerToken === 0 ? 1 : 0;
    else cost += costOfOther(code);
    letters = letter ? letters + 1 : 0;
    row = letter && letters > 1 && vowels.has(code) === vowel ? row + 1 : 1;
    vowel = vowels.has(code);
    digits = isDigit(code) ? digits + 1 : 0;
  }
  return cost;
}

const vowels: ReadonlySet<number> = new Set([..."aeiouyAEIOUY"].map((vowel) => vowel.charCodeAt(0)));

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return isUpperCase(code) || (code >= 0x61 && code <= 0x7a);
}

function isUpperCase(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function costOfLetter(code: number, rowBefore: number): number {
  if (isUpperCase(code)) return upperCase;
  return rowBefore >= inARow ? lowerCase + unpronounceable : lowerCase;
}

function costOfOther(code: number): number {
  if (code === 0x20) return space;
  if (code < 0x80) return punctuation;
  if (code < 0x800) return twoBytes;
  if (code >= 0x4e00 && code < 0xa000) return commonCjk;
  if (code >= 0xac00 && code < 0xd7a4) return hangul;
  return code >= 0xd800 && code < 0xe000 ? surrogate : threeBytes;
}
