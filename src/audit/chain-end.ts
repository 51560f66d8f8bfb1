import { renameSync, writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { AuditError } from "./errors.js";
import { nextRotatedPath, openPrivate, rotatedFiles, syncFolder, tornPath } from "./files.js";
import { genesis, type Head, NEWLINE, restAfter } from "./line.js";
import { type HeldLock, LockLost } from "./lock.js";
import { damaged, headOf, readTail } from "./tail.js";

/** The newest end of the chain, open for writing while the lock is held. */
export class ChainEnd {
  readonly #path: string;
  readonly #lock: HeldLock;
  #file: FileHandle;
  #size: number;
  #head: Head;

  private constructor(path: string, lock: HeldLock, file: FileHandle, size: number, head: Head) {
    this.#path = path;
    this.#lock = lock;
    this.#file = file;
    this.#size = size;
    this.#head = head;
  }

  /**
   * Opens the newest file and finds its last line. What follows the last line end was cut off: the process that wrote it
   * was killed, the power went, or somebody shortened the file. A line that lacks nothing but its line end stays; less
   * than that is moved to PATH.torn, where a person can look at it.
   * @throws {AuditError} when the last line is damaged: a chain is not carried on over a break
   */
  static async open(path: string, lock: HeldLock): Promise<ChainEnd> {
    const file = await openNewest(path);
    try {
      const { lastLine, torn, end } = await readTail(file);
      const head = lastLine === undefined ? await headOfRotated(path) : headOf(path, lastLine);
      if (torn.length > 0) {
        const rest = restAfter(torn, head);
        if (rest.kind === "foreign") throw damaged(path, rest.why);
        if (rest.kind === "line") return await ChainEnd.#ended(path, lock, file, end + torn.length, rest.link);
        await setAside(path, torn);
        ensureHeld(path, lock);
        await file.truncate(end);
      }
      return new ChainEnd(path, lock, file, end, head);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Gives the last line the end that it lacks. */
  static async #ended(path: string, lock: HeldLock, file: FileHandle, size: number, head: Head): Promise<ChainEnd> {
    ensureHeld(path, lock);
    writeAll(file.fd, Buffer.of(NEWLINE));
    await file.sync();
    return new ChainEnd(path, lock, file, size + 1, head);
  }

  get head(): Head {
    return this.#head;
  }

  /** Bytes in the newest file. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends lines, the last of which becomes `head`; resolves when they are on disk.
   * @throws {LockLost} when nothing was written
   * @throws {AuditError} when another process may have written at the same time
   */
  async append(lines: Buffer, head: Head): Promise<void> {
    ensureHeld(this.#path, this.#lock);
    writeAll(this.#file.fd, lines);
    await this.#file.sync();
    if (!this.#lock.isHeld()) throw new AuditError(`another process took the lock of ${this.#path} during a write`);
    this.#size += lines.length;
    this.#head = head;
  }

  /** Keeps the newest file under its number and begins the next one, which carries the chain on. */
  async rotate(): Promise<void> {
    const kept = await nextRotatedPath(this.#path);
    ensureHeld(this.#path, this.#lock);
    renameSync(this.#path, kept);
    await this.#file.close();
    this.#file = await openNewest(this.#path);
    this.#size = 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function openNewest(path: string): Promise<FileHandle> {
  const file = await openPrivate(path);
  // Empty: it was created just now, or its creator was killed before it came this far.
  if ((await file.stat()).size === 0) await syncFolder(dirname(path));
  return file;
}

async function headOfRotated(path: string): Promise<Head> {
  const newest = (await rotatedFiles(path)).at(-1);
  if (newest === undefined) return genesis;
  const file = await openPrivate(newest);
  try {
    const { lastLine, torn } = await readTail(file);
    if (lastLine === undefined || torn.length > 0) throw damaged(newest, "it has no end");
    return headOf(newest, lastLine);
  } finally {
    await file.close();
  }
}

async function setAside(path: string, torn: Buffer): Promise<void> {
  const file = await openPrivate(tornPath(path));
  try {
    await file.appendFile(Buffer.concat([torn, Buffer.from("\n")]));
    await file.sync();
  } finally {
    await file.close();
  }
}

function ensureHeld(path: string, lock: HeldLock): void {
  if (!lock.isHeld()) throw new LockLost(`another process took over the lock of ${path}`);
}

/** Synchronous: nothing may come between the look at the lock and the write. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
