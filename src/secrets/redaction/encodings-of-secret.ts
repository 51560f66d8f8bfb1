import { privateKeyLength, secretPartsOf } from "./der.js";
import { base64Forms, hexForms } from "./encodings.js";
import type { KeyFragment } from "./secret-index.js";
import { BREAK, stripWhitespace } from "./strip-whitespace.js";
import { unescaped } from "./unescape.js";

/** Digits of a piece that counts: 18 bytes of a key in base64 or hex, as much of a token. */
const SHORTEST = { base64: 24, hex: 36, token: 20 };

/** A shorter secret is none of those that cannot be guessed, and looking for it would tell whoever guesses it. */
const SHORTEST_SECRET = 12;

/** Keys in one secret; an archive has a third of this, and a text of thousands would stand still here. */
const MOST_KEYS = 32;

/** Of an archive so much is looked for; that the rest of a run of digits goes with it is the mask's doing. */
const MOST_DIGITS = 64 * 1024;

const block = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([\s\S]*?)(?:-----END \1-----|$)/g;
const headerLine = /^[A-Za-z-]+:.*$/gm;

/**
 * What a secret that cannot be guessed is looked for by. A key by what is secret in it, which is the same in each of its
 * structures and in a JWK; a credential, a token or an archive by its own digits. All that is escaped, wrapped or encoded
 * once more is undone in the text instead.
 */
export function fragmentsOf(secret: string): KeyFragment[] {
  const text = unescaped(secret.slice(0, 4 * MOST_DIGITS)).text;
  const keys = keysIn(text);
  if (keys.length > 0) return keys.flatMap(secretPartsOf).flatMap(strandsOfBytes);
  return digitsIn(text).flatMap((digits) => strand(digits, SHORTEST.token));
}

/** The DER of the private keys in a text: PEM, or the base64 of DER. */
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

/** The runs of digits that a token is made of. */
function digitsIn(text: string): string[] {
  const runs = Buffer.from(stripWhitespace(text).codes.subarray(0, MOST_DIGITS)).toString("latin1");
  return runs.split(String.fromCharCode(BREAK));
}

function strand(digits: string, shortest: number): KeyFragment[] {
  if (digits.length < SHORTEST_SECRET) return [];
  return [{ codes: Buffer.from(digits), shortest: Math.min(shortest, digits.length) }];
}

/** Armour that base64 or hex hides: a key that nobody knows comes after it. */
export const armourFragments: readonly KeyFragment[] = [
  ...base64Forms(Buffer.from("PRIVATE KEY-----")),
  ...hexForms(Buffer.from("PRIVATE KEY-----")),
  Buffer.from("openssh-key-v1").toString("base64").slice(0, 18),
].map((digits) => ({ codes: Buffer.from(digits), shortest: digits.length, isArmour: true }));
