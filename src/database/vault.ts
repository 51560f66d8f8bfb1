import { z } from "zod";
import { type NewEntry, usualLimits } from "../secrets/vault/vault.js";
import type { Database } from "./database.js";
import type { Sealer } from "./sealing.js";

/** Whose an entry is. */
interface VaultOwner {
  readonly account: string;
  readonly person: string;
}

/** How long an entry is kept after it was last put there, in seconds: each can be read from its cloud again. */
const LIFETIME = 30 * 60;

const CHANNEL = "vault";

const content = z.object({
  content: z.enum(["private key", "certificate", "csr", "letter", "password", "archive"]),
  text: z.string(),
  operation: z.string(),
  member: z.string(),
  owner: z.string().optional(),
});

const row = z.object({
  reference: z.string(),
  account: z.string(),
  person: z.string(),
  kept_at: z.date(),
  expires_at: z.date(),
  key: z.string(),
  nonce: z.instanceof(Buffer),
  sealed: z.instanceof(Buffer),
});

/**
 * The vaults of persons for all servers on one database: sealed, so that the database cannot read them, bound to their
 * owner, so that it cannot give one to another person, and short-lived.
 */
export class DatabaseVault {
  readonly #database: Database;
  readonly #realm: string;
  readonly #sealer: Sealer;

  constructor(database: Database, realm: string, sealer: Sealer) {
    this.#database = database;
    this.#realm = realm;
    this.#sealer = sealer;
  }

  async keep(reference: string, owner: VaultOwner, entry: NewEntry): Promise<void> {
    const { key, nonce, sealed } = this.#sealer.seal(JSON.stringify(entry), this.#placeOf(reference, owner));
    await this.#database.transaction(async (queries) => {
      await queries.run(
        `INSERT INTO cloudcert.vault_entry (reference, realm, account, person, expires_at, key, nonce, sealed)
         VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5), $6, $7, $8)
         ON CONFLICT (reference) DO UPDATE SET kept_at = clock_timestamp(), expires_at = excluded.expires_at,
           key = excluded.key, nonce = excluded.nonce, sealed = excluded.sealed`,
        [reference, this.#realm, owner.account, owner.person, LIFETIME, key, nonce, sealed],
      );
      // No server holds more of them: it would drop the oldest of what it reads.
      await queries.run(
        `DELETE FROM cloudcert.vault_entry WHERE reference IN (
           SELECT reference FROM cloudcert.vault_entry WHERE realm = $1 AND account = $2 AND person = $3
           ORDER BY kept_at DESC, reference OFFSET $4)`,
        [this.#realm, owner.account, owner.person, usualLimits.entries],
      );
      await queries.run("SELECT pg_notify($1, '')", [CHANNEL]);
    });
  }

  /**
   * Those that have not expired, in the order in which they were kept. Entries that cannot be opened are skipped.
   * @param since only those that were kept after it
   */
  async keptSince(since: Date | undefined) {
    const rows = await this.#database.rows(
      row,
      `SELECT reference, account, person, kept_at, expires_at, key, nonce, sealed FROM cloudcert.vault_entry
       WHERE realm = $1 AND expires_at > clock_timestamp() AND kept_at > $2 ORDER BY kept_at`,
      [this.#realm, since ?? new Date(0)],
    );
    return rows.flatMap(({ reference, account, person, kept_at: keptAt, expires_at: expiresAt, ...sealed }) => {
      const owner = { account, person };
      const text = this.#sealer.open(sealed, this.#placeOf(reference, owner));
      return text === undefined
        ? []
        : [{ reference, owner, keptAt, expiresAt, entry: content.parse(JSON.parse(text)) }];
    });
  }

  /** Deletes those that have expired; to be called regularly. */
  async tidy(): Promise<void> {
    await this.#database.run("DELETE FROM cloudcert.vault_entry WHERE expires_at <= clock_timestamp()");
  }

  /** Calls back when an entry was kept by any server, and when that may have been missed. @returns ends it */
  watch(changed: () => void): () => void {
    return this.#database.listen(CHANNEL, changed);
  }

  #placeOf(reference: string, { account, person }: VaultOwner): string {
    return JSON.stringify([this.#realm, account, person, reference]);
  }
}
