import { base64Forms, encodedTexts, hexForms } from "./encodings.js";
import { SHORTEST_SECRET, stripWhitespace } from "./stripped-text.js";
import { unescaped, withoutMarksOfHex } from "./unescape.js";

/* Whether a whole secret is in a text, in any writing. The redactor also finds parts, and keys that nobody knows. */

/** Levels to read: the text, and two levels of encodings in it. `formsOf` covers one more. */
const MAX_DEPTH = 3;

/** What somebody may read in a text: without its escapes, and what is encoded in it; digits only. One text per level. */
export function readingsOf(text: string, depth = MAX_DEPTH): readonly string[] {
  const without = withoutMarksOfHex(text);
  const plain = unescaped(without === undefined ? text : `${text}\n${without}`).text;
  const digits = onlyDigits(plain);
  if (depth === 1) return [digits];
  const inside = [...encodedTexts(plain, stripWhitespace(plain).longRuns)].flatMap((encoded) => encoded.text ?? []);
  return inside.length === 0 ? [digits] : [digits, ...readingsOf(inside.join("\n"), depth - 1)];
}

/** How the readings of a text have a secret that it holds; none of one that is hardly more than a word. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret, ...base64Forms(bytes), ...hexForms(bytes)]
    .map(onlyDigits)
    .filter(({ length }) => length >= SHORTEST_SECRET);
}

/** What is neither a digit of base64, in either alphabet, nor one in full width. */
const noDigits = /[^\w+/\-\uff0b-\uff5a]+/g;

/** The digits of base64 in a text, with the URL alphabet and full width mapped to the standard ones. */
function onlyDigits(text: string): string {
  return text.replace(noDigits, "").normalize("NFKC").replaceAll("-", "+").replaceAll("_", "/");
}
