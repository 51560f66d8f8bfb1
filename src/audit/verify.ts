import { basename } from "node:path";
import { type ChainLink, decodeLine, genesis, type Head, restAfter, whyNotNext } from "./line.js";
import type { AuditSource, RawLine } from "./source.js";

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
  let head = genesis;
  let latest = Number.NEGATIVE_INFINITY;
  for await (const line of log.read()) {
    if (!line.ended && line.file === log.name) {
      const rest = restAfter(line.bytes, head);
      if (rest.kind === "foreign") return { ok: false, file: line.file, line: line.number, why: rest.why };
      if (rest.kind === "line") head = rest.link;
      notes.push(`${basename(log.name)} ${rest.kind === "line" ? withoutLineEnd : endsWith(line.bytes.length)}`);
      break;
    }
    const checked = checkLine(line, head);
    if (typeof checked === "string") return { ok: false, file: line.file, line: line.number, why: checked };
    const back = latest - Date.parse(checked.at);
    if (back > OUT_OF_ORDER) setBacks.push(`line ${line.number} of ${basename(line.file)}`);
    latest = Date.parse(checked.at);
    head = checked;
  }
  if (setBacks.length > 0)
    notes.push(`the clock was set back before ${setBacks.slice(0, 5).join(", ")}: times are as the clock had them`);
  notes.push(...(await log.notes()));
  return { ok: true, lines: head.seq, notes };
}

const withoutLineEnd =
  "ends with a whole line that has lost its line end, cut off while it was written or removed afterwards; it counts, and the next entry gives it one";

/** Says nothing about whether it was acknowledged: it may be the rest of a whole line. */
function endsWith(bytes: number): string {
  return `ends with ${bytes} bytes of a line that was cut off, while it was written or afterwards; they count for nothing, and the next entry sets them aside`;
}

/** The line's link, which is the new head of the chain, or what is wrong with the line. */
function checkLine({ bytes, ended }: RawLine, head: Head): ChainLink | string {
  if (!ended) return "it has no line end";
  const line = decodeLine(bytes);
  if (!line.ok) return line.why;
  return whyNotNext(line.link, head) ?? line.link;
}
