/* How the cloud writes times and lists (docs/cloud-behaviour.md 3.1). */

const utc8Ms = 8 * 3600 * 1000;

/** `YYYY-MM-DD HH:mm:ss` in UTC+8, as nearly everywhere. */
export function localTime(date: Date): string {
  // Years after 9999 have a sign and more digits.
  const iso = new Date(date.getTime() + utc8Ms).toISOString().replace(/^\+0/, "");
  return iso.replace("T", " ").replace(/\.\d+Z$/, "");
}

export function localTimeOrNull(date: Date | undefined): string | null {
  return date === undefined ? null : localTime(date);
}

/** Parses {@link localTime}; undefined for any other text. */
export function parseLocalTime(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const date = new Date(`${text.replace(" ", "T")}+08:00`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** UTC with six fraction digits, as in the details of a deployment record. */
export function preciseTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}

/** An empty collection is often null rather than []. */
export function listOrNull<Item>(items: readonly Item[]): readonly Item[] | null {
  return items.length === 0 ? null : items;
}

/** Of the lists that take a larger Limit for this one (docs/cloud-behaviour.md 3.8); others refuse it. */
export const largestPage = 1000;

export function pageOf<Item>(items: readonly Item[], offset: number, limit: number): readonly Item[] {
  return items.slice(offset, offset + limit);
}

/** Items by time, latest first; of equal times, the one added last comes first. */
export function latestFirst<Item>(items: Iterable<Item>, timeOf: (item: Item) => Date): Item[] {
  return [...items].reverse().sort((a, b) => timeOf(b).getTime() - timeOf(a).getTime());
}
