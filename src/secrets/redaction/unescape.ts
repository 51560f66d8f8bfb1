/** A text without its escapes, and where in the text that it was made from each of its characters begins. */
export interface Plain {
  readonly text: string;
  /** Undefined where nothing was escaped: then every character is at its own place. */
  readonly places: Uint32Array | undefined;
}

/** A stretch of a text: from its first character to the one after its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a stretch of the plain text is in the original one. It begins and ends with whole escapes. */
export function originalRange({ places }: Plain, from: number, to: number): Range {
  return { from: places?.[from] ?? from, to: places?.[to] ?? to };
}

/** What an escape stands for, and where it ends. */
interface Escape {
  readonly text: string;
  readonly end: number;
}

/**
 * The text without the escapes of URLs, JSON, HTML and our own, however many layers of one kind there are. What was escaped and
 * what was not become the same, so that a secret needs one form instead of one for every way to escape it.
 */
export function unescaped(text: string): Plain {
  let plain: Plain = { text, places: undefined };
  for (const [mark, read] of escapes) if (plain.text.includes(mark)) plain = rewritten(plain, mark, read);
  return plain;
}

const escapes: readonly (readonly [mark: string, read: (text: string, at: number) => Escape | undefined])[] = [
  ["%", percentEscape],
  ["\\", backslashEscape],
  ["&", htmlEntity],
  ["<", namedCodePoint],
];

function rewritten({ text, places }: Plain, mark: string, read: (text: string, at: number) => Escape | undefined) {
  const codes = new Uint16Array(text.length);
  const origins = new Uint32Array(text.length + 1);
  const markCode = mark.charCodeAt(0);
  let length = 0;
  const put = (code: number, at: number) => {
    codes[length] = code;
    origins[length] = places === undefined ? at : (places[at] ?? 0);
    length += 1;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const found = code === markCode ? read(text, at) : undefined;
    if (found === undefined) put(code, at);
    else for (let index = 0; index < found.text.length; index += 1) put(found.text.charCodeAt(index), at);
    at = found?.end ?? at + 1;
  }
  origins[length] = places?.[text.length] ?? text.length;
  return { text: Buffer.from(codes.buffer, 0, length * 2).toString("utf16le"), places: origins };
}

/** The character, of one byte or of several, whose escape begins at `at`; `%2541` is `%41` escaped once more. */
function percentEscape(text: string, at: number): Escape | undefined {
  const first = escapedByte(text, at);
  if (first === undefined) return undefined;
  const bytes = [first.byte];
  let { end } = first;
  for (let missing = followersOf(first.byte); missing > 0; missing -= 1) {
    const next = escapedByte(text, end);
    if (next === undefined || next.byte >> 6 !== 2) break;
    bytes.push(next.byte);
    end = next.end;
  }
  return { text: Buffer.from(bytes).toString(), end };
}

/** How many bytes of a character in UTF-8 come after its first. */
function followersOf(byte: number): number {
  if (byte >= 0xf0) return 3;
  if (byte >= 0xe0) return 2;
  return byte >= 0xc0 ? 1 : 0;
}

const percent = 0x25;

function escapedByte(text: string, at: number): { readonly byte: number; readonly end: number } | undefined {
  if (text.charCodeAt(at) !== percent) return undefined;
  let end = at + 1;
  while (text.startsWith("25", end)) end += 2;
  const byte = hexadecimal(text, end, 2);
  if (byte !== undefined) return { byte, end: end + 2 };
  return end > at + 1 ? { byte: percent, end } : undefined;
}

const controls: Readonly<Record<string, string>> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };

/** Any number of backslashes counts as one: each layer of JSON doubles them. */
function backslashEscape(text: string, at: number): Escape {
  let end = at;
  while (text[end] === "\\") end += 1;
  const letter = text[end] ?? "";
  const control = controls[letter];
  if (control !== undefined) return { text: control, end: end + 1 };
  if (letter === '"' || letter === "/" || letter === "'") return { text: letter, end: end + 1 };
  const digits = letter === "u" ? 4 : letter === "x" ? 2 : 0;
  const code = digits === 0 ? undefined : hexadecimal(text, end + 1, digits);
  return code === undefined ? { text: "\\", end } : { text: String.fromCharCode(code), end: end + 1 + digits };
}

/** Those of ASCII that an encoder may use; `&amp;lt;` is `&lt;` escaped once more. */
const named: Readonly<Record<string, string>> = {
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
const entity = new RegExp(`&(?:amp;)*(?:#(\\d{1,7})|#x([0-9a-f]{1,6})|(${Object.keys(named).join("|")}));`, "iy");

function htmlEntity(text: string, at: number): Escape | undefined {
  entity.lastIndex = at;
  const match = entity.exec(text);
  if (match === null) return undefined;
  const [, decimal, hex, name = ""] = match;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  const meant = Number.isNaN(code) ? (named[name.toLowerCase()] ?? "") : character(code);
  return { text: meant, end: entity.lastIndex };
}

/** As `visible` writes what cannot be seen: `<U+000A>`. */
const codePoint = /<U\+([0-9A-F]{4,6})>/y;

function namedCodePoint(text: string, at: number): Escape | undefined {
  codePoint.lastIndex = at;
  const hex = codePoint.exec(text)?.[1];
  return hex === undefined ? undefined : { text: character(Number.parseInt(hex, 16)), end: codePoint.lastIndex };
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

function hexadecimal(text: string, at: number, digits: number): number | undefined {
  const part = text.slice(at, at + digits);
  return part.length === digits && /^[0-9A-Fa-f]+$/.test(part) ? Number.parseInt(part, 16) : undefined;
}
