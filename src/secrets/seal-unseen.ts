import { BREAK } from "./seal-compact.js";
import { privateKeyLength } from "./seal-der.js";
import { base64Forms, hexForms } from "./seal-encodings.js";
import type { Range } from "./seal-ranges.js";
import { rangeOf, type View } from "./seal-view.js";

/** An escaped blank is one by now, or the `+` of a form. The numbers keep a match from being looked for all along a text. */
const begin = /-[ +]?BEGIN[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}/g;
const end = /-[ +]?END[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}/g;

/** What the body of a PEM text is made of, its headers (`DEK-Info: AES-256-CBC,0F…`) included. */
const body = /(?:[A-Za-z0-9+/=_\s\\-]|(?:Proc-Type|DEK-Info|Version|Comment):[^\n"]*)*/y;
const bodyCharacter = /[A-Za-z0-9+/=\s\\]/;

/** The longest key that is looked for in front of an END line that has no BEGIN: RSA with 16,384 bits. */
const LONGEST_BODY = 20_000;

/** Armour inside of base64 or hex. */
const hiddenArmour = new RegExp(
  [...base64Forms(Buffer.from("PRIVATE KEY-----")), ...hexForms(Buffer.from("PRIVATE KEY-----"))]
    .map(({ text }) => text.replaceAll("+", "\\+"))
    .concat(Buffer.from("openssh-key-v1").toString("base64").slice(0, 18))
    .join("|"),
  "g",
);

/** A SEQUENCE in base64: a short one with an INTEGER or a SEQUENCE at its start, or a long one. */
const possibleKey = /M(?:I[E-P]|[A-H].[Cw])/g;

/** Characters of base64 that no whole key is shorter than, nor is any armour. */
const SHORTEST_KEY = 20;

/** Enough to tell a key by: RSA-PSS has the longest name of an algorithm. */
const HEAD = 160;

/** PEM texts of private keys, whole, cut off at their end or at their start. */
export function armouredKeys(plain: View): Range[] {
  const { text } = plain;
  if (!text.includes("PRIVATE")) return [];
  const begins = [...text.matchAll(begin)];
  const ends = [...text.matchAll(end)];
  const closed = new Set<number>();
  let at = 0;
  const opened = begins.map((match, index) => {
    const next = begins[index + 1]?.index ?? text.length;
    while ((ends[at]?.index ?? next) < match.index) at += 1;
    const last = ends[at];
    if (last === undefined || last.index >= next) return rangeOf(plain, match.index, bodyEnd(text, match, next));
    closed.add(last.index);
    return rangeOf(plain, match.index, last.index + last[0].length);
  });
  const orphans = ends.filter(({ index }) => !closed.has(index));
  return [
    ...opened,
    ...orphans.map((match) => rangeOf(plain, bodyStart(text, match.index), match.index + match[0].length)),
  ];
}

/** Not beyond `limit`, where the next one begins: on a text of BEGINs each would look all along it. */
function bodyEnd(text: string, { index, 0: line }: RegExpExecArray, limit: number): number {
  const start = index + line.length;
  body.lastIndex = 0;
  return body.test(text.slice(start, limit)) ? start + body.lastIndex : start;
}

function bodyStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < LONGEST_BODY && bodyCharacter.test(text[start - 1] ?? "")) start -= 1;
  return start;
}

/** Private keys without armour, by the first bytes of their DER, and armour that base64 or hex hides. */
export function encodedKeys(compact: View): Range[] {
  const { text } = compact;
  if (text.length < SHORTEST_KEY) return [];
  const runEnd = runEndsIn(text);
  const hidden = [...text.matchAll(hiddenArmour)].map(({ index }) => rangeOf(compact, index, runEnd(index)));
  const bare = [...text.matchAll(possibleKey)].flatMap(({ index }) => {
    const bytes = privateKeyLength(Buffer.from(text.slice(index, index + HEAD), "base64"));
    if (bytes === undefined) return [];
    return [rangeOf(compact, index, Math.min(index + Math.ceil((bytes * 4) / 3), runEnd(index)))];
  });
  return [...hidden, ...bare];
}

/** Where the run that holds a place ends. It is looked for once for all places in one run. */
function runEndsIn(text: string): (at: number) => number {
  let known = { from: 0, to: 0 };
  return (at) => {
    if (at < known.from || at >= known.to) {
      const end = text.indexOf(BREAK, at);
      known = { from: at, to: end < 0 ? text.length : end };
    }
    return known.to;
  };
}
