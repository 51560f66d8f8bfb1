/**
 * How much of the tests runs. `npm test` runs what shows each thing once; `npm run test:endurance` runs the rest, which
 * has the tag `wide`, and the files of properties at full width (vitest.config.ts lists them).
 */
const width = process.env.TEST_WIDTH;

/** Options of a test that `npm test` leaves out and `npm run test:endurance` runs. */
export const wide = { tags: ["wide"] };

/** Options of a test of `rows`. */
export const ofRows = width === "wide" ? wide : {};

/** How often to run a property. */
export const runs = (quick: number, full: number): number => (width === "full" ? full : quick);

/** In `npm test` so many rows of a table, spread evenly from the first to the last; the others in the wide tests. */
export function rows<Row extends unknown[] | [unknown]>(table: readonly Row[], quick: number): readonly Row[];
export function rows<Row>(table: readonly Row[], quick: number): readonly Row[];
export function rows<Row>(table: readonly Row[], quick: number): readonly Row[] {
  if (width === "full") return table;
  const step = (table.length - 1) / Math.max(1, quick - 1);
  const chosen = new Set(Array.from({ length: quick }, (_, index) => Math.round(index * step)));
  return table.filter((_, index) => (table.length <= quick || chosen.has(index)) === (width !== "wide"));
}
