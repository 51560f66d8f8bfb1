import type { FileHandle } from "node:fs/promises";
import { readAt } from "../lib/read-at.js";
import { AuditError } from "./errors.js";
import { decodeLine, type Head, LONGEST_LINE, NEWLINE } from "./line.js";

/** The end of a file of the log. */
export interface Tail {
  /** The last whole line, without its line end; undefined if the file has none. */
  readonly lastLine: Buffer | undefined;
  /** What follows the last line end. */
  readonly torn: Buffer;
  /** Where the last whole line ends, in bytes from the start. */
  readonly end: number;
}

/** Bytes read first; more only if they hold no whole line. */
const FIRST_READ = 8 * 1024;

/** Enough for a whole line and the start of another. */
const LONGEST_READ = 2 * LONGEST_LINE;

export async function readTail(file: FileHandle): Promise<Tail> {
  const { size } = await file.stat();
  for (let length = Math.min(size, FIRST_READ); ; length = Math.min(size, length * 8)) {
    const bytes = await readAt(file, size - length, length);
    const end = bytes.lastIndexOf(NEWLINE);
    const start = end <= 0 ? -1 : bytes.lastIndexOf(NEWLINE, end - 1);
    const whole = length === size || length > LONGEST_READ;
    if (start === -1 && !whole) continue;
    return {
      lastLine: end === -1 ? undefined : bytes.subarray(start + 1, end),
      torn: bytes.subarray(end + 1),
      end: size - length + end + 1,
    };
  }
}

/** @throws {AuditError} if the line is damaged: a broken chain is not continued */
export function headOf(path: string, lastLine: Buffer): Head {
  const line = decodeLine(lastLine);
  if (!line.ok) throw damaged(path, line.why);
  return line.link;
}

export function damaged(path: string, why: string): AuditError {
  return new AuditError(`the last line of ${path} is damaged: ${why}`);
}
