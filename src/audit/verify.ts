import { basename } from "node:path";
import type { JsonObject } from "../lib/json.js";
import { type ChainLink, classifyTail, decodeLine, genesis, type Head, whyNotNext } from "./line.js";
import { AuditError, type AuditSource, type RawLine } from "./source.js";

/** The chain breaks; the message names the first bad line. */
export class BrokenChain extends AuditError {
  readonly file: string;
  /** In the file, from 1. */
  readonly line: number;
  readonly why: string;

  constructor({ file, number }: RawLine, why: string) {
    super(`the chain is broken at line ${number} of ${file}: ${why}`);
    this.file = file;
    this.line = number;
    this.why = why;
  }
}

/**
 * The lines of a log from its first to its last, each with right hash and place in the chain; `entry` is the line
 * without what links it.
 * @param after a line that was checked earlier, of a log that can be continued: only those after it
 * @param cutOff hears of bytes at the end that were cut off while they were written, which count for nothing
 * @throws {BrokenChain} at the first line that is not what was written after the one before
 * @throws {NoAuditLog} if there is no log
 */
export async function* verifiedLines(
  log: AuditSource,
  after: Head = genesis,
  cutOff: (bytes: number) => void = () => {},
): AsyncGenerator<RawLine & { readonly link: ChainLink; readonly entry: JsonObject }> {
  let head = after;
  for await (const raw of log.read(after)) {
    const { file, bytes, ended } = raw;
    if (!ended) {
      const tail = file === log.name ? classifyTail(bytes, head) : undefined;
      if (tail === undefined) throw new BrokenChain(raw, "it has no line end");
      if (tail.kind === "foreign") throw new BrokenChain(raw, tail.why);
      if (tail.kind === "beginning") return cutOff(bytes.length);
    }
    const line = decodeLine(bytes);
    const why = line.ok ? whyNotNext(line.link, head) : line.why;
    if (!line.ok || why !== undefined) throw new BrokenChain(raw, why ?? "it is not a line of this log");
    yield { ...raw, link: line.link, entry: line.entry };
    head = line.link;
  }
}

/**
 * The newest line of a log, whose whole chain is checked; undefined if it has none yet.
 * @throws {BrokenChain} if it breaks anywhere
 */
export async function headOfLog(log: AuditSource): Promise<Head | undefined> {
  let head: Head | undefined;
  for await (const { link } of verifiedLines(log)) head = { seq: link.seq, hash: link.hash };
  return head;
}

/** What a check found; the first line at which the chain breaks. */
export type AuditReport =
  | { readonly ok: true; readonly lines: number; readonly notes: readonly string[] }
  | ({ readonly ok: false } & Pick<BrokenChain, "file" | "line" | "why">);

/** Processes take turns to write what they collected; a larger step back, in milliseconds, means a changed clock. */
export const CLOCK_TOLERANCE = 60_000;

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
  const noteEnd = (says: string) => notes.push(`${basename(log.name)} ${says}`);
  try {
    for await (const { link, file, number, ended } of verifiedLines(log, genesis, (bytes) =>
      noteEnd(cutOffText(bytes)),
    )) {
      lines = link.seq;
      if (!ended) noteEnd(withoutLineEnd);
      const at = Date.parse(link.at);
      if (latest - at > CLOCK_TOLERANCE) setBacks.push(`line ${number} of ${basename(file)}`);
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
function cutOffText(bytes: number): string {
  return `ends with ${bytes} bytes of a line that was cut off, while it was written or afterwards; they count for nothing, and the next entry sets them aside`;
}
