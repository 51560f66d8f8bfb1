import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hmacUnder, keptHmac } from "../../../src/cloud/signing/hmac.js";

/** Test cases 1, 2 and 6 of RFC 4231. */
const published = [
  {
    name: "a short key",
    key: Buffer.alloc(20, 0x0b),
    text: "Hi There",
    hmac: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    name: "a key that is text",
    key: "Jefe",
    text: "what do ya want for nothing?",
    hmac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    name: "a key longer than a block",
    key: Buffer.alloc(131, 0xaa),
    text: "Test Using Larger Than Block-Size Key - Hash Key First",
    hmac: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  },
];

const algorithms = fc.constantFrom("sha1" as const, "sha256" as const);
const encodings = fc.constantFrom("hex" as const, "base64" as const);
const keys = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }),
  // Around the length of a block.
  fc.uint8Array({ minLength: 62, maxLength: 66 }),
);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 100 }),
  // Half characters, which have no UTF-8.
  fc.array(fc.integer({ min: 0xd700, max: 0xe0ff })).map((units) => String.fromCharCode(...units)),
  // Around what fits into the room that is kept, in each width of a character.
  fc
    .tuple(fc.constantFrom("a", "é", "証", "🔑"), fc.integer({ min: 150, max: 1100 }))
    .map(([character, length]) => character.repeat(length)),
);

describe("HMAC", () => {
  for (const { name, key, text, hmac } of published) {
    it(`is as published for ${name}`, () => {
      expect(hmacUnder("sha256", key)(text, "hex")).toBe(hmac);
    });
  }

  it("is what createHmac gives, whatever was signed under the key before", () => {
    fc.assert(
      fc.property(
        algorithms,
        keys,
        fc.array(fc.tuple(texts, encodings), { minLength: 1 }),
        (algorithm, key, signed) => {
          const hmac = hmacUnder(algorithm, key);
          for (const [text, encoding] of signed) {
            expect(hmac(text, encoding)).toBe(createHmac(algorithm, key).update(text).digest(encoding));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is never that of the key or the hash before", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(algorithms, fc.constantFrom("one", "two"), texts), { minLength: 2 }), (calls) => {
        const kept = keptHmac();
        for (const [algorithm, key, text] of calls) {
          expect(kept(algorithm, key)(text, "hex")).toBe(createHmac(algorithm, key).update(text).digest("hex"));
        }
      }),
      { numRuns: 300 },
    );
  });
});
