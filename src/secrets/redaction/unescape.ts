/**
 * A text without its escapes, and where each of its characters starts in the original text. Escaped quotation marks may
 * be left.
 */
export interface UnescapedText {
  readonly text: string;
  /** Undefined if nothing was escaped: every character is at its own position. */
  readonly places: Uint32Array | undefined;
}

/** A stretch of a text: from its first character to one past its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Maps a stretch of the plain text to the original one, including whole escapes at both ends. */
export function originalRange({ places }: UnescapedText, from: number, to: number): Range {
  return { from: places?.[from] ?? from, to: places?.[to] ?? to };
}

/** Named characters: those that occur between digits, and those that are part of other escapes. */
const named: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  plus: "+",
  sol: "/",
  equals: "=",
  lowbar: "_",
  tab: "\t",
  newline: "\n",
};

interface Escape {
  /** First character of each. */
  readonly mark: string;
  /** Matches any number of layers; each group is one way to write the character. */
  readonly form: RegExp;
}

/** ASCII only: the digits of secrets are all ASCII. */
const escapes: readonly Escape[] = [
  // URLs: `%2541` is `%41` escaped once more.
  { mark: "%", form: /%(?:25)*(?:(?<hex>[0-9a-f]{2})|u(?<unit>[0-9a-f]{4}))/iy },
  // JSON, where each layer doubles the backslashes, and programs, which know more of them.
  {
    mark: "\\",
    form: /\\+(?:(?<name>[btnfr])|(?<itself>["'/])|u(?<hex>[0-9a-f]{4})|u\{(?<unit>[0-9a-f]{1,6})\}|x(?<byte>[0-9a-f]{2})|(?<octal>[0-3][0-7]{2}))?/iy,
  },
  // HTML: `&amp;lt;` is `&lt;` escaped once more. Browsers read numbers without their semicolons, too.
  {
    mark: "&",
    form: /&(?:amp;)*(?:#(?<decimal>\d{1,7});?|#x(?<hex>[0-9a-f]{1,6});?|(?<name>amp|[lg]t|quot|apos|nbsp|plus|sol|equals|lowbar|tab|newline);)/iy,
  },
  // Invisible characters as `visible` writes them: `<U+000A>`.
  { mark: "<", form: /<U\+(?<hex>[0-9A-F]{4,6})>/y },
];

const softLineBreak: Escape = { mark: "=", form: /=\r?\n/y };
/** Mail: soft line breaks, and characters between digits. `=ab` is left alone, because it may start a value. */
const ofMail: Escape = { mark: "=", form: /=(?:\r?\n|(?<hex>2[bdf]|3d|5f|0[ad]))/iy };
const charactersOfMail = /=(?:2[bdf]|3d|5f|0[ad])/i;

/**
 * The text without the escapes of URLs, JSON, HTML and mail, with any number of layers of one kind. Escaped and plain
 * characters become the same; a secret then needs one form instead of one per escape.
 */
export function unescaped(text: string): UnescapedText {
  return withoutEscapesOf(ofMail, withoutCommonEscapes(text));
}

/** The same in each way in which the text can be read: after an equals sign, a value may begin like an escape of mail. */
export function unescapings(text: string): readonly UnescapedText[] {
  const plain = withoutCommonEscapes(text);
  const asMail = withoutEscapesOf(ofMail, plain);
  return charactersOfMail.test(plain.text) ? [asMail, withoutEscapesOf(softLineBreak, plain)] : [asMail];
}

function withoutCommonEscapes(text: string): UnescapedText {
  const original: UnescapedText = { text, places: undefined };
  return escapes.reduce((plain, each) => withoutEscapesOf(each, plain), original);
}

/** The start of an escape, with all its layers, directly before more hex digits than any escape has. */
const hexPrefix = /(?:(?<!\\)\\+[xu0]?|%(?:25)?u?|&#x)(?=[0-9a-f]{10})/gi;

/** Replaces each character of such a prefix, so that all others keep their positions. */
const PLACEHOLDER = "|";

/**
 * The text without prefixes that may begin hex instead of an escape, such as the `\x` before a PostgreSQL value: read as
 * escapes, they would swallow its first digits. Undefined if there are none.
 */
export function withoutHexPrefixes(text: string): string | undefined {
  const without = text.replace(hexPrefix, ({ length }) => PLACEHOLDER.repeat(length));
  return without === text ? undefined : without;
}

/** Extends a range over the prefix before it: half an escape before a mask would break JSON. */
export function includingHexPrefix({ from, to }: Range, text: string, without: string): Range {
  let start = from;
  while (start > 0 && without[start - 1] !== text[start - 1]) start -= 1;
  return { from: start, to };
}

const backslash = 0x5c;
const quote = 0x22;
/**
 * An escaped quotation mark ends a run of digits like a plain one, and JSON within JSON has few other escapes. Whoever
 * looks for a quotation mark in a text must therefore expect its escapes, too.
 */
const moreThanQuotes = /\\(?![\\"])/;

function mayContain(text: string, { mark }: Escape): boolean {
  return mark === "\\" ? moreThanQuotes.test(text) : text.includes(mark);
}

function withoutEscapesOf(kind: Escape, plain: UnescapedText): UnescapedText {
  if (!mayContain(plain.text, kind)) return plain;
  const { text, places } = plain;
  const { mark, form } = kind;
  const codes = new Uint16Array(text.length);
  const origins = new Uint32Array(text.length + 1);
  const markCode = mark.charCodeAt(0);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    let code: number | undefined = text.charCodeAt(at);
    let end = at + 1;
    if (code === markCode && markCode === backslash && text.charCodeAt(end) === quote) {
      // Nine of ten escapes in JSON within JSON; a regular expression takes long for so many.
      code = quote;
      end += 1;
    } else if (code === markCode) {
      form.lastIndex = at;
      const match = form.exec(text);
      if (match !== null) [code, end] = [decodeEscape(match, code), form.lastIndex];
    }
    if (code !== undefined) {
      codes[length] = code;
      origins[length] = places === undefined ? at : (places[at] ?? 0);
      length += 1;
    }
    at = end;
  }
  origins[length] = places?.[text.length] ?? text.length;
  return { text: Buffer.from(codes.buffer, 0, length * 2).toString("utf16le"), places: origins };
}

/** The character that an escape stands for, in UTF-16; undefined for none, the mark itself if nothing else matched. */
function decodeEscape({ 0: whole, groups = {} }: RegExpExecArray, mark: number): number | undefined {
  const { hex, unit, byte, octal, decimal, name, itself } = groups;
  const digits = hex ?? unit ?? byte;
  if (digits !== undefined) return inOneUnit(Number.parseInt(digits, 16));
  if (octal !== undefined) return Number.parseInt(octal, 8);
  if (decimal !== undefined) return inOneUnit(Number(decimal));
  const text = itself ?? (name === undefined ? undefined : named[name.toLowerCase()]);
  if (text !== undefined) return text.charCodeAt(0);
  return whole.startsWith("=") ? undefined : mark;
}

/** Characters that take two units are no digits, and half of one must not become a digit. */
function inOneUnit(code: number): number | undefined {
  return code > 0xffff ? undefined : code;
}
