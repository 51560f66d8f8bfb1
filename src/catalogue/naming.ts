import { parseDomainName } from "../domain-name.js";
import { brief, joined, type SafeText, safe } from "../visible.js";

/** Lists of objects in a sentence: of a bounded length, however many there are and whatever they are called. */

/** How many of several names a question holds. */
const NAMED = 2;

/** Each object once, in the order given: one host may be written in several ways. */
export function unique<Name extends string | number>(names: readonly Name[]): readonly Name[] {
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

/** "host www.example.com", "3 hosts: a.example.com, b.example.com and 1 more". */
export function naming(noun: SafeText, names: readonly (string | number)[], most?: number): SafeText {
  const each = unique(names);
  const shown = joined(each.slice(0, NAMED).map((name) => brief(String(name), most)));
  if (each.length === 1) return safe`${noun} ${shown}`;
  const more = each.length - NAMED;
  return more > 0
    ? safe`${counted(each.length, noun)}: ${shown} and ${more} more`
    : safe`${counted(each.length, noun)}: ${shown}`;
}
