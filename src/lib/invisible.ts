/*
 * What in a text by others nobody sees or can tell apart, or HTML would take for its own. No import: the view's script
 * in the browser uses it, too.
 */

/**
 * Characters that would be interpreted, reorder text or stay blank: control and format characters (escape sequences,
 * bidi marks, joiners, tags), fillers, lone surrogates and unassigned ones.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const otherSpace = /(?! )\p{Zs}/gu;
/** Nothing in it needs escaping. */
const plainLine = /^[ -~]*$/;
const plainLines = /^[ -~\t\r\n]*$/;

/** Combining marks on one letter. */
const marks = /\p{M}+/gu;
/** Marks that fit letters of any script, and pile up in the same place. */
const forAnyScript = /\p{Script=Inherited}|\p{Script=Common}/u;
/**
 * How many marks on one letter can be told apart. Vietnamese and Arabic need two of those for any script; of its own
 * marks, Hindi needs three on a letter, Hebrew four and Burmese five.
 */
const legible = { forAnyScript: 2, inAll: 6 } as const;

/** On one line: invisible characters, and every space but the plain one, become `<U+202E>`. */
export function escapeInvisible(text: string): string {
  if (plainLine.test(text)) return text;
  return text.replace(unseen, escaped).replace(otherSpace, escaped).replace(marks, escapeStacked);
}

/** The same for multi-line text: line ends, tabs and spaces of every kind are kept. */
export function escapeInvisibleLines(text: string): string {
  if (plainLines.test(text)) return text;
  const seen = text.replace(unseen, (character) => (/[\t\r\n]/.test(character) ? character : escaped(character)));
  return seen.replace(marks, escapeStacked);
}

/** The marks on one letter, without those that only add to a blot: names that differ in them would look the same. */
function escapeStacked(stack: string): string {
  const kept = new Set<string>();
  let left: number = legible.forAnyScript;
  return Array.from(stack, (mark) => {
    const isForAny = forAnyScript.test(mark);
    if (kept.has(mark) || kept.size === legible.inAll || (isForAny && left === 0)) return escaped(mark);
    kept.add(mark);
    if (isForAny) left -= 1;
    return mark;
  }).join("");
}

const escaped = (character: string) => `<${codePoint(character)}>`;

/** "U+202E" */
export function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${code.padStart(4, "0")}`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe as the content of an element and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
