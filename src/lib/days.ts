/** In milliseconds. */
export const dayMs = 24 * 3600 * 1000;

/**
 * Whole days until `end`, as every tool counts them: 0 on the last day. After the end, minus the whole days since, at
 * least one: a certificate that ended an hour ago does not have 0 days left.
 */
export function daysUntil(end: Date, now: Date): number {
  const ms = end.getTime() - now.getTime();
  return ms > 0 ? Math.floor(ms / dayMs) : Math.min(Math.ceil(ms / dayMs), -1);
}
