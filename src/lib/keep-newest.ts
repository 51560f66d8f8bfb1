/** Puts an entry last, and drops the first ones beyond `most`. */
export function keepNewest<Key, Value>(
  entries: Map<Key, Value>,
  key: Key,
  value: Value,
  most: number,
  dropped: (value: Value) => void = () => {},
): void {
  entries.delete(key);
  entries.set(key, value);
  for (const [first, old] of entries) {
    if (entries.size <= most) return;
    entries.delete(first);
    dropped(old);
  }
}
