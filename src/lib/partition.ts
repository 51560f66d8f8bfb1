/** The items for which `isFirst` holds, and the others, each in their order. */
export function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): readonly [first: Item[], rest: Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
