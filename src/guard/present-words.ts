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

const day = 24 * 3600 * 1000;

/** A time as Tencent Cloud writes it, in UTC+8 (FACTS.md 6.1), with the days until then. */
export function expiryInWords(time: string, now: number): SafeText {
  const days = Math.floor((Date.parse(`${time.replace(" ", "T")}+08:00`) - now) / day);
  if (Number.isNaN(days)) return timeInWords(time);
  const count = Math.abs(days);
  const unit = count === 1 ? safe`day` : safe`days`;
  return safe`${timeInWords(time)} UTC+8, ${count} ${unit} ${days < 0 ? safe`ago` : safe`left`}`;
}
