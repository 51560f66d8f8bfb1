import { daysUntil } from "../catalogue/days.js";
import { isoOf, noEnd } from "../catalogue/tencent-ssl/time.js";
import { type SafeText, safe, timeInWords } from "../visible.js";

/**
 * What stands for "now" where there is no value. What a cloud or a certificate says is put in words that never begin
 * like these, or in quotation marks.
 */

export const notVisible = safe`not visible through this API`;
export const notYetThere = safe`does not exist yet`;
export const missing = safe`does not exist`;
export const lookingUp = safe`still being looked up by the cloud`;

const unreadable = safe`could not be read: `;
export const couldNotBeRead = (why: SafeText) => safe`${unreadable}${why}`;

/** Whether a value was only missing for the time being: when it becomes known, nothing has changed by that. */
export const isOpen = (value: string) => value === lookingUp || value.startsWith(unreadable);

/** How the fact is called that counts down from day to day. */
export const expires = safe`expires`;

/** A time as Tencent Cloud writes it, in UTC+8 (docs/cloud-behaviour.md 3.1), with the days until then. */
export function expiryInWords(time: string, now: number): SafeText {
  const iso = isoOf(time);
  if (iso === undefined) return timeInWords(time);
  if (iso === noEnd) return safe`never (9999-12-31)`;
  const days = daysUntil(new Date(iso), new Date(now));
  const count = Math.abs(days);
  const unit = count === 1 ? safe`day` : safe`days`;
  return safe`${timeInWords(time)} UTC+8, ${count} ${unit} ${days < 0 ? safe`ago` : safe`left`}`;
}

export const withoutCountdown = (expiry: string) => expiry.replace(/, \d+ days? (?:ago|left)$/, "");
