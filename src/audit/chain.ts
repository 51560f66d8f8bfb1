import { basename } from "node:path";
import { AuditError } from "./errors.js";
import { type ChainLink, decodeLine, genesis, type Head, restAfter, whyNotNext } from "./line.js";
import { readLog } from "./read-log.js";

/** A line that follows from all lines before it. */
export interface CheckedLine {
  readonly link: ChainLink;
  readonly entry: Readonly<Record<string, unknown>>;
}

/**
 * The lines of a log from the first one, each checked against the one before. A line that was cut off at the end counts
 * for nothing.
 * @throws {NoAuditLog} if there is no log
 * @throws {AuditError} at the first line that does not follow
 */
export async function* checkedLines(path: string): AsyncGenerator<CheckedLine> {
  let head: Head = genesis;
  for await (const { file, number, bytes, ended } of readLog(path)) {
    const broken = (why: string) =>
      new AuditError(`the audit log is broken: ${basename(file)}, line ${number}: ${why}`);
    if (!ended && file === path) {
      const rest = restAfter(bytes, head);
      if (rest.kind === "foreign") throw broken(rest.why);
      if (rest.kind === "beginning") return;
    }
    const line = decodeLine(bytes);
    const why = line.ok ? whyNotNext(line.link, head) : line.why;
    if (!line.ok || why !== undefined) throw broken(why ?? "it cannot be read");
    head = line.link;
    yield { link: line.link, entry: line.entry };
  }
}
