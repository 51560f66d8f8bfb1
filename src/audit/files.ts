import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, stat } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { systemCodeOf, unlessMissing } from "../lib/failure.js";
import { AuditError } from "./source.js";

/*
 * The log's files: PATH holds the newest lines; full files are kept next to it as `audit.1.jsonl` (the oldest),
 * `audit.2.jsonl` and so on. A file is renamed only once, so a rotation is one atomic step.
 */

/** Where incomplete lines are moved. */
export const tornPath = (path: string) => `${path}.torn`;

/** Windows has neither these modes nor syncable directories. */
const isPosix = process.platform !== "win32";

/**
 * Makes open() itself refuse symbolic links, as a check before it would be a race, and wait for no other end of a FIFO
 * that another user put there.
 */
const SAFE_FLAGS = isPosix ? constants.O_NOFOLLOW | constants.O_NONBLOCK : 0;

/** The full files, oldest first. */
export async function rotatedFiles(path: string): Promise<string[]> {
  return (await rotatedNumbers(path)).map((number) => rotatedPath(path, number));
}

/** The path that the newest file gets when it is full. */
export async function nextRotatedPath(path: string): Promise<string> {
  return rotatedPath(path, ((await rotatedNumbers(path)).at(-1) ?? 0) + 1);
}

async function rotatedNumbers(path: string): Promise<number[]> {
  const { name: stem, ext } = parse(path);
  return (await unlessMissing(readdir(dirname(path)), []))
    .filter((name) => name.startsWith(`${stem}.`) && name.endsWith(ext))
    .map((name) => name.slice(stem.length + 1, name.length - ext.length))
    .filter((number) => /^[1-9]\d*$/.test(number))
    .map(Number)
    .sort((one, other) => one - other);
}

function rotatedPath(path: string, number: number): string {
  const { name, ext } = parse(path);
  return join(dirname(path), `${name}.${number}${ext}`);
}

/** Undefined if there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await unlessMissing(lstat(path), undefined))?.size;
}

/**
 * Opens a file for reading and appending; creates it if it is missing.
 * @throws {AuditError} for a symbolic link, anything but a file, or a file that is another user's or open to them
 */
export async function openPrivate(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | SAFE_FLAGS;
  const file = await open(path, flags, 0o600).catch((error: unknown) => {
    throw refusedToOpen(path, error);
  });
  const refusal = reasonToRefuse(path, await file.stat());
  if (refusal === undefined) return file;
  await file.close();
  throw new AuditError(`${path} ${refusal}`);
}

/**
 * The same for a file beside the log, at once: nothing else happens before it is closed again.
 * @param flags how to open it, apart from what makes that safe; it is not emptied
 * @throws {AuditError} as above
 */
export function withPrivateFile<Result>(path: string, flags: number, work: (fd: number) => Result): Result {
  const fd = openAtOnce(path, flags);
  try {
    const refusal = reasonToRefuse(path, fstatSync(fd));
    if (refusal !== undefined) throw new AuditError(`${path} ${refusal}`);
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

function openAtOnce(path: string, flags: number): number {
  try {
    return openSync(path, flags | SAFE_FLAGS, 0o600);
  } catch (error) {
    throw refusedToOpen(path, error);
  }
}

/**
 * Opens a file of a log for reading, whoever it belongs to.
 * @throws {AuditError} for anything but a file
 */
export async function openToRead(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (isPosix ? constants.O_NONBLOCK : 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new AuditError(`${path} is not a file`);
}

function refusedToOpen(path: string, error: unknown): unknown {
  const code = systemCodeOf(error);
  if (code === "ELOOP") return new AuditError(`${path} is a symbolic link`);
  // A socket.
  return code === "ENXIO" ? new AuditError(`${path} is not a file`) : error;
}

function reasonToRefuse(path: string, stats: Stats): string | undefined {
  if (!stats.isFile()) return "is not a file";
  if (isPosix && !isOurs(path, stats)) return "belongs to another user";
  if (isPosix && (stats.mode & 0o077) !== 0) return "is open to other users; its mode must be 0600";
  return undefined;
}

/** Ours, or the folder's owner's, who decides about all that is in it: a mount may give everything one owner. */
function isOurs(path: string, { uid }: Stats): boolean {
  return uid === process.geteuid?.() || uid === statSync(dirname(path)).uid;
}

/**
 * Creates a directory that only its owner can enter, with its parents, in a way that survives a power cut. Step by
 * step, because the recursive form of Node.js 20 never returns where nothing can be created (/proc).
 */
export async function makeFolder(folder: string): Promise<void> {
  if ((await sizeOf(folder)) !== undefined) return;
  await makeFolder(dirname(folder));
  try {
    await mkdir(folder, 0o700);
  } catch (error) {
    if (systemCodeOf(error) !== "EEXIST") throw error;
  }
  await syncFolder(dirname(folder));
}

/**
 * Refuses a directory in which other users can replace the log's files.
 * @throws {AuditError} unless it is sticky, as /tmp is: there nobody can touch what is another's
 */
export async function checkFolder(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if (isPosix && (mode & 0o002) !== 0 && (mode & 0o1000) === 0)
    throw new AuditError(
      `${folder} can be written by every user: take that away (chmod o-w), or name a directory of your own below it`,
    );
}

/** Syncs a directory: without this a new or renamed file may be lost in a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  if (!isPosix) return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
