import { z } from "zod";
import { allOperations } from "../catalogue/index.js";
import { innermost } from "../catalogue/params.js";
import { replyLimit } from "./budget.js";
import { cloudMemberOf } from "./derived-members.js";

/* Estimates the tokens that JSON costs a model, without a tokenizer. `underestimate` says how far it can be off. */

/** The least that a character costs: text longer than `maxShownLength` need not be measured. */
export const minPerCharacter = 0.3;
const maxShownLength = replyLimit / minPerCharacter;

/** Quotes, colon and comma, which tokenizers join with their neighbours. */
const nameOverhead = 2;
const bracketOverhead = 1;
const knownLetter = 0.25;

/** Names of documented members are words, which cost less than random text. */
const documented: ReadonlySet<string> = new Set(allOperations.flatMap(({ result }) => memberNames(result)));

/** True for a documented member, or one of ours named after it. */
export function isDocumented(name: string): boolean {
  return documented.has(name) || documented.has(cloudMemberOf(name));
}

/** The most that a byte of JSON costs: a digit in a list is two bytes with its comma, and three tokens. */
const maxPerByte = 1.5;

/** Whether an object costs at most `budget`. Its length often tells, which is quicker than an estimate. */
export function fitsBudget(value: object, budget: number): boolean {
  return Buffer.byteLength(JSON.stringify(value)) * maxPerByte <= budget || costOf(value) <= budget;
}

/** The cost of a value as JSON. */
export function costOf(value: unknown): number {
  if (typeof value === "string") {
    return value.length > maxShownLength ? value.length * minPerCharacter : costOfText(value);
  }
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + costOfItem(item), bracketOverhead);
  if (typeof value !== "object" || value === null) return 1 + costOfText(String(value));
  return Object.entries(value).reduce((sum, [name, member]) => sum + costOfMember(name, member), bracketOverhead);
}

export function costOfItem(item: unknown): number {
  return 1 + costOf(item);
}

export function costOfMember(name: string, member: unknown): number {
  return costOfName(name) + costOf(member);
}

export function costOfName(name: string): number {
  return nameOverhead + (isDocumented(name) ? 1 + name.length * knownLetter : costOf(name));
}

/** Names of all members in a documented reply, at every depth. */
export function memberNames(schema: z.ZodTypeAny): string[] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return memberNames(inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  const members: [string, z.ZodTypeAny][] = Object.entries(inner.shape);
  return members.flatMap(([name, member]) => [name, ...memberNames(member)]);
}

/*
 * The tokens of a text within JSON, by kinds of character. The weights were fitted to o200k on random text of each kind,
 * which costs more than words.
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
