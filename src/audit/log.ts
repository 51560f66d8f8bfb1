import { resolve as absolute, dirname } from "node:path";
import { messageOf } from "../lib/failure.js";
import { ChainEnd } from "./chain-end.js";
import { type AuditEntry, auditEntry } from "./entry.js";
import { AuditError } from "./errors.js";
import { makeFolder } from "./files.js";
import { type EncodedLine, encodeLine } from "./line.js";
import { LockLost, underLock } from "./lock.js";

export interface AuditLogOptions {
  /** Size at which a file is full; 10 MB by default. */
  readonly maxBytes?: number;
  readonly now?: () => Date;
  /** Applied to every entry before it is written; must return JSON. */
  readonly redact?: (json: string) => string;
}

const MAX_BYTES = 10_000_000;

/** An entry that waits to be written, with the time it was submitted. */
interface Waiting {
  readonly at: string;
  readonly entry: AuditEntry;
  resolve(): void;
  reject(error: Error): void;
}

/** A log of calls that change something: a chain of lines that several processes append to. */
export class AuditLog {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #now: () => Date;
  readonly #redact: (json: string) => string;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(path: string, options: AuditLogOptions = {}) {
    const { maxBytes = MAX_BYTES, now = () => new Date(), redact = (json) => json } = options;
    this.#path = absolute(path);
    this.#maxBytes = maxBytes;
    this.#now = now;
    this.#redact = redact;
  }

  /**
   * Records an entry; resolves when it is on disk. Entries that wait at the same time are written together. After a
   * rejection the entry may still be in the file.
   * @throws {AuditError} if it cannot be written: what it records must then not happen
   */
  append(entry: AuditEntry): Promise<void> {
    const parsed = auditEntry.safeParse(JSON.parse(this.#redact(JSON.stringify(entry))));
    if (!parsed.success) return Promise.reject(new AuditError(`not an entry of the log: ${parsed.error.message}`));
    if (this.#closed) return Promise.reject(new AuditError(`the log ${this.#path} was closed`));
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ at: this.#now().toISOString(), entry: parsed.data, resolve, reject });
    });
    this.#writing ??= this.#writeWaiting();
    return written;
  }

  /** Accepts no more entries; resolves when all are written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        await makeFolder(dirname(this.#path));
        await underLock(this.#path, async (lock) => {
          const end = await ChainEnd.open(this.#path, lock);
          await this.#writeTo(end).finally(() => end.close());
        });
      } catch (error) {
        // Nothing that still waits was written: take the lock again.
        if (error instanceof LockLost) continue;
        const failure = new AuditError(`the audit log cannot be written: ${messageOf(error)}`, { cause: error });
        for (const waiting of this.#waiting.splice(0)) waiting.reject(failure);
      }
    }
    this.#writing = undefined;
  }

  /** Writes what waits now. Later entries let other processes go first. */
  async #writeTo(end: ChainEnd): Promise<void> {
    for (let left = this.#waiting.length; left > 0; ) {
      const lines = this.#linesThatFit(end, this.#waiting.slice(0, left));
      const last = lines.at(-1);
      if (last === undefined) {
        await end.rotate();
        continue;
      }
      await end.append(Buffer.concat(lines.map(({ bytes }) => bytes)), last.head);
      left -= lines.length;
      for (const waiting of this.#waiting.splice(0, lines.length)) waiting.resolve();
    }
  }

  /** As many lines as fit the newest file; none if it is full. An empty file takes at least one. */
  #linesThatFit(end: ChainEnd, waiting: readonly Waiting[]): EncodedLine[] {
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
