import { unlessThrown } from "./failure.js";
import { memoize } from "./memoize.js";

/** Where somebody is who reads a time. */
export interface Zoned {
  /** IANA name, such as `Asia/Shanghai`; absent for ISO 8601 in UTC. */
  readonly timeZone?: string;
}

/** "2026-03-01 08:00 (UTC+8; 2026-03-01 00:00 UTC)"; "2026-03-01 00:00 UTC" in a UTC zone; ISO 8601 without a zone. */
export function momentFor(moment: Date, { timeZone }: Zoned): string {
  if (timeZone === undefined) return moment.toISOString().replace(".000Z", "Z");
  const utc = utcMinute(moment);
  const offset = offsetOf(moment, timeZone);
  if (offset === 0 || isNever(moment)) return utc;
  return `${minuteOf(new Date(moment.getTime() + offset * 60_000))} (${formatOffset(offset)}; ${utc})`;
}

/** "2026-03-01 00:00 UTC" */
export function utcMinute(moment: Date): string {
  return `${minuteOf(moment)} UTC`;
}

/** "2026-03-01T00:00:00Z", as several clouds write it. */
export function wholeSeconds(moment: Date): string {
  return `${moment.toISOString().slice(0, "YYYY-MM-DDTHH:MM:SS".length)}Z`;
}

/** "2026-03-01", the day in the reader's zone. */
export function dayFor(moment: Date, { timeZone = "UTC" }: Zoned): string {
  const offset = isNever(moment) ? 0 : offsetOf(moment, timeZone);
  return minuteOf(new Date(moment.getTime() + offset * 60_000)).slice(0, "YYYY-MM-DD".length);
}

/** "08:00 UTC", the time of day in this computer's zone, as readers of `locale` write it. */
export function clockTime(locale: string, at: Date): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }).format(at);
}

/** "Never" is the last second of 9999, which is already the next year in Shanghai. */
const isNever = (moment: Date) => moment.getTime() >= Date.UTC(9999, 11, 31);

const minuteOf = (moment: Date) => moment.toISOString().slice(0, "YYYY-MM-DDTHH:MM".length).replace("T", " ");

/** By zone. Making one takes a hundred times as long as using it, and a standing approval counts all its uses by day. */
const formatIn = memoize((timeZone: string) => new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }));

/** Whether it is the name of a time zone, such as Asia/Shanghai. */
export function isTimeZone(name: string): boolean {
  return unlessThrown(() => formatIn(name)) !== undefined;
}

/** Offset of the zone from UTC at that moment, in minutes. */
function offsetOf(moment: Date, timeZone: string): number {
  const name = formatIn(timeZone)
    .formatToParts(moment)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name ?? "") ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** "UTC+8", "UTC-3:30". */
function formatOffset(offset: number): string {
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `UTC${offset < 0 ? "-" : "+"}${hours}${minutes === 0 ? "" : `:${String(minutes).padStart(2, "0")}`}`;
}
