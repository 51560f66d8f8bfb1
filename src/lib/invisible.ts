/*
 * What in a text by others nobody sees, or HTML would take for its own. No import: the view's script in the browser uses it,
 * too.
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

/** On one line: invisible characters, and every space but the plain one, become `<U+202E>`. */
export function escapeInvisible(text: string): string {
  return plainLine.test(text) ? text : text.replace(unseen, escaped).replace(otherSpace, escaped);
}

/** The same for multi-line text: line ends, tabs and spaces of every kind are kept. */
export function escapeInvisibleLines(text: string): string {
  if (plainLines.test(text)) return text;
  return text.replace(unseen, (character) => (/[\t\r\n]/.test(character) ? character : escaped(character)));
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
