import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { underestimate } from "../../src/reply/budget.js";
import { costOf, fitsBudget } from "../../src/reply/size.js";
import { runs } from "../support/width.js";
import { certificateRows, tokensOf } from "./support.js";

const letters = "abcdefghijklmnopqrstuvwxyz";
const upper = letters.toUpperCase();
const digits = "0123456789";
const signs = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\";

function between(first: number, end: number): string {
  return Array.from({ length: end - first }, (_, index) => String.fromCodePoint(first + index)).join("");
}

/** Text of each of these alphabets has no pattern that a tokenizer could make use of. */
const alphabets: Readonly<Record<string, string>> = {
  "lower case": letters,
  "upper case": upper,
  "both cases": letters + upper,
  digits,
  signs,
  hexadecimal: `${digits}abcdef`,
  base64: `${letters}${upper}${digits}+/`,
  vowels: "aeiou",
  "digits and spaces": `${digits} `,
  "letters and spaces": `${letters} `,
  "signs and spaces": `${signs} `,
  "all of ASCII": `${letters}${upper}${digits}${signs} `,
  controls: "\u0000\u0001\n\t\u001f",
  Latin: between(0xa1, 0x180),
  Cyrillic: between(0x400, 0x500),
  Chinese: between(0x4e00, 0xa000),
  Korean: between(0xac00, 0xd7a4),
  emoji: between(0x1f300, 0x1f6ff),
  "rare Chinese": between(0x20000, 0x20800),
  "private use": between(0xe000, 0xf8ff),
};

/** A fixed sequence that looks random, so that the figures are the same in each run. */
function randomText(length: number, alphabet: string): string {
  const characters = [...alphabet];
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return characters[state % characters.length] ?? "";
  };
  return Array.from({ length }, next).join("");
}

describe("the estimate of tokens", () => {
  it.each(Object.entries(alphabets))("covers random text: %s", (_name, alphabet) => {
    for (const length of [3, 8, 20, 100, 5_000]) {
      const values = Array.from({ length: length > 1_000 ? 1 : 100 }, (_, index) =>
        randomText(length + index * 7, alphabet).slice(index * 7),
      );
      expect(tokensOf(values) / costOf(values), `${length} characters`).toBeLessThanOrEqual(underestimate);
    }
  });

  it("is at most 1.6 times the true count for ordinary replies", () => {
    const rows = certificateRows(50);
    expect(costOf(rows) / tokensOf(rows)).toBeLessThan(1.6);
  });

  it("covers any JSON, but for a few tokens where there is little of it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary", maxDepth: 4 }), (value) => {
        expect(tokensOf(value)).toBeLessThanOrEqual(costOf(value) * underestimate + 5);
      }),
      { numRuns: runs(15, 1_000) },
    );
  });

  it("agrees with the quick answer of whether something fits", () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: "binary", maxDepth: 4 }));
    fc.assert(
      fc.property(members, fc.double({ min: 0.5, max: 1.5, noNaN: true }), (value, share) => {
        const cost = costOf(value);
        expect(fitsBudget(value, cost * share)).toBe(cost <= cost * share);
      }),
      { numRuns: runs(15, 2_000) },
    );
    const digits = { a: Array(500).fill(7) };
    expect(fitsBudget(digits, costOf(digits) - 1)).toBe(false);
  });
});
