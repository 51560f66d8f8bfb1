const localTime = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;
/** The last time that a certificate can hold; it means no expiry (RFC 5280, 4.1.2.5). */
export const noEnd = "9999-12-31T23:59:59.000Z";
/** The same in UTC+8, where it falls into the next year. */
const endInLocalTime = "10000-01-01 07:59:59";

/**
 * Tencent Cloud's local time (UTC+8) as ISO 8601 in UTC. Undefined for anything else: there are dates of zeros,
 * dashes and times already in ISO form (docs/cloud-behaviour.md 3.1).
 */
export function isoOf(time: unknown): string | undefined {
  if (time === endInLocalTime) return noEnd;
  const [, date, clock] = (typeof time === "string" ? localTime.exec(time) : undefined) ?? [];
  if (date === undefined || clock === undefined) return undefined;
  const local = new Date(`${date}T${clock}Z`);
  // Date accepts 31 February as a day in March, and 24:00 as the next day; no date at all has no day.
  if (local.getUTCDate() !== Number(date.slice(-2))) return undefined;
  return new Date(local.getTime() - utc8Offset).toISOString();
}

/** UTC+8, in milliseconds. */
const utc8Offset = 8 * 3600 * 1000;

/** Reply members that hold a time in UTC+8, at any depth, or a list of such times (docs/cloud-behaviour.md 3.1, with the exceptions). */
export const timeMembers: ReadonlySet<string> = new Set([
  "CertBeginTime",
  "CertEndTime",
  "InsertTime",
  "CAEndTimes",
  "ProjectCreateTime",
  "HostingCompleteTime",
  "DVAuthDeadline",
  "ValidationPassedTime",
  "CertRevokedTime",
  "CertServiceBeginTime",
  "CertServiceEndTime",
  "CreateTime",
  "UpdateTime",
  "CreatedOn",
  "CacheTime",
  "ValidFrom",
  "ValidTo",
]);

/** The end of a certificate's validity: people ask how many days are left. */
export const expiryMember = "CertEndTime";
