/** One of several things that have to do with a common budget. */
export interface Part<Value> {
  readonly cost: number;
  /** Comes before all others and takes what it costs. */
  readonly first: boolean;
  readonly whole: Value;
  /** As much of it as fits; undefined when that is not worth showing. */
  within(budget: number): Sized<Value> | undefined;
}

export interface Sized<Value> {
  readonly value: Value;
  readonly cost: number;
}

/**
 * Divides a budget fairly: what is small is kept whole, and what it leaves over goes to the larger ones.
 * @returns what is left of each part, in the order of the parts
 */
export function divideBudget<Value>(parts: readonly Part<Value>[], budget: number): (Value | undefined)[] {
  const shown = new Map<Part<Value>, Value>();
  let left = budget;
  let waiting = parts.length;
  for (const part of [...parts].sort((a, b) => Number(b.first) - Number(a.first) || a.cost - b.cost)) {
    const share = part.first ? left : left / waiting;
    const sized = part.cost <= share ? { value: part.whole, cost: part.cost } : part.within(left / waiting);
    waiting--;
    if (sized === undefined) continue;
    shown.set(part, sized.value);
    left -= sized.cost;
  }
  return parts.map((part) => shown.get(part));
}
