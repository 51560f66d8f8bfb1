import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/* Finds unknown private keys that are written as named numbers: in a JWK, in XML, in the output of OpenSSL. */

/** A quotation mark, with the escapes that may be left of it. */
const quotation = String.raw`\\*["'\x60]`;

/** A number in base64 or hex; a shorter one is no secret. */
const number = String.raw`(?<number>[\w+/-]{20,}={0,2})`;

/** What stands between a name and its number in the notations of data and programs: no digit of base64url. */
const between = String.raw`(?:\\*(?:[^\w+/\\-]|-(?![\w+/-]))){1,24}?`;

/** One word may stand there, too: `{"name":"d","value":"…"}`, `d=b'…'`. After a public name, the number is public. */
const word = String.raw`(?:(?!(?:n|e|x|y|x5\w{1,6}|kid)\b)\w{1,16}${between})?`;

/** The private members of a JWK: what is public has other names. */
const jwkNames = `(?:d|[dp-r]|d[pq]|qi|inverseq|k|t)`;
const jwkMember = String.raw`(?<![\w+/-])${jwkNames}${between}${word}${number}`;
/** As a row with the value before the name. */
const jwkRow = String.raw`(?<![\w+/-])${number}(?=${quotation}\s*,\s*(?:${quotation})?\w{1,16}(?:${quotation})?\s*[:=]\s*${quotation}${jwkNames}${quotation})`;

const xmlElement = String.raw`<(?:\w+:)?(?:D|P|Q|D[PQ]|InverseQ|X)>\s*${number}`;

/** The names of PKCS#1, as OpenSSL and many programs write them. */
const pkcs1Names = String.raw`(?:(?<![a-z])priv|private[_ ]?exponent|prime[_ ]?(?:\d|[pq]\b)|exponent[_ ]?(?:\d|[pq]\b)|(?:crt[_ ]?)?coefficient_?\d?)`;
/** Bytes in hex with colons; one may end a line. No name of a member. */
const bytes = String.raw`[0-9a-f]{2}(?::[0-9a-f]{2})*:?(?!\w|${quotation}\s*[:=])`;
const numberInFull = `${pkcs1Names}${between}(?:(?=(?:[0-9a-f]{2}:){3})(?<bytes>${bytes})|${number})`;

/** As Go and Python write them, in decimal or hex, with what names a curve or other public numbers beside them. */
const programNames = "(?:d|p|q|d[pq]|qinv|primes|dmp1|dmq1|iqmp|private_value)";
const numberInProgram = String.raw`(?<![\w+/-])${programNames}${between}(?:0x)?(?<number>\d{60,}|[0-9a-f]{64,})(?!\w)`;

/** How the number is written, in brackets after its name; a digest of the key has other words there. */
const notation = String.raw`(?:\s{0,4}[([](?:hex(?:adecimal)?|base64(?:url)?|raw|bytes|d|scalar|sm2|ecc?|p-?\d{3}|\d{2,3}[ -]?(?:bits?|bytes?))[)\]])?`;

/** The whole secret of an elliptic curve, which needs no other number beside it. */
const numberOfCurve = String.raw`(?<![a-z])priv(?:ate)?(?:[_ -]?key)?${notation}${between}(?:0x)?(?<number>[\w+/-]{43,}={0,2})`;

/** How a number goes on: on the next line, in a string that is joined, or in a list. A colon would follow a name. */
const moreDigits = new RegExp(
  String.raw`(?:[ \t]*\\?\r?\n[ \t]*|(?:${quotation}){1,2}[\s+.&\\]*[ub]?(?:${quotation}){1,2}|${quotation}\s*,\s*${quotation}(?=[\w+/-]{20})|\s*,\s*(?=\d{60}))(?<more>[\w+/-]+={0,2})(?![\w+/=-]|(?:${quotation}){0,2}\s*[:=]|[ \t]+\w)`,
  "y",
);
const moreBytes = new RegExp(String.raw`\W{1,60}(?<more>${bytes})`, "iy");

interface Notation {
  /** A text with such a number has one of these as a word, in whatever case. */
  readonly marks: readonly string[];
  readonly pattern: RegExp;
}

const notations: readonly Notation[] = [
  {
    marks: ["kty", "crv", 'qi"', "qi\\", "inverseq"],
    pattern: new RegExp(`${jwkMember}|${jwkRow.replace("<number>", "<before>")}`, "gi"),
  },
  { marks: ["keyvalue>", "rsaparameters>"], pattern: new RegExp(xmlElement, "g") },
  { marks: ["xponent", "priv"], pattern: new RegExp(numberInFull, "gi") },
  { marks: ["primes", "curve", "privatenumbers"], pattern: new RegExp(numberInProgram, "gi") },
  { marks: ["priv"], pattern: new RegExp(numberOfCurve, "gi") },
];

/** Private keys as the numbers that they are made of, each with its name. A mask never contains a quotation mark. */
export function namedParts(plain: UnescapedText): Range[] {
  const { text } = plain;
  const lowerCase = text.toLowerCase();
  return notations
    .filter(({ marks }) => marks.some((mark) => hasWord(lowerCase, mark)))
    .flatMap(({ pattern }) => [...text.matchAll(pattern)].flatMap((match) => [...partsOf(text, match)]))
    .map(({ from, to }) => originalRange(plain, from, to));
}

/** Base64 has every short word somewhere, between other digits. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = text.slice(Math.max(0, at - CONTEXT), at + word.length + CONTEXT);
    if (!digitsAround.test(around)) return true;
  }
  return false;
}

/** Characters to look at on each side of a word: more than the longest name of a number has. */
const CONTEXT = 20;
const digitsAround = /^[\w+/-]{20,}$/;

function* partsOf(text: string, { index, 0: whole, groups = {} }: RegExpExecArray): Generator<Range> {
  const { number: digits, before, bytes: inHex } = groups;
  let to = index + whole.length;
  yield { from: to - (digits ?? inHex ?? before ?? "").length, to };
  const goesOn = inHex === undefined ? moreDigits : moreBytes;
  for (;;) {
    goesOn.lastIndex = to;
    const { more } = goesOn.exec(text)?.groups ?? {};
    if (more === undefined) return;
    to = goesOn.lastIndex;
    yield { from: to - more.length, to };
  }
}
