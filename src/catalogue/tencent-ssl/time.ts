const localTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/**
 * Tencent Cloud's local time, which is UTC+8, in ISO 8601 and UTC. Undefined for anything else: there are dates of zeros,
 * dashes and times that are ISO already (docs/cloud-behaviour.md 3.1).
 */
export function isoOf(time: unknown): string | undefined {
  const [, date, clock] = (typeof time === "string" ? localTime.exec(time) : undefined) ?? [];
  if (date === undefined || clock === undefined) return undefined;
  return existsInCalendar(date, clock) ? new Date(`${date}T${clock}+08:00`).toISOString() : undefined;
}

/** A Date takes 31 February for a day in March. */
function existsInCalendar(date: string, clock: string): boolean {
  const parsed = new Date(`${date}T${clock}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(`${date}T${clock}`);
}
