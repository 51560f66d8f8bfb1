/**
 * The width of properties and tables: `npm test` runs a part of each, `npm run test:endurance` runs the same files at
 * full width (vitest.config.ts lists them).
 */
const isFull = process.env.TEST_WIDTH === "full";

/** How often to run a property. */
export const runs = (quick: number, full: number): number => (isFull ? full : quick);

/** The rows of a table, or `quick` of them, spread evenly from the first to the last. */
export function rows<Row>(table: readonly Row[], quick: number): readonly Row[] {
  if (isFull || table.length <= quick) return table;
  const step = (table.length - 1) / Math.max(1, quick - 1);
  const chosen = new Set(Array.from({ length: quick }, (_, index) => Math.round(index * step)));
  return table.filter((_, index) => chosen.has(index));
}
