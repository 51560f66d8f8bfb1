import type { BigIntStats } from "node:fs";
import { constants, type FileHandle, open, stat } from "node:fs/promises";
import { readAt } from "../../lib/read-file-range.js";
import { ToolError, unusable } from "../../lib/tool-error.js";
import { type Directories, fileErrorCode, realPathOfOpen } from "./directories.js";
import type { FileIdentity } from "./own-secrets.js";

export interface ReadFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Others than its owner can read it. Unknown on Windows, where it is false. */
  readonly readableByOthers: boolean;
  /** The file that was read, whatever else it is called. */
  readonly identity: FileIdentity;
}

/** Follows no link in the last component and waits for no other end of a FIFO. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const READABLE_BY_OTHERS = 0o044n;

/**
 * Reads a regular file of at most `limit` bytes below the named directories. The path only locates the file: every
 * check that counts is made on the open handle, which detects a swapped file.
 */
export async function readAllowed(directories: Directories, path: string, limit: number): Promise<ReadFile> {
  const real = await directories.find(path);
  const handle = await openFile(real, path);
  try {
    const facts = await handle.stat({ bigint: true });
    checkKind(facts, path, limit);
    await checkPlace(handle, facts, real, path);
    const bytes = await readWhole(handle, path, Number(facts.size));
    const readableByOthers = process.platform !== "win32" && (facts.mode & READABLE_BY_OTHERS) !== 0n;
    return { path: real, bytes, readableByOthers, identity: facts };
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw unusable(`${path} cannot be read: ${fileErrorCode(error)}.`, "Name another file.");
  } finally {
    await handle.close();
  }
}

async function openFile(real: string, path: string): Promise<FileHandle> {
  try {
    return await open(real, FLAGS);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ELOOP" || code === "ENOENT") throw swapped(path);
    // A socket, or a device without a driver.
    if (code === "ENXIO" || code === "ENODEV") throw irregular(path);
    throw unusable(`${path} cannot be opened: ${code}.`, "Look at its permissions, or name another file.");
  }
}

function checkKind(facts: BigIntStats, path: string, limit: number): void {
  if (facts.isDirectory()) throw unusable(`${path} is a directory.`, "Name the file in it.");
  if (!facts.isFile()) throw irregular(path);
  if (facts.size > BigInt(limit)) {
    throw unusable(`${path} has ${facts.size} bytes; at most ${limit} are read.`, "Name the right file.");
  }
}

async function checkPlace(handle: FileHandle, facts: BigIntStats, real: string, path: string): Promise<void> {
  const onDisk = await stat(real, { bigint: true }).catch(() => undefined);
  const same = onDisk?.ino === facts.ino && onDisk.dev === facts.dev;
  if (!same || (await realPathOfOpen(handle, real)) !== real) throw swapped(path);
}

/** Reads one byte more than the size: files in /proc have size 0 but have content, and a file may grow. */
async function readWhole(handle: FileHandle, path: string, size: number): Promise<Buffer> {
  const bytes = await readAt(handle, 0, size + 1);
  if (bytes.length !== size) throw swapped(path);
  if (size === 0) throw unusable(`${path} is empty.`, "Name the right file.");
  return bytes;
}

const irregular = (path: string) => unusable(`${path} is not a regular file.`, "Name a regular file.");

const swapped = (path: string) =>
  unusable(`${path} changed while it was being read; nothing was used.`, "Call again once nothing writes there.");
