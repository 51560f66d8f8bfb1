import { AuditError } from "./errors.js";
import { type ChainLink, decodeLine, genesis, type Head, restAfter, whyNotNext } from "./line.js";
import type { AuditSource } from "./source.js";

/** A line of the log whose hash and place in the chain are right. */
export interface VerifiedLine {
  readonly link: ChainLink;
  /** The line without what links it. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Without the line end. */
  readonly bytes: Buffer;
}

/** The chain breaks; the message names the first bad line. */
export class BrokenChain extends AuditError {}

/**
 * The lines of a log from its first to its last, each checked.
 * @param after a line that was checked earlier, of a log that can be continued: only those after it
 * @throws {BrokenChain} at the first line that is not what was written after the one before
 * @throws {NoAuditLog} if there is no log
 */
export async function* verifiedLines(log: AuditSource, after: Head = genesis): AsyncGenerator<VerifiedLine> {
  let head = after;
  for await (const { file, number, bytes, ended } of log.read(after)) {
    const broken = (why: string) => new BrokenChain(`the chain is broken at line ${number} of ${file}: ${why}`);
    if (!ended) {
      const rest = file === log.name ? restAfter(bytes, head) : undefined;
      if (rest === undefined) throw broken("it has no line end");
      if (rest.kind === "foreign") throw broken(rest.why);
      // What was cut off while it was written counts for nothing.
      if (rest.kind === "beginning") return;
    }
    const line = decodeLine(bytes);
    const why = line.ok ? whyNotNext(line.link, head) : line.why;
    if (!line.ok || why !== undefined) throw broken(why ?? "it is not a line of this log");
    yield { link: line.link, entry: line.entry, bytes };
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
