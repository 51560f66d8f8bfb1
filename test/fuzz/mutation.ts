import fc from "fast-check";

/** Damage to texts that were sound: what attackers, bugs and broken lines do to them. */

/** Where in a text, as a fraction of its length, so that shrinking and length go together. */
const place = fc.double({ min: 0, max: 1, noNaN: true });

const pieces = [
  ...['"', "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-", "1e999", "9007199254740993", "\\u0000", "\\ud800"],
  ...[
    '"__proto__":{}',
    '"constructor":1',
    '{"a":',
    "[[[[[[[[",
    "\u202e",
    "\u0000",
    "\ud83d",
    "\ufeff",
    "\n",
    "\r\n",
    "=",
  ],
  ...[
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----",
    "-----",
    "MIIE",
    "MII",
  ],
  ...["-----BEGIN ENCRYPTED PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED\n", "PK\x03\x04", "UEsDB", "\xff\xfe"],
];
const piece = fc.oneof(
  fc.constantFrom(...pieces),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 2, max: 400 })).map(([text, times]) => text.repeat(times)),
);

type Edit = (text: string) => string;

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, piece).map(
    ([at, added]): Edit =>
      (text) =>
        spliced(text, at, 0, added),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 60 }), piece).map(
    ([at, length, added]): Edit =>
      (text) =>
        spliced(text, at, length, added),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 200 })).map(
    ([at, length]): Edit =>
      (text) =>
        spliced(text, at, length, ""),
  ),
  place.map(
    (at): Edit =>
      (text) =>
        text.slice(0, index(text, at)),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Edit =>
      (text) => {
        const copied = text.slice(index(text, Math.min(from, to)), index(text, Math.max(from, to)));
        return spliced(text, to, 0, copied.slice(0, 4_000));
      },
  ),
);

/** One of these texts, damaged in a few places; or, seldom, anything at all. */
export function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 })).map(apply),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.array(piece, { maxLength: 20 }).map((all) => all.join("")) },
  );
}

const apply = ([text, edits]: readonly [string, readonly Edit[]]) => edits.reduce((so, next) => next(so), text);

function index(text: string, at: number): number {
  return Math.floor(at * text.length);
}

function spliced(text: string, at: number, length: number, added: string): string {
  const start = index(text, at);
  return text.slice(0, start) + added + text.slice(start + length);
}
