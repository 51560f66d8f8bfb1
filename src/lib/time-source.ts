import { setTimeout } from "node:timers/promises";

/** Where the parts of the program take their time from: passed in when they are composed, and no setting changes it. */
export interface TimeSource {
  /** The wall clock. */
  readonly now: () => Date;
  /** Milliseconds from a monotonic clock. */
  readonly elapsed: () => number;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How much of so many milliseconds is left, by the monotonic clock: the clock on the wall may be set meanwhile. */
export function timeLeftOf(ms: number, { elapsed }: Pick<TimeSource, "elapsed">): () => number {
  const end = elapsed() + ms;
  return () => Math.max(0, end - elapsed());
}

/** Waits; if `signal` aborts meanwhile, a rejection says no more than that. */
export async function unlessAborted(pausing: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await pausing;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The clocks of the machine that this runs on. */
export const machineTime: TimeSource = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  pause: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
