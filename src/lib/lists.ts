/** The items for which `isFirst` holds, and the others, each in their order. */
export function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [first: Item[], rest: Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** The parts that are there: `false` stands for one that is left out, as `condition && part` gives it. */
export function present<Part>(parts: readonly (Part | false)[]): Part[] {
  return parts.filter((part): part is Part => part !== false);
}

/** The items by what `keyOf` says of them, each group in their order. */
export function groupedBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    group.push(item);
    groups.set(key, group);
  }
  return groups;
}

/** The items with different keys. Of those with the same key the last one counts, at the place of the first. */
export function distinctBy<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** The items in groups of at most `size`, in their order. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** For sorting entries by their keys, in UTF-16 code units. */
export function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The parts between the commas, trimmed. */
export function commaSeparated(text: string): string[] {
  return text.split(",").map((part) => part.trim());
}

/** The first `most`, then "and 3 more"; `uncounted` are beyond those in the list. */
export function firstOf(texts: readonly string[], most: number, uncounted = 0): string[] {
  const more = Math.max(0, texts.length - most) + uncounted;
  return [...texts.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** "A, B and 3 more" */
export function enumerated(names: readonly string[], most = 8): string {
  const [named, more] = [names.slice(0, most).join(", "), names.length - most];
  return more > 0 ? `${named} and ${more} more` : named;
}
