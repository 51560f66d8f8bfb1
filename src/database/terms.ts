import { z } from "zod";
import type { TermsStore } from "../standing-approvals/terms-files.js";
import type { Database } from "./database.js";
import { retryWhileUnreachable } from "./errors.js";
import { derivedKey } from "./signing.js";

/**
 * The terms of standing approvals, under MACs with a key that the database never sees: it can lose terms, but not forge
 * them.
 */
export class DatabaseTerms implements TermsStore {
  readonly #database: Database;
  readonly #realm: string;
  readonly #key: Buffer;

  constructor(database: Database, realm: string, stateKey: Buffer) {
    this.#database = database;
    this.#realm = realm;
    // The sandbox's approvals have another one.
    this.#key = derivedKey(stateKey, `standing approvals ${realm}`);
  }

  read() {
    return this.#database.rows(
      z.object({ id: z.string(), text: z.string() }),
      "SELECT id, body AS text FROM cloudcert.standing_approval WHERE realm = $1 ORDER BY id",
      [this.#realm],
    );
  }

  async write(id: string, text: string, anchoredAt: number): Promise<void> {
    await retryWhileUnreachable(() =>
      this.#database.run(
        `INSERT INTO cloudcert.standing_approval AS present (realm, id, anchored_at, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (realm, id) DO UPDATE SET anchored_at = excluded.anchored_at, body = excluded.body
         WHERE present.anchored_at <= excluded.anchored_at`,
        [this.#realm, id, anchoredAt, text],
      ),
    );
  }

  async key(): Promise<Buffer> {
    return this.#key;
  }

  keyToWrite(): Promise<Buffer> {
    return this.key();
  }
}
