import { z } from "zod";
import type { Queries } from "./queries.js";

const found = z.object({ record: z.string() });

/** What the team's pages remember of a login, for all servers on one database. */
export class PostgresPageRecords {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async keep(digest: string, record: string, lasts: number): Promise<void> {
    await this.#queries.run("DELETE FROM cloudcert.page_record WHERE expires_at <= clock_timestamp()");
    await this.#queries.run(
      `INSERT INTO cloudcert.page_record (digest, record, expires_at)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))`,
      [digest, record, lasts / 1_000],
    );
  }

  async find(digest: string): Promise<string | undefined> {
    const [row] = await this.#queries.rows(
      found,
      "SELECT record FROM cloudcert.page_record WHERE digest = $1 AND expires_at > clock_timestamp()",
      [digest],
    );
    return row?.record;
  }

  /** One statement, so that only one server gets it. */
  async take(digest: string): Promise<string | undefined> {
    const [row] = await this.#queries.rows(
      z.object({ record: z.string(), valid: z.boolean() }),
      "DELETE FROM cloudcert.page_record WHERE digest = $1 RETURNING record, expires_at > clock_timestamp() AS valid",
      [digest],
    );
    return row?.valid ? row.record : undefined;
  }
}
