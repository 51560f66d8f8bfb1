import { setTimeout as pause } from "node:timers/promises";
import { DatabaseError } from "./errors.js";

/** How long a database that is being restarted is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Tries again while the database cannot be reached. Only for what may be done twice: when a connection is lost, nobody
 * knows whether its last statement took effect.
 */
export async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
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
