import fc from "fast-check";
import { expect, it } from "vitest";
import { Seal } from "../../src/secrets/seal.js";
import { PieceIndex } from "../../src/secrets/seal-index.js";
import { LITERAL_WIDTH, type Literal } from "../../src/secrets/seal-literals.js";
import { stretchesIn } from "../../src/secrets/seal-repeats.js";

/** Texts of two letters are full of repetitions, of near ones, and of occurrences that overlap. */
const letters = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom("a", "b"), { minLength, maxLength }).map((all) => all.join(""));
const repeated = fc.tuple(letters(1, 4), fc.integer({ min: 1, max: 40 }), letters(0, 2));
const pattern = fc.oneof(
  letters(LITERAL_WIDTH, 80),
  repeated.map(([unit, times, end]) => unit.repeat(times) + end).filter(({ length }) => length >= LITERAL_WIDTH),
);
const text = fc
  .array(
    fc.oneof(
      letters(1, 12),
      repeated.map(([unit, times, end]) => unit.repeat(times) + end),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

function covered(found: readonly (readonly [number, number])[], length: number): string {
  const marks = new Array<string>(length).fill("-");
  for (const [from, to] of found) marks.fill("x", from, to);
  return marks.join("");
}

it("finds all that the occurrences of a pattern cover, and nothing else", () => {
  const holds = (patterns: readonly string[], among: string) => {
    const index = new PieceIndex<Literal>(LITERAL_WIDTH);
    for (const one of patterns) index.add({ text: one, offset: 0, before: 0, after: 0 });
    const found: [number, number][] = [];
    stretchesIn(index, among, (_, from, to) => found.push([from, to]));
    const occurrences = patterns.flatMap((one) =>
      [...among].flatMap((__, at) => (among.startsWith(one, at) ? [[at, at + one.length] as const] : [])),
    );
    expect(covered(found, among.length)).toBe(covered(occurrences, among.length));
  };
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), text, (patterns, among) => {
      holds(patterns, among + (patterns[0] ?? "") + among);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ["that repeats itself", "a".repeat(88_000), "a".repeat(176_000)],
  ["that a text comes near to everywhere", `${"a".repeat(88_000)}c`, `${"a".repeat(176_000)}c`],
  ["of backslashes, in JSON", "\\".repeat(88_000), JSON.stringify("\\".repeat(88_000))],
])("does not stand still on a secret %s", (_, secret, among) => {
  const sealed = new Seal([secret]).text(among);
  expect(sealed).toContain("[sealed]");
  expect(sealed.length).toBeLessThan(20);
});
