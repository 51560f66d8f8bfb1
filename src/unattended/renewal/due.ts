import { type KnownValidity, maxValidityDays, renewalDue } from "../../certificates/lifetimes.js";
import { dayMs } from "../../lib/days.js";

/* When a certificate has to be replaced. All times are milliseconds since the epoch. */

/** @param before milliseconds before the end, instead of a share of the lifetime */
export function dueAt(span: KnownValidity, before?: number): number {
  return before === undefined ? renewalDue(span) : Date.parse(span.ends) - before;
}

/** The longest time before its end at which a certificate can be due: a third of the longest lifetime still in use. */
export const maxDueBefore = Math.ceil(maxValidityDays / 3) * dayMs;
