/** The true count (o200k) is at most this many times the estimate of `size.ts`, which a test verifies. */
export const underestimate = 1.05;

/** Longest reply, as an estimate: 20,000 tokens by the true count. */
export const replyLimit = Math.floor(20_000 / underestimate);

/** One of several parts that share a budget. */
export interface Part<Value> {
  readonly cost: number;
  /** Comes before all others and takes its full cost. */
  readonly isPriority: boolean;
  readonly whole: Value;
  /** As much of it as fits; undefined if that is not worth showing. */
  fit(budget: number): Sized<Value> | undefined;
}

export interface Sized<Value> {
  readonly value: Value;
  readonly cost: number;
}

/**
 * Divides a budget fairly: small parts are kept whole, and what they leave goes to the larger ones.
 * @returns what remains of each part, in the order of the parts
 */
export function divideBudget<Value>(parts: readonly Part<Value>[], budget: number): (Value | undefined)[] {
  const shown = new Map<Part<Value>, Value>();
  let left = budget;
  let partsLeft = parts.length;
  for (const part of [...parts].sort((a, b) => Number(b.isPriority) - Number(a.isPriority) || a.cost - b.cost)) {
    const share = part.isPriority ? left : left / partsLeft;
    const sized = part.cost <= share ? { value: part.whole, cost: part.cost } : part.fit(left / partsLeft);
    partsLeft--;
    if (sized === undefined) continue;
    shown.set(part, sized.value);
    left -= sized.cost;
  }
  return parts.map((part) => shown.get(part));
}
