import { type KnownValidity, maxValidityDays, renewalDue } from "../../certificates/lifetimes.js";
import { dayMs } from "../../lib/days.js";

/* When a certificate has to be replaced. All times are milliseconds since the epoch. */

/** @param before milliseconds before the end, instead of a share of the lifetime */
export function dueAt(span: KnownValidity, before?: number): number {
  return before === undefined ? renewalDue(span) : Date.parse(span.ends) - before;
}

/** The longest time before its end at which a certificate can be due: a third of the longest lifetime still in use. */
export const maxDueBefore = Math.ceil(maxValidityDays / 3) * dayMs;

/** Where a list shows only the day, the certificate may end this much earlier or later. */
const dayUncertainty = dayMs;

const isDay = (moment: string) => !moment.includes("T");

/** Whether one certificate certainly ends later than another, and is not the same one. */
export function endsLater(one: KnownValidity, other: KnownValidity): boolean {
  const gain = Date.parse(one.ends) - Date.parse(other.ends);
  return gain > (isDay(one.ends) || isDay(other.ends) ? 2 * dayUncertainty : 3600_000);
}
