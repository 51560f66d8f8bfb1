import type { SandboxClock } from "../clock.js";

/** How long things take, in sandbox time. The documents give the limits; the rest is chosen to be felt but short. */

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Review of an order by how its domains are proven: a record that the cloud places itself is found sooner. */
export const reviewTime = { DNS_AUTO: minute, DNS: 2 * minute, FILE: 2 * minute } as const;

/** The deadline for a proof is documented by examples; that the order then closes is inferred (docs/cloud-behaviour.md 3.1). */
export const proofDeadline = 7 * day;

export const cancellationTime = 30 * second;

/** Documented: a free certificate stays at least this long (docs/cloud-behaviour.md 3.2). */
export const freeDeletionDelay = hour;
export const deletionTime = 30 * second;

export const bindingQueryTime = 15 * second;

/** Documented: results of a binding query are reused this long (docs/cloud-behaviour.md 3.4). */
export const bindingCacheTime = 30 * minute;

/** One-click update: looking through one product in one region, then each resource in its turn. */
export const gatheringStep = 5 * second;
export const deployInterval = 2 * second;
export const deployTime = 5 * second;

/**
 * After a change the addresses of the edge take it over one after the other, a step each. docs/cloud-behaviour.md 4.1
 * knows only that deployment follows the reply; the rest is inferred.
 */
export const edgeAddresses = 3;
export const propagationStep = 20 * second;
export const propagationTime = edgeAddresses * propagationStep;

/** Documented: a certificate is about to expire, and may be renewed, in its last 30 days. */
export const expiryWindow = 30 * day;

/** The moment at which `duration` of sandbox time had passed since `start`; undefined while it has not. */
export function reached(clock: SandboxClock, start: Date, duration: number): Date | undefined {
  const passed = clock.since(start);
  if (passed < duration) return undefined;
  const realTime = clock.now().getTime() - start.getTime();
  return new Date(start.getTime() + (passed === 0 ? 0 : (realTime * duration) / passed));
}
