import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { AuditError, systemCodeOf } from "./errors.js";
import { NO_FOLLOW } from "./files.js";

/** After this, a lock whose holder gave no sign of life is taken over: as long as a killed process blocks others. */
const STALE_MS = 3000;
/** How often a holder gives a sign of life. */
const UPDATE_MS = 1000;
/** How long to wait for the lock before giving up. */
const PATIENCE_MS = 10_000;

/** Another process took the lock over before anything was written under it. */
export class LockLost extends AuditError {}

export interface HeldLock {
  /** Whether no other process has taken the lock over. Synchronous, so that next to nothing can happen before a write. */
  isHeld(): boolean;
}

/**
 * Does `work` while no other process does work under the same path.
 *
 * A lock file alone does not quite give that. Two processes that find a dead holder's lock at the same moment can both
 * come away with it, and one that was suspended can wake up long after its lock was taken over. So whoever gets the
 * lock puts a mark of its own into PATH.owner, and `work` asks whether the mark is still there: before it writes, and
 * again before it vouches for what it wrote.
 */
export async function underLock(path: string, work: (lock: HeldLock) => Promise<void>): Promise<void> {
  let lost = false;
  const release = await acquire(path, () => {
    lost = true;
  });
  const mark = `${process.pid} ${randomUUID()}`;
  const markPath = `${path}.owner`;
  try {
    writeMark(markPath, mark);
  } catch (error) {
    await release();
    throw error;
  }
  const isHeld = () => !lost && readMark(markPath) === mark;
  try {
    await work({ isHeld });
  } finally {
    // Once another's mark is there, the lock is the other's to release.
    if (!lost && (readMark(markPath) ?? mark) === mark) await release();
  }
}

async function acquire(path: string, onCompromised: () => void): Promise<() => Promise<void>> {
  const options = { realpath: false, stale: STALE_MS, update: UPDATE_MS, onCompromised };
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await lockfile.lock(path, options);
    } catch (error) {
      // ENOENT: it was removed by another between two steps of taking it.
      const busy = systemCodeOf(error) === "ELOCKED" || systemCodeOf(error) === "ENOENT";
      if (!busy || performance.now() > deadline) throw error;
    }
    // At random, so that processes that wait do not keep meeting.
    await pause(2 + Math.random() * 8);
  }
}

function writeMark(path: string, mark: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | NO_FOLLOW, 0o600);
  try {
    writeSync(file, mark);
  } finally {
    closeSync(file);
  }
}

/** Undefined when there is none. */
function readMark(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
