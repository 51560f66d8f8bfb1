import { isCutOffKey, privateKeyLength } from "./der.js";
import { rangeOf, runEnd, type StrippedText } from "./stripped-text.js";
import { originalRange, type Range, type UnescapedText } from "./unescape.js";

type Encoding = "base64" | "hex";
const digitsPerByte: Readonly<Record<Encoding, number>> = { base64: 4 / 3, hex: 2 };

/* Unknown private keys, found by their shape; those that are written as numbers with names are in named-parts.ts. */

/** Of PEM and of PuTTY. A space may be the `+` of a form. The bounded repetitions keep each match attempt short. */
const armour =
  /-[ +]?(?:(?<begin>BEGIN)|END)[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}|Private-(?:(?<lines>Lines: ?\d{1,4})|MAC:)/g;

/** The longest key between its armour: RSA with 16,384 bits. */
const MAX_BODY_LENGTH = 20_000;

/** Includes the characters of headers (`DEK-Info: AES-256-CBC,0F…`). */
const bodyCharacter = /[A-Za-z0-9+/=_\s\\:,-]/;

/** A line of a key that is quoted by itself; a number has a point in it, or is shorter. */
const keyLine = /(?<![\w+/-]|(?<![\w+/])\d{1,20}\.)[\w+/-]{20,}={0,2}(?![\w+/=-])/g;

/** The same in hex, with or without something between its bytes. */
const hexLine = /(?<![\w:])[0-9a-f]{2}(?:[: -]?[0-9a-f]{2}){9,}(?!\w)/gi;

/**
 * What else may stand among the lines of a key and be as long: a digest, an identifier, a name. Letters of both cases
 * and digits are rare in them, and missing from few lines.
 */
const notKeyLine = /^(?:[0-9a-f-]+$|[^a-z]*$|[^A-Z]*$|[^0-9]{0,39}$)/;

/**
 * The words, numbers and hyphens that the name of a member is made of. A key that was read as settings has its lines as
 * names. Each part begins at one place only, so that the expression does not try others.
 */
