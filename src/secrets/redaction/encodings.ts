import { privateKeyLength, secretPartsOf } from "./der.js";
import type { KeyFragment } from "./secret-index.js";
import { BREAK, SHORTEST_SECRET, stripWhitespace } from "./stripped-text.js";
import { type Range, unescaped } from "./unescape.js";

/** Shortest piece that counts, in digits: 18 bytes of a key in base64, hex or decimal, about as much of a token. */
const SHORTEST = { base64: 24, hex: 36, decimal: 44, token: 20 };

/** Keys per secret. An archive has a third of this; a text with thousands would block the process. */
const MAX_KEYS = 32;

/** Only this much of an archive is indexed; the mask covers the rest of a run of digits. */
const MAX_DIGITS = 64 * 1024;

const block = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([\s\S]*?)(?:-----END \1-----|$)/g;
const headerLine = /^[A-Za-z-]+:.*$/gm;

/**
 * The fragments by which an unguessable secret is found. For a key, its secret parts, which are the same in each of
 * its structures and in a JWK; for a credential, a token or an archive, its own digits. Escapes, line wraps and
 * further encodings are undone in the text instead.
 */
export function fragmentsOf(secret: string): KeyFragment[] {
  const text = unescaped(secret.slice(0, 4 * MAX_DIGITS)).text;
  const keys = keysIn(text);
  if (keys.length > 0) return keys.flatMap(secretPartsOf).flatMap(fragmentsOfBytes);
  return digitsIn(text).flatMap((digits) => fragmentOf(digits, SHORTEST.token));
}

/** The DER of the private keys in a text: PEM, or base64 of DER. */
function keysIn(text: string): Buffer[] {
  const blocks = [...text.matchAll(block)].slice(0, MAX_KEYS);
  if (blocks.length > 0) return blocks.map(([, , body = ""]) => Buffer.from(body.replace(headerLine, ""), "base64"));
  const bytes = Buffer.from(text, "base64");
  return privateKeyLength(bytes) === undefined ? [] : [bytes];
}

function fragmentsOfBytes(bytes: Buffer): KeyFragment[] {
  return [
    ...base64Forms(bytes).flatMap((digits) => fragmentOf(digits.replace(/=+$/, ""), SHORTEST.base64)),
    ...hexForms(bytes).flatMap((digits) => fragmentOf(digits, SHORTEST.hex)),
    ...decimalForms(bytes).flatMap((digits) => fragmentOf(digits, SHORTEST.decimal)),
  ];
}

/** A part of the longest key; what is longer is no number. */
const LONGEST_NUMBER = 2048;

function decimalForms(bytes: Buffer): string[] {
  return bytes.length > LONGEST_NUMBER ? [] : [BigInt(`0x${bytes.toString("hex")}`).toString()];
}

/** The base64 of bytes inside something longer: it depends on the number of bytes before them, modulo 3. */
export function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Only characters that encode nothing but these bytes.
    return padded.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  });
}

/** The hex of bytes, in either letter case. */
export function hexForms(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase()];
}

function digitsIn(text: string): string[] {
  const runs = Buffer.from(stripWhitespace(text).codes.subarray(0, MAX_DIGITS)).toString("latin1");
  return runs.split(String.fromCharCode(BREAK));
}

function fragmentOf(digits: string, shortest: number): KeyFragment[] {
  if (digits.length < SHORTEST_SECRET) return [];
  return [{ codes: Buffer.from(digits), shortest: Math.min(shortest, digits.length) }];
}

/** Armour hidden by base64 or hex: an unknown key follows it. */
export const armourFragments: readonly KeyFragment[] = [
  ...base64Forms(Buffer.from("PRIVATE KEY-----")),
  ...hexForms(Buffer.from("PRIVATE KEY-----")),
  Buffer.from("openssh-key-v1").toString("base64").slice(0, 18),
  ...hexForms(Buffer.from("openssh-key-v1")),
].map((digits) => ({ codes: Buffer.from(digits), shortest: digits.length, isArmour: true }));

/** Possible base64 or hex text, on one line or several. */
const encodedRun = /[\w+/-]+(?:\r?\n[ \t]*[\w+/-]+)*/y;

/**
 * How a file that holds private keys starts in base64 or hex: JKS, JCEKS, PVK, the two key blobs of Windows, and what
 * may hold a key that is compressed, gzip and ZIP.
 */
const keyFile = /^(?:[/_]u3[+-]7Q|zs7Oz|HvG1s|BwIAAA[A-D][ik]|H4sI|UEsD)/;
const keyFileInHex = /^(?:feedfeed|cececece|1ef1b5b0|0702000000[a2]4|1f8b08|504b0304)/i;

/** A shorter run holds no key, but a digest may start like one. */
const SHORTEST_FILE = 100;

/** Bytes to check when telling text from binary data. */
const SAMPLE = 9;

/**
 * What is encoded in base64 or hex within a text: texts, files that hold private keys (without their text); other
 * binary data is skipped. UTF-16 counts as text.
 * @param starts of the runs that are long enough to hold a secret
 */
export function* encodedTexts(
  text: string,
  starts: readonly number[],
): Generator<Range & { readonly text: string | undefined }> {
  let done = 0;
  for (const from of starts) {
    if (from < done) continue;
    encodedRun.lastIndex = from;
    const [run = ""] = encodedRun.exec(text) ?? [];
    done = from + run.length;
    if (run.length >= SHORTEST_FILE && (keyFile.test(run) || keyFileInHex.test(run))) {
      yield { from, to: done, text: undefined };
      continue;
    }
    const bytes = decodeRun(run.replace(/\s+/g, ""));
    if (bytes === undefined) continue;
    yield { from, to: done, text: bytes.toString("latin1").replaceAll("\0", "") };
  }
}

/**
 * The start of the encoding within a run is unknown: it may be cut off, or other characters may touch it. The text may
 * follow a byte order mark, of two or three bytes.
 */
function decodeRun(run: string): Buffer | undefined {
  if (/^[0-9a-fA-F]+$/.test(run)) {
    const start = [0, 1, 4, 6].find((each) => Buffer.from(run.slice(each, each + 2 * SAMPLE), "hex").every(isOfText));
    if (start !== undefined) return Buffer.from(run.slice(start % 2), "hex");
  }
  // Decoded with the mark: the text that follows it begins in the middle of a group of digits.
  const skipped = [0, 1, 2, 3, 4].find((start) => isTextAt(run, start));
  return skipped === undefined ? undefined : Buffer.from(run.slice(skipped % 4), "base64");
}

/** Whether base64 from `start` decodes to text. Checks a sample, because decoding all of it takes long. */
function isTextAt(run: string, start: number): boolean {
  return Buffer.from(run.slice(start, start + (SAMPLE * 4) / 3), "base64").every(isOfText);
}

function isOfText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
