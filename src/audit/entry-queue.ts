import { messageOf } from "../lib/failure.js";
import { type AuditEntry, auditEntry } from "./entry.js";
import { AuditError } from "./errors.js";
import { LockLost } from "./lock.js";

/** An entry that waits to be written. */
export interface WaitingEntry {
  readonly entry: AuditEntry;
  /** When it was submitted. */
  readonly at: string;
  resolve(): void;
  reject(error: Error): void;
}

export interface EntryQueueOptions {
  readonly now: () => Date;
  /** Applied to every entry before it is written; must return JSON. */
  readonly redact: (json: string) => string;
  /** Writes entries from the front, takes them off and resolves each. After a failure the others are rejected. */
  readonly write: (waiting: WaitingEntry[]) => Promise<void>;
}

/** What is to be written into a log: entries that wait at the same time are written together. */
export class EntryQueue {
  readonly #options: EntryQueueOptions;
  readonly #waiting: WaitingEntry[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: EntryQueueOptions) {
    this.#options = options;
  }

  /** @throws {AuditError} if it cannot be written; it may then still be in the log */
  append(entry: AuditEntry): Promise<void> {
    const { now, redact } = this.#options;
    const parsed = auditEntry.safeParse(JSON.parse(redact(JSON.stringify(entry))));
    if (!parsed.success) return Promise.reject(new AuditError(`not an entry of the log: ${parsed.error.message}`));
    if (this.#closed) return Promise.reject(new AuditError("the log was closed"));
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ at: now().toISOString(), entry: parsed.data, resolve, reject });
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
        await this.#options.write(this.#waiting);
      } catch (error) {
        // Nothing that still waits was written: take the lock again.
        if (error instanceof LockLost) continue;
        const failure = new AuditError(`the audit log cannot be written: ${messageOf(error)}`, { cause: error });
        for (const waiting of this.#waiting.splice(0)) waiting.reject(failure);
      }
    }
    this.#writing = undefined;
  }
}