const part = String.raw`(?:[A-Z]|(?<![A-Za-z]))[a-z]{2,}(?![a-z])|(?<![A-Z])[A-Z]+s?(?![a-z])|(?<!\d)\d+(?!\d)|[a-z](?=\d)|[_-]`;
const isPartsOnly = new RegExp(`^(?:${part})+$`);
const eachPart = new RegExp(part, "g");
/** In characters, on the average: digits of base64 look like words, too, but like shorter ones. */
const SHORTEST_PART = 3;
const endsName = /\\*["']\s{0,40}:/y;

function isMemberName(text: string, from: number, to: number): boolean {
  endsName.lastIndex = to;
  if (!endsName.test(text)) return false;
  const name = text.slice(from, to);
  return isPartsOnly.test(name) && (name.match(eachPart) ?? []).length * SHORTEST_PART <= name.length;
}

/** What stands between two lines of a key that are quoted by themselves: in a list, in a program, in a mail. */
const betweenLines = /^["'`\s,;:.+|>\\]{1,40}$/;

/** Private keys with their armour, whole or cut off at either end. A mask never contains a quotation mark. */
export function armouredKeys(plain: UnescapedText): Range[] {
  const { text } = plain;
  if (!text.includes("PRIVATE") && !text.includes("Private-")) return [];
  const ranges: Range[] = [];
  const add = (from: number, to: number) => ranges.push(originalRange(plain, from, to));
  let opened: RegExpExecArray | undefined;
  let previous = 0;
  const cutOff = (limit: number) => {
    if (opened === undefined) return;
    const body = opened.index + opened[0].length;
    const end = bodyEnd(text, opened, limit);
    add(opened.index, end);
    const last = bodyLimit(text, end, limit);
    const { lines } = linesAfter(text, end, last, "base64", text.slice(body, end));
    for (const line of lines) add(line.from, line.to);
    opened = undefined;
  };
  for (const match of text.matchAll(armour)) {
    const { index } = match;
    const end = index + match[0].length;
    const begins = match.groups?.begin ?? match.groups?.lines;
    if (begins !== undefined) {
      cutOff(index);
      opened = match;
    } else if (opened !== undefined && index - opened.index <= MAX_BODY_LENGTH) {
      const quoted = text.slice(opened.index, index).includes('"');
      if (quoted) {
        // Whatever else stands between the lines: all of them are the key's.
        const from = bodyEnd(text, opened, index);
        add(opened.index, from);
        for (const line of linesIn(text, from, index)) add(line.from, line.to);
      }
      add(quoted ? bodyStart(text, index, previous) : opened.index, end);
      opened = undefined;
    } else {
      cutOff(index);
      const start = bodyStart(text, index, previous);
      add(start, end);
      for (const line of linesBefore(text, start, previous)) add(line.from, line.to);
    }
    previous = end;
  }
  cutOff(text.length);
  return ranges;
}

function* linesIn(text: string, from: number, to: number, encoding: Encoding = "base64"): Generator<Range> {
  const pattern = encoding === "hex" ? hexLine : keyLine;
  for (const { index, 0: line } of text.slice(from, to).matchAll(pattern)) {
    const range = { from: from + index, to: from + index + line.length };
    if (encoding === "hex" || !isMemberName(text, range.from, range.to)) yield range;
  }
}

/** Other documents in PEM keep their lines. */
const otherArmour = /-----(?:BEGIN|END) /;

/** Where the lines of a key end at the latest that was found up to `from`. */
function bodyLimit(text: string, from: number, limit: number): number {
  const last = Math.min(limit, from + MAX_BODY_LENGTH);
  const other = text.slice(from, last).search(otherArmour);
  return other < 0 ? last : from + other;
}

/**
 * The lines with which a key goes on, whatever stands between them, up to its length if its first bytes tell it.
 * @param known what was found of it
 */
function linesAfter(text: string, from: number, to: number, encoding: Encoding, known: string) {
  const lines: Range[] = [];
  let digits = digitsOf(known, encoding);
  let length = digitsOfKey(digits, encoding);
  const isComplete = () => length !== undefined && digits.length >= length;
  const digitsIn = (line: Range) => digitsOf(text.slice(line.from, line.to), encoding);
  // The last one is shorter than the others, and may have the form of a word.
  const isLast = (line: Range) => length !== undefined && digits.length + digitsIn(line).length === length;
  for (const line of likelyLines(text, from, to, encoding, isLast)) {
    if (isComplete()) break;
    lines.push(line);
    digits += digitsIn(line);
    length ??= digitsOfKey(digits, encoding);
  }
  return { lines, isComplete: isComplete() };
}

/** The lines with which a key that ends here may have begun. */
function* linesBefore(text: string, to: number, limit: number): Generator<Range> {
  const first = Math.max(limit, to - MAX_BODY_LENGTH);
  const other = Math.max(...["-----BEGIN ", "-----END "].map((each) => text.slice(first, to).lastIndexOf(each)), 0);
  let start = to;
  for (const line of [...linesIn(text, first + other, to)].toReversed()) {
    const isNext = betweenLines.test(text.slice(line.to, start));
    if (!isNext && !isLine(text.slice(line.from, line.to), "base64")) continue;
    yield line;
    start = line.from;
  }
}

/** What has the form of a line or follows one as in a list. */
function* likelyLines(
  text: string,
  from: number,
  to: number,
  encoding: Encoding,
  isKnown: (line: Range) => boolean = () => false,
): Generator<Range> {
  let end = from;
  for (const line of linesIn(text, from, to, encoding)) {
    const follows = betweenLines.test(text.slice(end, line.from));
    if (!follows && !isLine(text.slice(line.from, line.to), encoding) && !isKnown(line)) continue;
    yield line;
    end = line.to;
  }
}

function isLine(written: string, encoding: Encoding): boolean {
  return !(encoding === "hex" ? identifier : notKeyLine).test(written);
}

const identifier = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function digitsOf(written: string, encoding: Encoding): string {
  return written.replace(encoding === "hex" ? /[^0-9a-f]/gi : /[^\w+/-]/g, "");
}

/** How many digits the key has that starts with these digits. */
function digitsOfKey(digits: string, encoding: Encoding): number | undefined {
  const bytes = privateKeyLength(Buffer.from(digits.slice(0, Math.ceil(HEAD * digitsPerByte[encoding])), encoding));
  return bytes && Math.ceil(bytes * digitsPerByte[encoding]);
}

/** Stops at `limit`, where the next one starts. */
function bodyEnd(text: string, { index, 0: line }: RegExpExecArray, limit: number): number {
  const start = index + line.length;
  const last = Math.min(limit, start + MAX_BODY_LENGTH);
  let at = start;
  while (at < last && bodyCharacter.test(text.charAt(at))) at += 1;
  // A quotation mark keeps its escape.
  if (text.charAt(at) === '"') while (at > start && text.charAt(at - 1) === "\\") at -= 1;
  return at;
}

function bodyStart(text: string, at: number, limit: number): number {
  const first = Math.max(limit, at - MAX_BODY_LENGTH);
  let start = at;
  while (start > first && bodyCharacter.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** How a private key's DER may start in base64: a SEQUENCE that holds a version or another SEQUENCE. */
const possibleKey = /M(?:I[I-L]..(?:[AQgw]IBA|[DTjz][AB])|I[E-H].(?:AgE[ABD]|M)|[A-H].(?:CAQ|w))/g;

/** In hex: the version in it, or the name of its encryption, because digits like those it starts with are everywhere. */
const hexMark = /0(?:2010[013]|6092)/g;
/** How far before these marks it may start: after a length in one, two or three bytes. */
const beforeMark = { version: [4, 6, 8], encryption: [8, 10, 12] };

/** Enough to recognize a key, in bytes: RSA-PSS has the longest algorithm name. */
const HEAD = 120;

/** Where these are at most, if they are on several lines with something else between them. */
const HEAD_IN_LINES = 1_000;

/** After this many possible starts of a key, the rest of the run is treated as one. */
const MAX_CANDIDATES = 4_096;

/** Private keys without armour, recognized by the first bytes of their DER. */
export function bareKeys(compact: StrippedText, plain: UnescapedText): Range[] {
  const { codes } = compact;
  const text = Buffer.from(codes.buffer, 0, codes.length).toString("latin1");
  return [
    ...keysFrom(startsInBase64(text), text, "base64", compact, plain),
    ...keysFrom(startsInHex(text), text, "hex", compact, plain),
  ];
}

function* startsInBase64(text: string): Generator<number> {
  for (const { index } of text.matchAll(possibleKey)) yield index;
}

function* startsInHex(text: string): Generator<number> {
  for (const { index, 0: mark } of text.matchAll(hexMark)) {
    for (const digits of mark.startsWith("02") ? beforeMark.version : beforeMark.encryption) {
      if (index >= digits && text.startsWith("30", index - digits)) yield index - digits;
    }
  }
}

function keysFrom(
  starts: Iterable<number>,
  text: string,
  encoding: Encoding,
  compact: StrippedText,
  plain: UnescapedText,
): Range[] {
  const perByte = digitsPerByte[encoding];
  const head = Math.ceil(HEAD * perByte);
  const ranges: Range[] = [];
  /** The length of a key of which only the first bytes are on one line. */
  const lengthOverLines = (start: number, firstLine: string) => {
    if (firstLine.length >= head || !isCutOffKey(Buffer.from(firstLine, encoding))) return undefined;
    let digits = firstLine;
    const from = (compact.places[start + firstLine.length - 1] ?? 0) + 1;
    for (const line of likelyLines(plain.text, from, from + HEAD_IN_LINES, encoding)) {
      digits += digitsOf(plain.text.slice(line.from, line.to), encoding);
      if (digits.length >= head) break;
    }
    return privateKeyLength(Buffer.from(digits.slice(0, head), encoding));
  };
  let candidates = 0;
  let done = 0;
  /** `done` as a position in the plain text, where other lines are found. */
  let doneInText = 0;
  /** Every line up to here is already in a range. */
  let taken = 0;
  for (const index of starts) {
    if (index < done || (doneInText > 0 && (compact.places[index] ?? 0) < doneInText)) continue;
    candidates += 1;
    const [line = ""] = text.slice(index, index + head).split(" ", 1);
    const bytes = privateKeyLength(Buffer.from(line, encoding)) ?? lengthOverLines(index, line);
    if (bytes === undefined && candidates < MAX_CANDIDATES) continue;
    let whole = bytes === undefined ? runEnd(compact, index) : index + Math.ceil(bytes * perByte);
    for (let from: number | undefined = index; from !== undefined; ) {
      done = Math.min(whole, runEnd(compact, from));
      ranges.push(rangeOf(compact, plain, from, done));
      from = done < whole ? nextLine(compact, plain.text, done, encoding) : undefined;
      // For the break.
      if (from !== undefined) whole += 1;
    }
    const lastAt = compact.places[done - 1] ?? 0;
    const start = compact.places[index] ?? 0;
    const inLines = done < whole ? undefined : linesFound(plain.text, start, lastAt, encoding);
    const expected = bytes === undefined ? 0 : Math.ceil(bytes * perByte);
    const count = inLines?.digits.length ?? 0;
    if (inLines !== undefined && (count <= expected / 2 || expected - count < SHORTEST_LINE)) continue;
    doneInText = inLines?.to ?? lastAt + 1;
    const from = Math.max(doneInText, taken);
    const last = bodyLimit(plain.text, from, doneInText + MAX_BODY_LENGTH);
    const known = inLines?.digits ?? text.slice(index, done);
    const { lines, isComplete } = linesAfter(plain.text, from, last, encoding, known);
    ranges.push(...lines.map(({ from: start, to }) => originalRange(plain, start, to)));
    doneInText = lines.at(-1)?.to ?? doneInText;
    if (!isComplete) taken = last;
  }
  return ranges;
}

/** In digits. */
const SHORTEST_LINE = 20;

/** The lines of a key, without what else stands between them that looks like digits, such as a command. */
function linesFound(text: string, from: number, lastAt: number, encoding: Encoding) {
  let digits = "";
  let to = from;
  for (const line of linesIn(text, from, Math.min(text.length, lastAt + MAX_LINE), encoding)) {
    if (line.from > lastAt) break;
    digits += digitsOf(text.slice(line.from, line.to), encoding);
    to = line.to;
  }
  return { digits, to };
}

/** In characters, with everything that stands between them in hex. */
const MAX_LINE = 400;

/** The next run if it goes on with the key whose line ends here: it is quoted by itself. */
function nextLine(compact: StrippedText, text: string, end: number, encoding: Encoding): number | undefined {
  const { codes, places } = compact;
  const next = end + 1;
  if (next >= codes.length) return undefined;
  const start = places[next] ?? 0;
  if (!betweenLines.test(text.slice((places[end - 1] ?? 0) + 1, start)) || text.startsWith("---", start))
    return undefined;
  const to = (places[runEnd(compact, next) - 1] ?? 0) + 1;
  return encoding === "base64" && isMemberName(text, start, to) ? undefined : next;
}
