import { shortenedView, type View, wholeView } from "./seal-view.js";

const PERCENT = 0x25;
const BACKSLASH = 0x5c;

const controls: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, f: 12, r: 13 };

/**
 * The text without the escapes of URLs and JSON, however many layers of them there are. What was escaped and what was
 * not become the same, so that a secret needs one form instead of one for every way to escape it.
 */
export function unescaped(text: string): View {
  const whole = wholeView(text);
  const decoded = text.includes("%") ? withoutPercents(whole) : whole;
  return decoded.text.includes("\\") ? withoutBackslashes(decoded) : decoded;
}

function withoutPercents(source: View): View {
  return rewritten(source, PERCENT, percentEscape);
}

function withoutBackslashes(source: View): View {
  return rewritten(source, BACKSLASH, backslashEscape);
}

/** What an escape stands for, in UTF-16, and where it ends. */
interface Escape {
  readonly units: readonly number[];
  readonly end: number;
}

/** The text with every escape that `read` finds at a `mark` undone. */
function rewritten(source: View, mark: number, read: (text: string, at: number) => Escape | undefined): View {
  const { text } = source;
  const codes = new Uint16Array(text.length);
  const places = new Uint32Array(text.length);
  let length = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const found = code === mark ? read(text, at) : undefined;
    for (const unit of found?.units ?? []) {
      codes[length] = unit;
      places[length] = at;
      length += 1;
    }
    if (found === undefined) {
      codes[length] = code;
      places[length] = at;
      length += 1;
    }
    at = found?.end ?? at + 1;
  }
  return shortenedView(Buffer.from(codes.buffer, 0, length * 2).toString("utf16le"), source, places);
}

/** The character, of one byte or of several, whose escape begins at `at`. */
function percentEscape(text: string, at: number): Escape | undefined {
  const first = escapedByte(text, at);
  if (first === undefined) return undefined;
  if (first.byte < 0x80) return { units: [first.byte], end: first.end };
  const bytes = [first.byte];
  let end = first.end;
  for (let missing = followers(first.byte); missing > 0; missing -= 1) {
    const next = escapedByte(text, end);
    if (next === undefined || next.byte >> 6 !== 2) break;
    bytes.push(next.byte);
    end = next.end;
  }
  const character = Buffer.from(bytes).toString();
  return { units: Array.from({ length: character.length }, (_, index) => character.charCodeAt(index)), end };
}

/** How many bytes of a character in UTF-8 come after its first. */
function followers(byte: number): number {
  if (byte >= 0xf0) return 3;
  if (byte >= 0xe0) return 2;
  return byte >= 0xc0 ? 1 : 0;
}

function escapedByte(text: string, at: number): { readonly byte: number; readonly end: number } | undefined {
  if (text.charCodeAt(at) !== PERCENT) return undefined;
  let end = at + 1;
  while (text.startsWith("25", end)) end += 2;
  const byte = hexadecimal(text, end, 2);
  if (byte !== undefined) return { byte, end: end + 2 };
  return end > at + 1 ? { byte: PERCENT, end } : undefined;
}

/** Any number of backslashes counts as one: each layer of JSON doubles them. */
function backslashEscape(text: string, at: number): Escape {
  let end = at;
  while (text.charCodeAt(end) === BACKSLASH) end += 1;
  const letter = text[end] ?? "";
  const control = controls[letter];
  if (control !== undefined) return { units: [control], end: end + 1 };
  if (letter === '"' || letter === "/" || letter === "'") return { units: [letter.charCodeAt(0)], end: end + 1 };
  const unit = letter === "u" ? hexadecimal(text, end + 1, 4) : undefined;
  return unit === undefined ? { units: [BACKSLASH], end } : { units: [unit], end: end + 5 };
}

function hexadecimal(text: string, at: number, digits: number): number | undefined {
  const part = text.slice(at, at + digits);
  return part.length === digits && /^[0-9A-Fa-f]+$/.test(part) ? Number.parseInt(part, 16) : undefined;
}
