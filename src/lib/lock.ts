import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { systemCodeOf } from "./failure.js";

/** A lock without a sign of life for this long is taken over; a killed process blocks others for as long. */
const STALE_MS = 3_000;
/** How often a holder gives a sign of life. */
const UPDATE_MS = 1_000;

/** Whether a process holds the lock of a path and gives signs of life; so it is taken to be if that cannot be seen. */
export function isLocked(path: string): Promise<boolean> {
  return lockfile.check(path, { realpath: false, stale: STALE_MS }).catch(() => true);
}

/**
 * Takes the lock of a path, which is held by one process at a time, and returns how to release it.
 * @param patience how long to wait for another process, in milliseconds
 * @param onLost called when another process has taken it over, as may happen to a suspended process
 * @throws with the code ELOCKED if another process held it all the time
 */
export async function takeLock(path: string, patience: number, onLost: () => void): Promise<() => Promise<void>> {
  const options = { realpath: false, stale: STALE_MS, update: UPDATE_MS, onCompromised: onLost };
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await lockfile.lock(path, options);
    } catch (error) {
      const code = systemCodeOf(error);
      // ENOENT: another process removed it between two steps of taking it, unless there is no place for it at all.
      const busy = code === "ELOCKED" || (code === "ENOENT" && existsSync(dirname(path)));
      if (!busy || performance.now() > deadline) throw error;
    }
    // Random, to keep waiting processes from colliding again.
    await pause(2 + Math.random() * 8);
  }
}
