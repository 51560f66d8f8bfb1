import type { AuditEntry } from "./audit/entry.js";
import { type Refused, refusal } from "./refusals.js";

export interface RecordOptions {
  readonly audit: { append(entry: AuditEntry): Promise<void> };
  /** Where trouble with the audit log is told; never stdout. */
  readonly log: (line: string) => void;
}

/** What the gate writes into the audit log. */
export class AuditRecord {
  readonly #options: RecordOptions;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /** Writes down what is about to happen; when that fails, it does not happen. */
  async before(refused: Refused, entry: AuditEntry): Promise<void> {
    if (!(await this.#append(entry))) throw refusal(refused, "no record");
  }

  /** Writes down what has happened; when that fails, the reply must still tell the truth. */
  async after(entry: AuditEntry): Promise<void> {
    await this.#append(entry);
  }

  async #append(entry: AuditEntry): Promise<boolean> {
    try {
      await this.#options.audit.append(entry);
      return true;
    } catch (error) {
      this.#options.log(`audit log: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}
