/** Masks every known secret in a text, and what has the form of one. */
export type Redact = (text: string) => string;

/**
 * More than the longest piece of a secret that the redactor does not recognise, in characters: some forty digits, each
 * written as an escape and the whole encoded once more.
 */
const MARGIN = 1_024;

/**
 * The start of a text, at most `most` characters, with its secrets masked before it is cut: the redactor does not
 * recognise a short piece of a secret. Of a very long text, only as much is read as that takes.
 */
export function redactedStart(text: string, most: number, redact: Redact): string {
  const read = redact(text.slice(0, most + MARGIN));
  // A secret may have begun at the end of what was read.
  const certain = text.length > most + MARGIN ? Math.max(0, read.length - MARGIN) : read.length;
  // Drops half of a surrogate pair at the end.
  return certain > most || certain < read.length
    ? read.slice(0, Math.min(most, certain)).replace(/[\ud800-\udbff]$/, "")
    : read;
}
