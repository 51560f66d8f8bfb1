/** The items for which `isFirst` holds, and the others, each in their order. */
export function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [first: Item[], rest: Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
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
