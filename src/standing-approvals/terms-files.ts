import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { messageOf, systemCodeOf, unlessMissing } from "../lib/failure.js";
import { takeLock } from "../lib/lock.js";
import { type ToolError, unsent } from "../lib/tool-error.js";

/** Where the terms of standing approvals are kept, each under its id, and the key of their MACs. */
export interface TermsStore {
  /** All of them, by id, unverified. */
  read(): Promise<readonly { readonly id: string; readonly text: string }[]>;
  /** Keeps a text. One that was anchored at a later line of the audit log is not replaced by an earlier one. */
  write(id: string, text: string, anchoredAt: number): Promise<void>;
  /** The key that MACs are checked with; undefined if there is none. */
  key(): Promise<Buffer | undefined>;
  /** The key that MACs are made with. */
  keyToWrite(): Promise<Buffer>;
}

/** In bytes. */
const keyLength = 32;

/** How long to wait for another process that creates the key, in milliseconds. */
const LOCK_TIMEOUT = 4_000;

const fileName = /^(sa-[0-9a-f]{8})\.json$/;

/** A file for each, and one with the key, which is created on first use. Errors of the system are the operator's to mend. */
export class TermsFiles implements TermsStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async read() {
    return this.#explainFailure("read", async () => {
      const names = await unlessMissing(readdir(this.#directory), []);
      const ids = names.flatMap((name) => fileName.exec(name)?.[1] ?? []).sort();
      const text = (id: string) => unlessMissing(readFile(this.#path(id), "utf8"), "");
      return Promise.all(ids.map(async (id) => ({ id, text: await text(id) })));
    });
  }

  write(id: string, text: string): Promise<void> {
    return this.#explainFailure("written", async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#path(id), text, { mode: 0o600 });
    });
  }

  /** Undefined also for a file with anything but a key: MACs made with that would prove nothing. */
  async key(): Promise<Buffer | undefined> {
    const key = await this.#explainFailure("read", () => this.#storedKey());
    return key?.length === keyLength ? key : undefined;
  }

  keyToWrite(): Promise<Buffer> {
    return this.#explainFailure("written", async () => {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      const release = await takeLock(this.#keyPath, LOCK_TIMEOUT, () => {});
      try {
        const present = await this.#storedKey();
        if (present?.length === keyLength) return present;
        if (present !== undefined) throw this.#damaged(present);
        const key = randomBytes(keyLength);
        // In one step: a process that is killed leaves no part of a key.
        await writeFileAtomic(this.#keyPath, key, { mode: 0o600 });
        return key;
      } finally {
        // A lock that cannot be released goes stale.
        await release().catch(() => {});
      }
    });
  }

  #storedKey(): Promise<Buffer | undefined> {
    return unlessMissing(readFile(this.#keyPath), undefined);
  }

  #damaged(key: Buffer): ToolError {
    return unsent(
      "configuration",
      `The key of the standing approvals, ${this.#keyPath}, is damaged: it has ${key.length} bytes instead of ${keyLength}.`,
      "Ask the operator to put it back from a backup, or to delete it: the standing approvals that were given with it no longer count then, and a person gives them anew.",
    );
  }

  async #explainFailure<Value>(be: "read" | "written", work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (systemCodeOf(error) === undefined) throw error;
      throw unsent(
        "configuration",
        `The standing approvals in ${this.#directory} cannot be ${be}: ${messageOf(error)}.`,
        "Ask the operator to make that directory and its files readable and writable to the user that runs this server (chown), or to name another audit log (--audit-log): they are kept beside it.",
      );
    }
  }

  get #keyPath(): string {
    return join(this.#directory, "mac.key");
  }

  #path(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}
