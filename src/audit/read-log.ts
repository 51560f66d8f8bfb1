import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { unlessMissing } from "../lib/failure.js";
import { safe, verbatim } from "../lib/safe-text.js";
import { openToRead, rotatedFiles, sizeOf, tornPath } from "./files.js";
import { MAX_LINE_LENGTH, NEWLINE } from "./line.js";
import { type AuditSource, NoAuditLog, type RawLine } from "./source.js";

/** A log in files. */
export function auditFiles(path: string): AuditSource {
  return { name: path, read: () => readLog(path), canContinue: false, notes: () => notesOn(path) };
}

async function notesOn(path: string): Promise<readonly string[]> {
  const torn = await sizeOf(tornPath(path));
  return [
    ...(torn === undefined
      ? []
      : [`${basename(tornPath(path))} keeps ${torn} bytes of unfinished lines that were found at its end`]),
    ...((await sizeOf(path)) === undefined ? [`${basename(path)} is missing: removed, or cut off in a rotation`] : []),
  ];
}

/**
 * The lines of all files of a log, oldest first, as of the start of the reading.
 * @throws {NoAuditLog} if there is none
 */
async function* readLog(path: string): AsyncGenerator<RawLine> {
  // Opened before the others are listed, and recognised among them: a rotation in between neither hides a file nor
  // shows one twice.
  const newest = await unlessMissing(openToRead(path), undefined);
  try {
    const rotated = await rotatedFiles(path);
    if (newest === undefined && rotated.length === 0)
      throw new NoAuditLog(safe`there is no audit log at ${verbatim(path)}`);
    for (const file of rotated) {
      const handle = await openToRead(file);
      try {
        if (newest !== undefined && (await isSameFile(handle, newest))) break;
        yield* linesOf(file, handle);
      } finally {
        await handle.close();
      }
    }
    if (newest !== undefined) yield* linesOf(path, newest);
  } finally {
    await newest?.close();
  }
}

/** Ends early at a line longer than the log's limit. */
async function* linesOf(file: string, handle: FileHandle): AsyncGenerator<RawLine> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(handle)) {
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE, start)) {
      number += 1;
      yield { file, number, bytes: rest.subarray(start, end), ended: true };
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MAX_LINE_LENGTH) break;
  }
  if (rest.length > 0) yield { file, number: number + 1, bytes: rest, ended: false };
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function isSameFile(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [{ dev, ino }, otherStats] = await Promise.all([one.stat(), other.stat()]);
  return dev === otherStats.dev && ino === otherStats.ino;
}
