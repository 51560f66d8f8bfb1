import { randomUUID } from "node:crypto";
import { constants, ftruncateSync, readFileSync, writeSync } from "node:fs";
import { systemCodeOf, unlessThrown } from "../lib/failure.js";
import { takeLock } from "../lib/lock.js";
import { withPrivateFile } from "./files.js";
import { AuditError } from "./source.js";

/** How long to wait for the lock. */
const PATIENCE_MS = 10_000;

/** Another process took the lock before anything was written under it. */
export class LockLost extends AuditError {}

/** Whether no other process has taken the lock. Synchronous, so next to nothing can happen before a write. */
export type IsHeld = () => boolean;

/**
 * Runs `work` while no other process works under the same path.
 *
 * A lock file alone does not guarantee that. Two processes that find a dead holder's lock at the same moment can both
 * get it, and a suspended one can wake up long after its lock was taken over. So the holder writes its own mark into
 * PATH.owner, and `work` checks that the mark is still there: before it writes, and again before it reports success.
 */
export async function underLock(path: string, work: (isHeld: IsHeld) => Promise<void>): Promise<void> {
  let lost = false;
  const release = await takeLock(path, PATIENCE_MS, () => {
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
    await work(isHeld);
  } finally {
    // If another process's mark is there, that process releases the lock.
    if (!lost && !isAnothers(markPath, mark)) await release();
  }
}

function writeMark(path: string, mark: string): void {
  withPrivateFile(path, constants.O_RDWR | constants.O_CREAT, (file) => {
    ftruncateSync(file);
    writeSync(file, mark, 0);
  });
}

/** A mark that cannot be read is nobody's: this process must not keep the lock because of it. */
function isAnothers(path: string, mark: string): boolean {
  return (unlessThrown(() => readMark(path)) ?? mark) !== mark;
}

/** Undefined if there is none. */
function readMark(path: string): string | undefined {
  try {
    return withPrivateFile(path, constants.O_RDONLY, (file) => readFileSync(file, "utf8"));
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
