import { AuditError } from "./errors.js";
import { type ChainLink, decodeLine, genesis, type Head, restAfter, whyNotNext } from "./line.js";
import type { AuditSource, RawLine } from "./source.js";

/** A line of the log whose hash and place in the chain are right. */
export interface VerifiedLine extends RawLine {
  readonly link: ChainLink;
  /** The line without what links it. */
  readonly entry: Readonly<Record<string, unknown>>;
}

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
 * The lines of a log from its first to its last, each checked.
 * @param after a line that was checked earlier, of a log that can be continued: only those after it
 * @param cutOff hears of bytes at the end that were cut off while they were written, which count for nothing
 * @throws {BrokenChain} at the first line that is not what was written after the one before
 * @throws {NoAuditLog} if there is no log
 */
export async function* verifiedLines(
  log: AuditSource,
  after: Head = genesis,
  cutOff: (bytes: number) => void = () => {},
): AsyncGenerator<VerifiedLine> {
  let head = after;
  for await (const raw of log.read(after)) {
    const { file, bytes, ended } = raw;
    if (!ended) {
      const rest = file === log.name ? restAfter(bytes, head) : undefined;
      if (rest === undefined) throw new BrokenChain(raw, "it has no line end");
      if (rest.kind === "foreign") throw new BrokenChain(raw, rest.why);
      if (rest.kind === "beginning") return cutOff(bytes.length);
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
