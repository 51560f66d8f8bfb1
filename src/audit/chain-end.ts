import { renameSync, writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { readAt } from "../lib/read-file-range.js";
import { nextRotatedPath, openPrivate, rotatedFiles, syncFolder, tornPath } from "./files.js";
import { classifyTail, decodeLine, genesis, type Head, MAX_LINE_LENGTH, NEWLINE } from "./line.js";
import { type IsHeld, LockLost } from "./lock.js";
import { AuditError } from "./source.js";

/** The end of the chain, open for writing while the lock is held. */
export class ChainEnd {
  readonly #path: string;
  readonly #isHeld: IsHeld;
  #file: FileHandle;
  #size: number;
  #head: Head;

  private constructor(path: string, isHeld: IsHeld, file: FileHandle, size: number, head: Head) {
    this.#path = path;
    this.#isHeld = isHeld;
    this.#file = file;
    this.#size = size;
    this.#head = head;
  }

  /**
   * Opens the newest file and finds its last line. What follows the last line end was cut off: the writing process was
   * killed, the power failed, or somebody truncated the file. A line that lacks only its line end is kept; anything
   * less is moved to PATH.torn, where a person can look at it.
   * @throws {AuditError} if the last line is damaged: a broken chain is not continued
   */
  static async open(path: string, isHeld: IsHeld): Promise<ChainEnd> {
    const file = await openNewest(path);
    try {
      const { lastLine, torn, end } = await readTail(file);
      const head = lastLine === undefined ? await headOfRotated(path) : headOf(path, lastLine);
      if (torn.length > 0) {
        const tail = classifyTail(torn, head);
        if (tail.kind === "foreign") throw damaged(path, tail.why);
        if (tail.kind === "line") {
          ensureHeld(path, isHeld);
          writeAll(file.fd, Buffer.of(NEWLINE));
          await file.sync();
          return new ChainEnd(path, isHeld, file, end + torn.length + 1, tail.link);
        }
        await setAside(path, torn);
        ensureHeld(path, isHeld);
        await file.truncate(end);
      }
      return new ChainEnd(path, isHeld, file, end, head);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get head(): Head {
    return this.#head;
  }

  /** Bytes in the newest file. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends lines whose last one becomes `head`; resolves when they are on disk.
   * @throws {LockLost} if nothing was written
   * @throws {AuditError} if another process may have written at the same time
   */
  async append(lines: Buffer, head: Head): Promise<void> {
    ensureHeld(this.#path, this.#isHeld);
    writeAll(this.#file.fd, lines);
    await this.#file.sync();
    if (!this.#isHeld()) throw new AuditError(`another process took the lock of ${this.#path} during a write`);
    this.#size += lines.length;
    this.#head = head;
  }

  /** Renames the newest file to its number and starts the next one, which continues the chain. */
  async rotate(): Promise<void> {
    const rotatedPath = await nextRotatedPath(this.#path);
    ensureHeld(this.#path, this.#isHeld);
    renameSync(this.#path, rotatedPath);
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
  // Empty: just created, or its creator was killed before this point.
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

function ensureHeld(path: string, isHeld: IsHeld): void {
  if (!isHeld()) throw new LockLost(`another process took over the lock of ${path}`);
}

/** Synchronous: nothing may happen between the lock check and the write. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

/** Bytes read first; more only if they hold no whole line. */
const FIRST_READ = 8 * 1024;

/** Enough for a whole line and the start of another. */
const MAX_READ = 2 * MAX_LINE_LENGTH;

/**
 * The end of a file of the log: its last whole line, without its line end, or undefined if it has none; where that line
 * ends, in bytes from the start; and what follows it.
 */
async function readTail(file: FileHandle) {
  const { size } = await file.stat();
  for (let length = Math.min(size, FIRST_READ); ; length = Math.min(size, length * 8)) {
    const bytes = await readAt(file, size - length, length);
    const end = bytes.lastIndexOf(NEWLINE);
    const start = end <= 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1);
    const whole = length === size || length > MAX_READ;
    if (start === -1 && !whole) continue;
    return {
      lastLine: end === -1 ? undefined : bytes.subarray(start + 1, end),
      torn: bytes.subarray(end + 1),
      end: size - length + end + 1,
    };
  }
}

/** @throws {AuditError} if the line is damaged: a broken chain is not continued */
function headOf(path: string, lastLine: Buffer): Head {
  const line = decodeLine(lastLine);
  if (!line.ok) throw damaged(path, line.why);
  return line.link;
}

function damaged(path: string, why: string): AuditError {
  return new AuditError(`the last line of ${path} is damaged: ${why}`);
}
