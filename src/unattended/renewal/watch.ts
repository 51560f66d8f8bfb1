import { stackOf } from "../../lib/failure.js";
import type { Outcome } from "../outcome.js";

/** As often as certbot's timer: a six-day certificate, due at half of its life, still gets several attempts. */
export const usualInterval = 12 * 3600_000;

/** By how much of itself an interval varies, so that many machines do not ask the clouds at once. */
const JITTER = 0.1;

export interface Repetition {
  /** In milliseconds. */
  readonly interval: number;
  readonly now: () => Date;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Ends it: after the step under way, or at once while it waits. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Does `work` again and again until the signal ends it; a failure does not end it. */
export async function repeat(work: () => Promise<Outcome>, given: Repetition): Promise<void> {
  const { interval, now, pause, random, signal, log } = given;
  while (!signal.aborted) {
    try {
      log(`renewal ended: ${await work()}`);
    } catch (error) {
      log(stackOf(error));
    }
    if (signal.aborted) return;
    const ms = interval * (1 - JITTER + 2 * JITTER * random());
    log(`next renewal at ${new Date(now().getTime() + ms).toISOString()}`);
    await pause(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
