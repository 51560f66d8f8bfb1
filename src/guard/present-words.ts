/**
 * What stands for "now" where there is no value. What a cloud says is put in words that never begin like these, or in
 * quotation marks; names in a certificate are not, but they cannot change without its fingerprint.
 */

export const notVisible = "not visible through this API";
export const notYetThere = "does not exist yet";
export const missing = "does not exist";
export const lookingUp = "still being looked up by the cloud";

const unreadable = "could not be read: ";
export const couldNotBeRead = (why: string) => `${unreadable}${why}`;

/** Whether a value was only missing for the time being: when it becomes known, nothing has changed by that. */
export const isOpen = (value: string) => value === lookingUp || value.startsWith(unreadable);

/** How the fact is called that counts down from day to day. */
export const expires = "expires";

const day = 24 * 3600 * 1000;

/** A time as Tencent Cloud writes it, in UTC+8 (FACTS.md 6.1), with the days until then. */
export function expiryInWords(time: string, now: number): string {
  const days = Math.floor((Date.parse(`${time.replace(" ", "T")}+08:00`) - now) / day);
  if (Number.isNaN(days)) return time;
  const count = Math.abs(days);
  return `${time} UTC+8, ${count} ${count === 1 ? "day" : "days"} ${days < 0 ? "ago" : "left"}`;
}

export const withoutCountdown = (expiry: string) => expiry.replace(/, \d+ days? (?:ago|left)$/, "");
