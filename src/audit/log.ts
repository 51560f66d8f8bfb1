import { resolve as absolute, dirname } from "node:path";
import { ChainEnd } from "./chain-end.js";
import { EntryQueue, type WaitingEntry } from "./entry-queue.js";
import { checkFolder, makeFolder } from "./files.js";
import { type EncodedLine, encodeLine } from "./line.js";
import { underLock } from "./lock.js";

interface AuditLogOptions {
  /** Size at which a file is full; 10 MB by default. */
  readonly maxBytes?: number;
  readonly now?: () => Date;
  /** Applied to every entry before it is written; must return JSON. */
  readonly redact: (json: string) => string;
}

const MAX_BYTES = 10_000_000;

/** A log of calls that change something: a chain of lines that several processes append to. */
export class AuditLog extends EntryQueue {
  readonly #path: string;
  readonly #maxBytes: number;

  constructor(path: string, options: AuditLogOptions) {
    super(options.redact, options.now);
    this.#path = absolute(path);
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  protected async write(waiting: WaitingEntry[]): Promise<void> {
    await makeFolder(dirname(this.#path));
    await checkFolder(dirname(this.#path));
    await underLock(this.#path, async (isHeld) => {
      const end = await ChainEnd.open(this.#path, isHeld);
      await this.#writeTo(end, waiting).finally(() => end.close());
    });
  }

  /** Writes what waits now. Later entries let other processes go first. */
  async #writeTo(end: ChainEnd, waiting: WaitingEntry[]): Promise<void> {
    for (let left = waiting.length; left > 0; ) {
      const lines = this.#linesThatFit(end, waiting.slice(0, left));
      const last = lines.at(-1);
      if (last === undefined) {
        await end.rotate();
        continue;
      }
      await end.append(Buffer.concat(lines.map(({ bytes }) => bytes)), last.head);
      left -= lines.length;
      for (const each of waiting.splice(0, lines.length)) each.resolve();
    }
  }

  /** As many lines as fit the newest file; none if it is full. An empty file takes at least one. */
  #linesThatFit(end: ChainEnd, waiting: readonly WaitingEntry[]): EncodedLine[] {
    const lines: EncodedLine[] = [];
    let { head, size } = end;
    for (const { at, entry } of waiting) {
      const line = encodeLine(head, { at, pid: process.pid }, entry);
      if (size > 0 && size + line.bytes.length > this.#maxBytes) break;
      lines.push(line);
      ({ head } = line);
      size += line.bytes.length;
    }
    return lines;
  }
}
