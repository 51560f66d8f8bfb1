import { isoOf, noEnd } from "../../catalogue/tencent-ssl/time.js";
import { daysUntil } from "../../lib/days.js";
import { formatMoment, formatTime, type SafeText, safe } from "../../lib/safe-text.js";

/*
 * The texts for "now" if there is no value. Values from a cloud or a certificate never start like these, or are in
 * quotation marks.
 */

export const notVisible = safe`not visible through this API`;
export const notYetThere = safe`does not exist yet`;
export const doesNotExist = safe`does not exist`;
export const notListed = safe`not among the hosts that this API lists`;
export const lookingUp = safe`still being looked up by the cloud`;

export const couldNotBeRead = (why: SafeText) => safe`could not be read: ${why}`;

const unreadable = String(couldNotBeRead(safe``));

/** Whether a value was only temporarily missing: when it becomes known, that is no change. */
export const isTemporarilyMissing = (value: string) => value === String(lookingUp) || value.startsWith(unreadable);

/** Whether a value says no more than that this reading did not see one. */
export const isNotSeen = (value: string) =>
  isTemporarilyMissing(value) || value === String(notVisible) || value === String(notListed);

/** The expiry of a certificate that has none. */
export const never = safe`never (9999-12-31)`;

/** A time in Tencent Cloud's format (docs/cloud-behaviour.md 3.1), with the days until then. */
export function describeExpiry(time: string, now: number): SafeText {
  const iso = isoOf(time);
  if (iso === undefined) return formatTime(time);
  if (iso === noEnd) return never;
  const days = daysUntil(new Date(iso), new Date(now));
  const ends = formatMoment(new Date(iso));
  if (days === 1) return safe`${ends}, 1 day left`;
  if (days === -1) return safe`${ends}, 1 day ago`;
  return days < 0 ? safe`${ends}, ${-days} days ago` : safe`${ends}, ${days} days left`;
}
