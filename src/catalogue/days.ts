const dayMs = 24 * 3600 * 1000;

/**
 * Whole days until then, the one count that every tool tells: 0 on the last day. Once it is over, minus the whole days
 * since, and at least one: a certificate that ended an hour ago has not 0 days left.
 */
export function daysUntil(end: Date, now: Date): number {
  const ms = end.getTime() - now.getTime();
  return ms > 0 ? Math.floor(ms / dayMs) : Math.min(Math.ceil(ms / dayMs), -1);
}
