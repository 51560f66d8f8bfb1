const localTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;
/** The last time that a certificate can name; it stands for no end at all (RFC 5280, 4.1.2.5). */
export const noEnd = "9999-12-31T23:59:59.000Z";
/** The same in UTC+8, where it is in the year after. */
const endInLocalTime = "10000-01-01 07:59:59";

/**
 * Tencent Cloud's local time, which is UTC+8, in ISO 8601 and UTC. Undefined for anything else: there are dates of zeros,
 * dashes and times that are ISO already (docs/cloud-behaviour.md 3.1).
 */
export function isoOf(time: unknown): string | undefined {
  if (time === endInLocalTime) return noEnd;
  const [, date, clock] = (typeof time === "string" ? localTime.exec(time) : undefined) ?? [];
  if (date === undefined || clock === undefined) return undefined;
  return existsInCalendar(date, clock) ? new Date(`${date}T${clock}+08:00`).toISOString() : undefined;
}

/** A Date takes 31 February for a day in March. */
function existsInCalendar(date: string, clock: string): boolean {
  const parsed = new Date(`${date}T${clock}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${date}T${clock}`);
}
