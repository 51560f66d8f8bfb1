import { basename } from "node:path";
import { sizeOf, tornPath } from "./files.js";
import { decodeLine, genesis, type Head, isTornLine, type Link } from "./line.js";
import { type RawLine, readLog } from "./read-log.js";

export type AuditReport = { readonly ok: true; readonly lines: number; readonly notes: readonly string[] } | BadLine;

/** The first line at which the chain breaks. */
export interface BadLine {
  readonly ok: false;
  readonly file: string;
  /** Within the file, from 1. */
  readonly line: number;
  readonly why: string;
}

/**
 * Follows the chain from its first line over all files. It finds a line that was altered, removed, added, repeated or
 * moved.
 *
 * What a chain cannot show: that its newest lines were cut off, and that all of it was written anew by someone who may
 * write to the file. Whoever must rule that out keeps the newest line's number and hash, or a copy of the log, where
 * this user cannot write.
 * @throws {NoAuditLog} when there is no log
 */
export async function verifyAudit(path: string): Promise<AuditReport> {
  const notes: string[] = [];
  let head = genesis;
  for await (const line of readLog(path)) {
    if (!line.ended && line.file === path && isTornLine(line.bytes, head)) {
      notes.push(`${basename(path)} ends with ${cutOff(line.bytes.length)}; the next entry sets them aside`);
      break;
    }
    const checked = checkLine(line, head);
    if (typeof checked === "string") return { ok: false, file: line.file, line: line.number, why: checked };
    head = checked;
  }
  const torn = await sizeOf(tornPath(path));
  if (torn !== undefined) notes.push(`${basename(tornPath(path))} keeps ${cutOff(torn)}`);
  if ((await sizeOf(path)) === undefined) notes.push(`${basename(path)} is missing: removed, or cut off in a rotation`);
  return { ok: true, lines: head.seq, notes };
}

function cutOff(bytes: number): string {
  return `${bytes} bytes that were cut off while they were written, and so never acknowledged`;
}

/** The new head of the chain, or what is wrong with the line. */
function checkLine({ bytes, ended }: RawLine, head: Head): Head | string {
  if (!ended) return "it has no line end";
  const line = decodeLine(bytes);
  if (!line.ok) return line.why;
  return whyNotNext(line.link, head) ?? line.link;
}

function whyNotNext({ seq, prev }: Link, head: Head): string | undefined {
  const expected = head.seq + 1;
  if (seq < expected) return `it is line ${seq} of the log, repeated or moved: line ${expected} belongs here`;
  if (seq === expected + 1) return `line ${expected} of the log is missing before it`;
  if (seq > expected) return `lines ${expected} to ${seq - 1} of the log are missing before it`;
  if (prev !== head.hash) return "it does not follow the line before: one of the two was replaced";
  return undefined;
}
