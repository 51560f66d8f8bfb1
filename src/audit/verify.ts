import { basename } from "node:path";
import { genesis } from "./line.js";
import type { AuditSource } from "./source.js";
import { BrokenChain, verifiedLines } from "./verified-lines.js";

export type AuditReport = { readonly ok: true; readonly lines: number; readonly notes: readonly string[] } | BadLine;

/** Processes take turns to write what they collected; a larger step back, in milliseconds, means a changed clock. */
const OUT_OF_ORDER = 60_000;

/** The first line at which the chain breaks. */
export interface BadLine {
  readonly ok: false;
  readonly file: string;
  /** In the file, from 1. */
  readonly line: number;
  readonly why: string;
}

/**
 * Follows the chain from its first line through all files. It finds lines that were altered, removed, added, repeated
 * or moved.
 *
 * A chain cannot show that its newest lines were cut off, or that somebody with write access rewrote all of it. To rule
 * that out, keep the newest line's number and hash, or a copy of the log, where this user cannot write.
 * @throws {NoAuditLog} if there is no log
 */
export async function verifyAudit(log: AuditSource): Promise<AuditReport> {
  const notes: string[] = [];
  const setBacks: string[] = [];
  let lines = 0;
  let latest = Number.NEGATIVE_INFINITY;
  const ending = (says: string) => notes.push(`${basename(log.name)} ${says}`);
  try {
    for await (const { link, file, number, ended } of verifiedLines(log, genesis, (bytes) => ending(endsWith(bytes)))) {
      lines = link.seq;
      if (!ended) ending(withoutLineEnd);
      const at = Date.parse(link.at);
      if (latest - at > OUT_OF_ORDER) setBacks.push(`line ${number} of ${basename(file)}`);
      latest = at;
    }
  } catch (error) {
    if (error instanceof BrokenChain) return { ok: false, file: error.file, line: error.line, why: error.why };
    throw error;
  }
  if (setBacks.length > 0)
    notes.push(`the clock was set back before ${setBacks.slice(0, 5).join(", ")}: times are as the clock had them`);
  notes.push(...(await log.notes()));
  return { ok: true, lines, notes };
}

const withoutLineEnd =
  "ends with a whole line that has lost its line end, cut off while it was written or removed afterwards; it counts, and the next entry gives it one";

/** Says nothing about whether it was acknowledged: it may be the rest of a whole line. */
function endsWith(bytes: number): string {
  return `ends with ${bytes} bytes of a line that was cut off, while it was written or afterwards; they count for nothing, and the next entry sets them aside`;
}
