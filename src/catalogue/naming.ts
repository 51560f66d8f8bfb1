import { parseDomainName } from "../lib/domain-name.js";
import { partition } from "../lib/lists.js";
import { andMore, brief, type SafeText, safe, titled } from "../lib/safe-text.js";

/* Lists of objects in a sentence, of bounded length regardless of the number and length of the names. */

/** Longest question, in characters; every way of asking shows it in full. */
export const MAX_QUESTION_LENGTH = 200;

/** Longest text in a plan, in characters; a certificate with a hundred names needs less. */
export const MAX_PLAN_TEXT_LENGTH = 4_000;

/** Maximum lengths of names in a question, tried in this order. */
const widths = [48, 36, 24, 16, 12];

/** A question with several names, shortened as needed; with width 0, `build` omits them. */
export function fitQuestion(build: (width: number) => SafeText): SafeText {
  const width = widths.find((each) => build(each).length <= MAX_QUESTION_LENGTH) ?? 0;
  return build(width);
}

/** Number of names shown, if there is room. */
const NAMED = 3;

/** Room for names in a question of usual length, in characters. */
const ROOM = 120;

/** Each object once, in the given order: a host may be written in several ways. */
export function uniqueNames<Name extends string | number>(names: readonly Name[]): readonly Name[] {
  const first = new Map<string, Name>();
  for (const name of names) {
    const key = parseDomainName(String(name))?.ascii ?? String(name);
    if (!first.has(key)) first.set(key, name);
  }
  return [...first.values()];
}

/** "1 host", "280 hosts". */
export function counted(count: number, noun: SafeText): SafeText {
  return count === 1 ? safe`1 ${noun}` : safe`${count} ${noun}s`;
}

/** "a.example.com, b.example.com and 1 more": as many of these `unique` names as fit, at least one. */
export function nameList(names: readonly (string | number)[], room = ROOM, width?: number): SafeText {
  for (let count = NAMED; ; count--) {
    const list = andMore(names, count, (name) => brief(String(name), width));
    if (count === 1 || list.length <= room) return list;
  }
}

/**
 * The names of a certificate: "*.example.com, example.com, a.example.com and 4 more". If not all fit, wildcards come
 * first: they say most about where the certificate can be used.
 */
export function certificateNames(names: readonly string[], room = ROOM, width = Number.POSITIVE_INFINITY): SafeText {
  const all = uniqueNames(names);
  if (all.length === 0) return safe`no name`;
  const [wildcards, others] = partition(all, (name) => name.startsWith("*."));
  return nameList(all.length <= NAMED ? all : [...wildcards, ...others], room, width);
}

/** "2 CLB": how many of a product, whose name is the same in every language. */
export function countOfProduct(count: number, product: SafeText): SafeText {
  return titled(`${count} ${product}`, `${product} ${count} 个`);
}

/** With `unique` names: "host www.example.com", "4 hosts: a.example.com, b.example.com, c.example.com and 1 more". */
export function countedNames(
  noun: SafeText,
  names: readonly (string | number)[],
  room = ROOM,
  width?: number,
): SafeText {
  const list = nameList(names, room, width);
  return names.length === 1 ? safe`${noun} ${list}` : safe`${counted(names.length, noun)}: ${list}`;
}

/** The same for certificates, which Chinese counts with a word of their own: `several` says how many there are. */
export function countedCertificates(
  noun: SafeText,
  names: readonly (string | number)[],
  several: (count: number) => SafeText,
): SafeText {
  const list = nameList(names);
  return names.length === 1 ? safe`${noun} ${list}` : safe`${several(names.length)}: ${list}`;
}
