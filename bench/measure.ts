/** The median of the measured values, and the range of the middle half. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

/**
 * Measures the contestants in turns, A B C, C B A, A B C …, so that disturbances of the machine affect all of them.
 * @returns the values of each, one per round
 */
export async function inTurns(
  rounds: number,
  contestants: readonly (() => number | Promise<number>)[],
): Promise<number[][]> {
  const measured = contestants.map((): number[] => []);
  const order = contestants.map((contestant, index) => ({ contestant, index }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, index } of order) measured[index]?.push(await contestant());
    order.reverse();
  }
  return measured;
}

/** The ratio of `values` to `divisors`, round by round. */
export function ratios(values: readonly number[], divisors: readonly number[]): number[] {
  return values.map((value, round) => value / (divisors[round] ?? Number.NaN));
}
