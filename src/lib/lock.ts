import { existsSync } from "node:fs";
import { stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { systemCodeOf } from "./failure.js";

/** A lock without a sign of life for this long is taken over; a killed process blocks others for as long. */
const STALE_MS = 3_000;
/** How often a holder gives a sign of life. */
const UPDATE_MS = 1_000;

/** How far ahead of the clock a sign of life may be: file systems that know only seconds round it up. */
const AHEAD_MS = 2 * UPDATE_MS;
/** How often a lock from the future is looked at. */
const LOOK_MS = 100;

/** Whether a process holds the lock of a path and gives signs of life; so it is taken to be if that cannot be seen. */
export async function isLocked(path: string): Promise<boolean> {
  const held = await lockfile.check(path, { realpath: false, stale: STALE_MS }).catch(() => true);
  return held && !(await isDeadInFuture(path));
}

/**
 * Whether the lock of a path is from the future, because the clock was set back, and its holder is dead: its signs of
 * life are then watched by the monotonic clock. A dead one is dated back, so that it can be taken over at once.
 */
async function isDeadInFuture(path: string): Promise<boolean> {
  const lock = `${path}.lock`;
  try {
    const { mtimeMs: sign } = await stat(lock);
    if (sign - Date.now() <= AHEAD_MS) return false;
    const begun = performance.now();
    while (performance.now() - begun < STALE_MS) {
      await pause(LOOK_MS);
      if ((await stat(lock)).mtimeMs !== sign) return false;
    }
    await utimes(lock, 0, 0);
    return true;
  } catch {
    // Released meanwhile, or another user's: whoever takes it finds out.
    return false;
  }
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
      if (!busy) throw error;
      if (await isDeadInFuture(path)) continue;
      if (performance.now() > deadline) throw error;
    }
    // Random, to keep waiting processes from colliding again.
    await pause(2 + Math.random() * 8);
  }
}
