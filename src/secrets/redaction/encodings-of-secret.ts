import { privateKeyLength, secretPartsOf } from "./der.js";
import { base64Forms, hexForms } from "./encodings.js";
import type { KeyFragment } from "./secret-index.js";
import { BREAK, SHORTEST_SECRET, stripWhitespace } from "./strip-whitespace.js";
import { unescaped } from "./unescape.js";

/** Shortest piece that counts, in digits: 18 bytes of a key in base64 or hex, about as much of a token. */
const SHORTEST = { base64: 24, hex: 36, token: 20 };

/** Keys per secret. An archive has a third of this; a text with thousands would block the process. */
const MOST_KEYS = 32;

/** Only this much of an archive is indexed; the mask covers the rest of a run of digits. */
const MOST_DIGITS = 64 * 1024;

const block = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([\s\S]*?)(?:-----END \1-----|$)/g;
const headerLine = /^[A-Za-z-]+:.*$/gm;

/**
 * The fragments by which an unguessable secret is found. For a key, its secret parts, which are the same in each of
 * its structures and in a JWK; for a credential, a token or an archive, its own digits. Escapes, line wraps and
 * further encodings are undone in the text instead.
 */
export function fragmentsOf(secret: string): KeyFragment[] {
  const text = unescaped(secret.slice(0, 4 * MOST_DIGITS)).text;
  const keys = keysIn(text);
  if (keys.length > 0) return keys.flatMap(secretPartsOf).flatMap(strandsOfBytes);
  return digitsIn(text).flatMap((digits) => strand(digits, SHORTEST.token));
}

/** The DER of the private keys in a text: PEM, or base64 of DER. */
function keysIn(text: string): Buffer[] {
  const blocks = [...text.matchAll(block)].slice(0, MOST_KEYS);
  if (blocks.length > 0) return blocks.map(([, , body = ""]) => Buffer.from(body.replace(headerLine, ""), "base64"));
  const bytes = Buffer.from(text, "base64");
  return privateKeyLength(bytes) === undefined ? [] : [bytes];
}

function strandsOfBytes(bytes: Buffer): KeyFragment[] {
  return [
    ...base64Forms(bytes).flatMap((digits) => strand(digits.replace(/=+$/, ""), SHORTEST.base64)),
    ...hexForms(bytes).flatMap((digits) => strand(digits, SHORTEST.hex)),
  ];
}

/** The runs of digits in a token. */
function digitsIn(text: string): string[] {
  const runs = Buffer.from(stripWhitespace(text).codes.subarray(0, MOST_DIGITS)).toString("latin1");
  return runs.split(String.fromCharCode(BREAK));
}

function strand(digits: string, shortest: number): KeyFragment[] {
  if (digits.length < SHORTEST_SECRET) return [];
  return [{ codes: Buffer.from(digits), shortest: Math.min(shortest, digits.length) }];
}

/** Armour hidden by base64 or hex: an unknown key follows it. */
export const armourFragments: readonly KeyFragment[] = [
  ...base64Forms(Buffer.from("PRIVATE KEY-----")),
  ...hexForms(Buffer.from("PRIVATE KEY-----")),
  Buffer.from("openssh-key-v1").toString("base64").slice(0, 18),
].map((digits) => ({ codes: Buffer.from(digits), shortest: digits.length, isArmour: true }));
