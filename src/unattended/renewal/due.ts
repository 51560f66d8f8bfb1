/** When a certificate has to be replaced. All times are milliseconds since the epoch. */

const DAY = 24 * 3600_000;

/** What is assumed of a certificate whose start no list and no edge shows: the shortest lifetime in wide use. */
const assumedLifetime = 90 * DAY;

/** Certificates that live shorter than this are replaced at half of their time, like certbot does (4.1). */
const short = 10 * DAY;

/** A certificate's span, as far as it is known: ISO 8601, or a day. */
export interface Span {
  readonly starts?: string | undefined;
  readonly ends: string;
}

/** @param before milliseconds before the end, instead of a share of the lifetime */
export function dueAt({ starts, ends }: Span, before?: number): number {
  const end = Date.parse(ends);
  if (before !== undefined) return end - before;
  const lifetime = starts === undefined ? assumedLifetime : Math.max(0, end - Date.parse(starts));
  return end - lifetime / (lifetime < short ? 2 : 3);
}

/** The longest time before its end at which a certificate may be due: a third of the longest lifetime ever valid today. */
export const longestNotice = Math.ceil(398 / 3) * DAY;

/** Where a list shows only the day, the certificate may end this much earlier or later. */
const unsure = DAY;

const isDay = (moment: string) => !moment.includes("T");

/** Whether one certificate certainly ends later than another, and is not the same one. */
export function endsLater(one: Span, other: Span): boolean {
  const gain = Date.parse(one.ends) - Date.parse(other.ends);
  return gain > (isDay(one.ends) || isDay(other.ends) ? 2 * unsure : 3600_000);
}
