import { messageOf } from "../lib/failure.js";
import { type AuditEntry, auditEntry } from "./entry.js";
import { LockLost } from "./lock.js";
import { AuditError, type AuditWriter } from "./source.js";

/** An entry that waits to be written. */
export interface WaitingEntry {
  readonly entry: AuditEntry;
  /** When it was submitted. */
  readonly at: string;
  resolve(): void;
  reject(error: Error): void;
}

/** A log for the lines of which entries queue up: those that wait at the same time are written together. */
export abstract class EntryQueue implements AuditWriter {
  readonly #redact: (json: string) => string;
  readonly #now: () => Date;
  readonly #waiting: WaitingEntry[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;

  /** @param redact applied to every entry before it is written; must return JSON */
  constructor(redact: (json: string) => string, now: () => Date = () => new Date()) {
    this.#redact = redact;
    this.#now = now;
  }

  /** Writes entries from the front, takes them off and resolves each. After a failure the others are rejected. */
  protected abstract write(waiting: WaitingEntry[]): Promise<void>;

  append(entry: AuditEntry): Promise<void> {
    const parsed = auditEntry.safeParse(JSON.parse(this.#redact(JSON.stringify(entry))));
    if (!parsed.success) return Promise.reject(new AuditError(`not an entry of the log: ${parsed.error.message}`));
    if (this.#closed) return Promise.reject(new AuditError("the log was closed"));
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ at: this.#now().toISOString(), entry: parsed.data, resolve, reject });
    });
    this.#writing ??= this.#writeWaiting();
    return written;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        await this.write(this.#waiting);
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
