import type { SandboxClock } from "../clock.js";

/* Durations in sandbox time. The limits are documented; the rest is chosen to be noticeable but short. */

export const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
export const day = 24 * hour;

/** Duration of an order's review by proof method: a record that the cloud adds itself is found sooner. */
export const reviewTime = { DNS_AUTO: minute, DNS: 2 * minute, FILE: 2 * minute } as const;

/** Documented by examples; that the order closes at this deadline is inferred (docs/cloud-behaviour.md 3.1). */
export const proofDeadline = 7 * day;

export const cancellationTime = 30 * second;

/** Documented: a free certificate stays at least this long (docs/cloud-behaviour.md 3.2). */
export const freeDeletionDelay = hour;
export const deletionTime = 30 * second;

/** From the request to revocation: the CA answers in minutes (docs/cloud-behaviour.md 3.10, inferred). */
export const revocationTime = minute;

export const bindingQueryTime = 15 * second;

/** Documented: results of a binding query are reused this long (docs/cloud-behaviour.md 3.4). */
export const bindingCacheTime = 30 * minute;

/** One-click update: searching one product in one region, then deploying the resources one by one. */
export const searchStepTime = 5 * second;
export const deployInterval = 2 * second;
export const deployTime = 5 * second;

/** Documented: a certificate is about to expire, and may be renewed, in its last 30 days. */
export const expiryWindow = 30 * day;

/** The time at which `duration` of sandbox time had passed since `start`; undefined until then. */
export function reached(clock: SandboxClock, start: Date, duration: number): Date | undefined {
  const passed = clock.since(start);
  if (passed < duration) return undefined;
  const realTime = clock.now().getTime() - start.getTime();
  return new Date(start.getTime() + (passed === 0 ? 0 : (realTime * duration) / passed));
}
