import { base64Forms, encodedTexts, hexForms } from "./encodings.js";
import { SHORTEST_SECRET, stripWhitespace } from "./stripped-text.js";
import { unescapings, withoutHexPrefixes } from "./unescape.js";

/* Finds out whether a whole secret is in a text, however it is encoded. The redactor also finds parts of secrets, and unknown keys. */

/** Levels to decode: the text, and two levels of encodings in it. `encodedFormsOf` covers one more. */
const MAX_DEPTH = 3;

/** A text without its escapes, and what is encoded in it, reduced to base64 digits. One text per level. */
export function decodingsOf(text: string, depth = MAX_DEPTH): readonly string[] {
  const without = withoutHexPrefixes(text);
  const readings = unescapings(without === undefined ? text : `${text}\n${without}`);
  const plain = readings.map((reading) => reading.text).join("\n");
  const digits = onlyDigits(plain);
  if (depth === 1) return [digits];
  const inside = [...encodedTexts(plain, stripWhitespace(plain).longRuns)].flatMap((encoded) => encoded.text ?? []);
  return inside.length === 0 ? [digits] : [digits, ...decodingsOf(inside.join("\n"), depth - 1)];
}

/** The forms in which a secret can occur in these texts; none for a secret that is hardly more than a word. */
export function encodedFormsOf(secret: string): readonly string[] {
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
