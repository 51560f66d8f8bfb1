import { privateKeyLength } from "./der.js";
import { rangeOf, runEnd, type StrippedText } from "./strip-whitespace.js";
import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/* Unknown private keys, found by their shape. */

/** Of PEM and of PuTTY. A space may be the `+` of a form. The bounded repetitions keep each match attempt short. */
const armour =
  /-[ +]?(?:(?<begin>BEGIN)|END)[ +]{1,4}(?:[A-Z0-9]{1,16}[ +]{1,4}){0,3}PRIVATE[ +]{1,4}KEY(?:[ +]BLOCK)?[ +]?-{1,8}|Private-(?:(?<lines>Lines: ?\d{1,4})|MAC:)/g;

/** The longest key between its armour: RSA with 16,384 bits. */
const LONGEST_BODY = 20_000;

/** Includes the characters of headers (`DEK-Info: AES-256-CBC,0F…`). */
const bodyCharacter = /[A-Za-z0-9+/=_\s\\:,-]/;

/** A line of a key that is quoted by itself, and no name of a member; a number has a point in it, or is shorter. */
const lineOfKey = /(?<![\w+/=.-])[\w+/-]{20,}={0,2}(?![\w+/=-]|\\*["']\s*:)/g;

/** What stands between two lines of a key that are quoted by themselves: in a list, in a program, in a mail. */
const betweenLines = /^["'`\s,;+|>\\]{1,40}$/;

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
    let end = bodyEnd(text, opened, limit);
    add(opened.index, end);
    for (const line of linesIn(text, end, Math.min(limit, end + LONGEST_BODY))) {
      if (!betweenLines.test(text.slice(end, line.from))) break;
      add(line.from, line.to);
      end = line.to;
    }
    opened = undefined;
  };
  for (const match of text.matchAll(armour)) {
    const { index } = match;
    const end = index + match[0].length;
    const begins = match.groups?.begin ?? match.groups?.lines;
    if (begins !== undefined) {
      cutOff(index);
      opened = match;
    } else if (opened !== undefined && index - opened.index <= LONGEST_BODY) {
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
      let start = bodyStart(text, index, previous);
      add(start, end);
      for (const line of linesIn(text, Math.max(previous, start - LONGEST_BODY), start).toReversed()) {
        if (!betweenLines.test(text.slice(line.to, start))) break;
        add(line.from, line.to);
        start = line.from;
      }
    }
    previous = end;
  }
  cutOff(text.length);
  return ranges;
}

function linesIn(text: string, from: number, to: number): Range[] {
  return [...text.slice(from, to).matchAll(lineOfKey)].map(({ index, 0: line }) => {
    return { from: from + index, to: from + index + line.length };
  });
}

/** Stops at `limit`, where the next one starts. */
function bodyEnd(text: string, { index, 0: line }: RegExpExecArray, limit: number): number {
  const start = index + line.length;
  const last = Math.min(limit, start + LONGEST_BODY);
  let at = start;
  while (at < last && bodyCharacter.test(text.charAt(at))) at += 1;
  // A quotation mark keeps its escape.
  if (text.charAt(at) === '"') while (at > start && text.charAt(at - 1) === "\\") at -= 1;
  return at;
}

function bodyStart(text: string, at: number, limit: number): number {
  const first = Math.max(limit, at - LONGEST_BODY);
  let start = at;
  while (start > first && bodyCharacter.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** The private members of a JWK, and those of a key in XML: what is public has other names. */
const privateMember =
  /(?:["']?\b(?:d|[dp-r]|d[pq]|qi|k|t)["']?\s*[:=]\s*["']?|<(?:\w+:)?(?:D|P|Q|D[PQ]|InverseQ|X)>\s*)([\w+/=-]{20,}(?:[ \t]*\r?\n[ \t]*[\w+/=-]+)*)/g;

/** Private keys as the numbers that they are made of, each with its name. */
export function namedParts(plain: UnescapedText): Range[] {
  const { text } = plain;
  if (!text.includes("kty") && !text.includes("KeyValue>")) return [];
  return [...text.matchAll(privateMember)].map(({ index, 0: whole, 1: number = "" }) => {
    const to = index + whole.length;
    return originalRange(plain, to - number.length, to);
  });
}

type Encoding = "base64" | "hex";

/** How a private key's DER may start in base64: a SEQUENCE that holds a version or another SEQUENCE. */
const possibleKey = /M(?:I[I-L]..(?:[AQgw]IBA|[DTjz][AB])|I[E-H].(?:AgE[ABD]|M)|[A-H].(?:CAQ|w))/g;

/** In hex: the version in it, or the name of its encryption, because digits like those it starts with are everywhere. */
const markInHex = /0(?:2010[013]|6092)/g;
/** How far before these marks it may start: after a length in one, two or three bytes. */
const beforeMark = { version: [4, 6, 8], encryption: [8, 10, 12] };

/** Enough to recognize a key, in bytes: RSA-PSS has the longest algorithm name. */
const HEAD = 120;

/** After this many possible starts of a key, the rest of the run is treated as one. */
const MOST_CANDIDATES = 4_096;

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
  for (const { index, 0: mark } of text.matchAll(markInHex)) {
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
  const perByte = encoding === "hex" ? 2 : 4 / 3;
  const ranges: Range[] = [];
  let candidates = 0;
  let done = 0;
  for (const index of starts) {
    if (index < done) continue;
    candidates += 1;
    const bytes = privateKeyLength(Buffer.from(text.slice(index, index + HEAD * perByte), encoding));
    if (bytes === undefined && candidates < MOST_CANDIDATES) continue;
    let whole = bytes === undefined ? runEnd(compact, index) : index + Math.ceil(bytes * perByte);
    for (let from: number | undefined = index; from !== undefined; ) {
      done = Math.min(whole, runEnd(compact, from));
      ranges.push(rangeOf(compact, plain, from, done));
      from = done < whole ? nextLine(compact, plain.text, done) : undefined;
      // For the break.
      whole += 1;
    }
  }
  return ranges;
}

/** Ends the name of a member, which is no line of a key. */
const memberName = /["']\s*:/y;

/** The next run if it goes on with the key whose line ends here: it is quoted by itself. */
function nextLine(compact: StrippedText, text: string, end: number): number | undefined {
  const { codes, places } = compact;
  const next = end + 1;
  if (next >= codes.length) return undefined;
  const start = places[next] ?? 0;
  if (!betweenLines.test(text.slice((places[end - 1] ?? 0) + 1, start)) || text.startsWith("---", start))
    return undefined;
  memberName.lastIndex = (places[runEnd(compact, next) - 1] ?? 0) + 1;
  return memberName.test(text) ? undefined : next;
}
