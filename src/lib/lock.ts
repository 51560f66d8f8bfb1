import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rmdir, stat } from "node:fs/promises";
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
  return held && (await staleUpdateOf(path)) === undefined;
}

const directoryOf = (path: string) => `${path}.lock`;

/**
 * The last sign of life of a lock from the future, because the clock was set back, whose holder is dead: its signs of
 * life are watched by the monotonic clock.
 */
async function staleUpdateOf(path: string): Promise<number | undefined> {
  const lock = directoryOf(path);
  try {
    const { mtimeMs: sign } = await stat(lock);
    if (sign - Date.now() <= AHEAD_MS) return undefined;
    const begun = performance.now();
    while (performance.now() - begun < STALE_MS) {
      await pause(LOOK_MS);
      if ((await stat(lock)).mtimeMs !== sign) return undefined;
    }
    return sign;
  } catch {
    // Released meanwhile, or another user's: whoever takes it finds out.
    return undefined;
  }
}

/** Removes the lock of a dead holder, and no other: another process may just have taken it over. */
async function removeStale(path: string, sign: number): Promise<boolean> {
  const lock = directoryOf(path);
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
    const isDead = (await stat(aside)).mtimeMs === sign;
    await (isDead ? rmdir(aside) : rename(aside, lock));
    return isDead;
  } catch {
    // Another process was faster, or it is another user's.
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
      const deadSign = await staleUpdateOf(path);
      if (deadSign !== undefined && (await removeStale(path, deadSign))) continue;
      if (performance.now() > deadline) throw error;
    }
    // Random, to keep waiting processes from colliding again.
    await pause(2 + Math.random() * 8);
  }
}
