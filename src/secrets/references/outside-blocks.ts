import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";

/** A line outside the blocks of a text. */
export interface OutsideLine {
  readonly text: string;
  /** From 1, as an editor shows it. */
  readonly number: number;
}

/** All that is outside, without what editors and formats insert into long values. */
interface Compacted {
  readonly text: string;
  /** The line in which a character of the text is. */
  readonly lineAt: (index: number) => number;
}

/**
 * Where an object begins outside the blocks, however it is encoded: it must not be left out as if it were a comment.
 * Only what cannot be anything else counts. The dumps of OpenSSL and keytool, bag attributes, digests and public keys
 * stand beside certificates, too, and may be left out.
 */
export function hiddenObject(outside: readonly OutsideLine[]): SafeText | undefined {
  const joined = compacted(outside, /\s+/g);
  return (
    pemInUrl(outside) ??
    pemInBase64(joined) ??
    derInBase64(joined) ??
    // Some print a colon after each byte.
    inHex(compacted(outside, /[\s:]+/g))
  );
}

function compacted(outside: readonly OutsideLine[], without: RegExp): Compacted {
  let length = 0;
  const parts = outside.map(({ text, number }) => {
    const part = { text: text.replace(without, ""), number, start: length };
    length += part.text.length;
    return part;
  });
  return {
    text: parts.map(({ text }) => text).join(""),
    lineAt: (index) => parts.findLast(({ start, text }) => start <= index && text !== "")?.number ?? 1,
  };
}

/** A boundary as in a URL, a form, a mail or a page. One in plain text was found before. */
const encodedBoundary = /(-|%(25)*2d|=2d|&#45;|&#x2d;){5}BEGIN(%(25)*20|\+|=20|&nbsp;|&#(160|32|x20|xa0);)[A-Z]/i;

function pemInUrl(outside: readonly OutsideLine[]): SafeText | undefined {
  const line = outside.find(({ text }) => encodedBoundary.test(text));
  return line && safe`line ${line.number} is PEM in another encoding, such as that of a URL`;
}

/** In base64, as it is after none, one or two other bytes. */
const beginInBase64 = ["LS0tLS1CRUdJTi", "0tLS0tQkVHSU4g", "tLS0tLUJFR0lOI"];

function pemInBase64({ text, lineAt }: Compacted): SafeText | undefined {
  const found = beginInBase64.map((begin) => text.indexOf(begin)).filter((index) => index >= 0);
  return found.length === 0 ? undefined : safe`line ${lineAt(Math.min(...found))} is PEM in base64 once more`;
}

const anyLength = "(?:80|[0-7].|81..|82.{4}|83.{6})";
/** Of a certificate and what is signed in it: neither fits into fewer bytes. */
const longLength = "(?:81..|82.{4}|83.{6})";
/**
 * How objects begin, in hex: more of it than tells the kinds apart, so that no other data passes for one. A revocation
 * list of the first version passes for a certificate of that version.
 */
const beginnings: readonly (readonly [string, string])[] = [
  [`30${longLength}30${longLength}(?:a00302010[0-2]02|02[01].)`, "CERTIFICATE"],
  [`30${anyLength}30${anyLength}02010030`, "CERTIFICATE REQUEST"],
  [`30${anyLength}30${anyLength}06..2a864886f70d01(?:05|0c)`, "ENCRYPTED PRIVATE KEY"],
  [`30${anyLength}02010[01]30${anyLength}06`, "PRIVATE KEY"],
  [`30${anyLength}02010002(?:[1-7].|8[12])`, "RSA PRIVATE KEY"],
  [`30${anyLength}02010104(?:1[0-9a-f]|[2-4].)`, "EC PRIVATE KEY"],
  [`30${anyLength}02010330`, "PKCS12"],
  [`30${anyLength}06092a864886f70d0107`, "PKCS7"],
];

/** As many characters as hold the longest of these beginnings. DER begins with 0x30, which is an M. */
const base64Start = /(?=(M[A-P][A-Za-z0-9+/_-]{26}))/g;
const startsInHex = beginnings.map(([start, label]) => [new RegExp(`^${start}`), label] as const);

function derInBase64({ text, lineAt }: Compacted): SafeText | undefined {
  for (const { 1: start = "", index } of text.matchAll(base64Start)) {
    const bytes = Buffer.from(start, "base64").toString("hex");
    const label = startsInHex.find(([beginning]) => beginning.test(bytes))?.[1];
    if (label !== undefined) return withoutBoundary(lineAt(index), label);
  }
  return undefined;
}

const pemInHex = /(?:2d){5}424547494e20/i;
const derInHex = beginnings.map(([start, label]) => [new RegExp(start, "i"), label] as const);

function inHex({ text, lineAt }: Compacted): SafeText | undefined {
  const pem = pemInHex.exec(text);
  if (pem !== null) return safe`line ${lineAt(pem.index)} is PEM in hexadecimal digits`;
  for (const [beginning, label] of derInHex) {
    const der = beginning.exec(text);
    if (der !== null) return withoutBoundary(lineAt(der.index), label);
  }
  return undefined;
}

const withoutBoundary = (line: number, label: string) =>
  safe`line ${line} starts a block (${verbatim(label)}) that has no BEGIN line of the form -----BEGIN CERTIFICATE-----`;
