import { setTimeout as pause } from "node:timers/promises";
import { DatabaseError } from "./errors.js";

/** How long a database that is being restarted is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Retries `work` while the database cannot be reached. Only for work that may be done twice: after a lost connection it
 * is unknown whether the last statement took effect.
 */
export async function retryWhileUnreachable<Value>(work: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + PATIENCE;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof DatabaseError && error.isPassing;
      if (!isPassing || performance.now() + wait > deadline) throw error;
    }
    await pause(wait);
  }
}
