import { z } from "zod";
import { nowIn, type Queries } from "./queries.js";
import type { Sealer } from "./sealing.js";

const sealedRecord = z.object({ record: z.string(), until: z.number() });

/**
 * What the team's pages remember of a login, for all servers on one database. Sealed, and bound to its place and its end:
 * whoever can read the table learns nothing, and whoever can write to it logs nobody in and makes no login last.
 */
export class PostgresPageRecords {
  readonly #queries: Queries;
  readonly #sealer: Sealer;

  constructor(queries: Queries, sealer: Sealer) {
    this.#queries = queries;
    this.#sealer = sealer;
  }

  async keep(digest: string, record: string, lasts: number): Promise<void> {
    if (!(await this.claim(digest, lasts, record))) throw new Error("a record of the pages is there already");
  }

  /** One statement, so that only one server gets it. */
  async claim(digest: string, lasts: number, record = ""): Promise<boolean> {
    const until = (await nowIn(this.#queries)).getTime() + lasts;
    const sealed = this.#sealer.sealText(JSON.stringify({ record, until }), digest);
    const inserted = await this.#queries.run(
      `INSERT INTO cloudcert.page_record (digest, record, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT (digest) DO UPDATE SET record = excluded.record, expires_at = excluded.expires_at
         WHERE page_record.expires_at <= clock_timestamp()`,
      [digest, sealed, new Date(until)],
    );
    return inserted === 1;
  }

  async find(digest: string): Promise<string | undefined> {
    const [row] = await this.#queries.rows(
      z.object({ record: z.string(), now: z.date() }),
      "SELECT record, clock_timestamp() AS now FROM cloudcert.page_record WHERE digest = $1",
      [digest],
    );
    if (row === undefined) return undefined;
    const opened = this.#sealer.openText(row.record, digest);
    if (opened === undefined) return undefined;
    const { record, until } = sealedRecord.parse(JSON.parse(opened));
    return row.now.getTime() < until ? record : undefined;
  }

  /** Deletes those that have expired; to be called regularly. */
  async tidy(): Promise<void> {
    await this.#queries.run("DELETE FROM cloudcert.page_record WHERE expires_at <= clock_timestamp()");
  }

  async remove(digest: string): Promise<void> {
    await this.#queries.run("DELETE FROM cloudcert.page_record WHERE digest = $1", [digest]);
  }
}
