/**
 * How many inputs, and from which seed: `npm run fuzz` sets both; a plain test run takes a small part, from a seed of its
 * own day so that the days add up.
 */
const wanted = Number(process.env.FUZZ_INPUTS ?? 12_000);
export const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));

/** The share of one target. */
export const inputs = (share: number) => Math.max(1, Math.round(wanted * share));

/** Longest that one input may take, in milliseconds. */
export const LONGEST = 100;

/** What was tried and how long the slowest took, for whoever reads the run. */
export function tell(target: string, tried: number, slowest: number): void {
  process.stderr.write(`fuzz ${target}: ${tried} inputs, seed ${seed}, slowest ${slowest.toFixed(1)} ms\n`);
}

/**
 * How long `work` takes, in milliseconds. A machine that does something else in between makes it seem longer, so that
 * what seems too long is measured again, and the shortest counts.
 */
export function timed(work: () => void): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && shortest > LONGEST; attempt += 1) {
    const started = performance.now();
    work();
    shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
}
