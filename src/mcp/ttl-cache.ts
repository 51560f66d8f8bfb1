/** Caches values for a while, by key. Simultaneous requests share one computation. */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { readonly since: number; readonly value: Promise<Value> }>();
  readonly #keep: number;
  readonly #now: () => Date;

  /** @param keep how long a value is kept, in milliseconds */
  constructor(keep: number, now: () => Date) {
    this.#keep = keep;
    this.#now = now;
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const now = this.#now().getTime();
    for (const [old, { since }] of this.#entries)
      if (now - since >= this.#keep || since > now) this.#entries.delete(old);
    const kept = this.#entries.get(key)?.value;
    if (kept !== undefined) return kept;
    const value = make();
    this.#entries.set(key, { since: now, value });
    return value;
  }

  forget(): void {
    this.#entries.clear();
  }
}
