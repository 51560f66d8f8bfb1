import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";
import type { ArchivedJobs } from "../jobs/archive.js";
import { type Job, withoutOwner } from "../jobs/job.js";
import { type Claim, claimTakenOver, type JobStore } from "../jobs/store.js";
import { readRecord, type StoredJobs, storedJobs, unknownBecause } from "../jobs/unreadable.js";
import type { Database } from "./database.js";
import { retryWhileUnreachable } from "./errors.js";
import { Leases } from "./leases.js";
import { DatabaseSightings } from "./sightings.js";

const row = z.object({ id: z.string(), body: z.unknown(), worker: z.string().nullable() });

/** A job, and the process that holds it: its body names the last one that did. */
const columns = `SELECT id, body, (
    SELECT instance FROM cloudcert.lease WHERE name = job.realm || ' ' || job.key AND expires_at > clock_timestamp()
  ) AS worker FROM cloudcert.job`;

/**
 * The journal of all servers that share a database. A claim is a lease; a job is written only while no other process
 * holds its lease, in the same statement, so one that was suspended and wakes up changes nothing any more.
 */
export class DatabaseJobs implements JobStore {
  readonly sightings: DatabaseSightings;
  readonly #database: Database;
  readonly #realm: string;
  readonly #instance = `${hostname()} ${randomUUID()}`;
  readonly #leases: Leases;

  /** @param realm "real", or "sandbox" */
  constructor(database: Database, realm: string) {
    this.#database = database;
    this.#realm = realm;
    this.#leases = new Leases(database, this.#instance);
    this.sightings = new DatabaseSightings(database, realm);
  }

  /** The name of a host is not enough: containers share it, and their process ids. */
  get self() {
    return { pid: process.pid, host: this.#instance };
  }

  async all(): Promise<StoredJobs> {
    return jobsIn(await this.#database.rows(row, `${columns} WHERE realm = $1 AND NOT archived`, [this.#realm]));
  }

  async create(written: Job): Promise<boolean> {
    // The same text is its own: a statement is sent again if the connection broke before its reply.
    if ((await this.#insert(written, "WHERE cloudcert.job.body::text = excluded.body::text")) > 0) return true;
    const found = await this.#database.rows(
      z.object({ id: z.string() }),
      "SELECT id FROM cloudcert.job WHERE realm = $1 AND id = $2",
      [this.#realm, written.id],
    );
    if (found.length === 0) throw claimTakenOver();
    return false;
  }

  /** Whatever plans a change has read the database. */
  async requireWritable(): Promise<void> {}

  async write(written: Job): Promise<void> {
    if ((await this.#insert(written, "")) === 0) throw claimTakenOver();
  }

  /** How many rows were written: none if another process holds the lease, or a row that is there is not to be changed. */
  #insert(written: Job, replacing: "" | "WHERE cloudcert.job.body::text = excluded.body::text"): Promise<number> {
    const name = this.#nameOf(written.key);
    return retryWhileUnreachable(() =>
      this.#database.run(
        // The lease's row stays locked until the job is written, so that nobody takes it over in between.
        `WITH lease AS MATERIALIZED (
           SELECT instance, holder, expires_at > clock_timestamp() AS live
           FROM cloudcert.lease WHERE name = $6 FOR UPDATE
         )
         INSERT INTO cloudcert.job (realm, id, key, month, body)
         SELECT $1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM lease WHERE live AND instance <> $7)
           AND ($8::uuid IS NULL OR EXISTS (SELECT 1 FROM lease WHERE holder = $8))
         ON CONFLICT (realm, id) DO UPDATE
         SET key = excluded.key, month = excluded.month, body = excluded.body, archived = false ${replacing}`,
        [
          this.#realm,
          written.id,
          written.key,
          written.startedAt.slice(0, 7),
          JSON.stringify(written),
          name,
          this.#instance,
          this.#leases.holderOf(name) ?? null,
        ],
      ),
    );
  }

  async remove(id: string): Promise<void> {
    await retryWhileUnreachable(() =>
      this.#database.run("DELETE FROM cloudcert.job WHERE realm = $1 AND id = $2", [this.#realm, id]),
    );
  }

  async noteChange(): Promise<void> {
    await retryWhileUnreachable(() =>
      this.#database.run(
        `INSERT INTO cloudcert.served_change (realm, at) VALUES ($1, clock_timestamp())
         ON CONFLICT (realm) DO UPDATE SET at = clock_timestamp()`,
        [this.#realm],
      ),
    );
  }

  /** By any server, and by the database's clock. */
  async lastChange(): Promise<number> {
    const [noted] = await this.#database.rows(
      z.object({ at: z.date() }),
      "SELECT at FROM cloudcert.served_change WHERE realm = $1",
      [this.#realm],
    );
    return noted?.at.getTime() ?? Number.NEGATIVE_INFINITY;
  }

  claim(name: string): Promise<Claim | undefined> {
    return this.#leases.claim(this.#nameOf(name));
  }

  async archive(expected: Job): Promise<boolean> {
    const claim = await this.#leases.claim(this.#nameOf(expected.key), 0);
    if (claim === undefined) return false;
    try {
      return await this.#database.transaction(async ({ rows, run }) => {
        const here = [this.#realm, expected.id];
        const found = await rows(row, `${columns} WHERE realm = $1 AND id = $2 AND NOT archived FOR UPDATE`, here);
        // The claim is this process's own now: nobody else works on it.
        const [present] = jobsIn(found.map((each) => ({ ...each, worker: null }))).jobs;
        if (JSON.stringify(present) !== JSON.stringify(withoutOwner(expected))) return false;
        await run("UPDATE cloudcert.job SET archived = true WHERE realm = $1 AND id = $2", here);
        return true;
      });
    } finally {
      await claim.release();
    }
  }

  async archived(): Promise<ArchivedJobs> {
    const months = await this.#database.rows(
      z.object({ month: z.string(), count: z.coerce.number() }),
      "SELECT month, count(*) FROM cloudcert.job WHERE realm = $1 AND archived GROUP BY month ORDER BY month",
      [this.#realm],
    );
    return { count: months.reduce((sum, { count }) => sum + count, 0), months: months.map(({ month }) => month) };
  }

  async archivedJob(id: string): Promise<Job | undefined> {
    const found = await this.#database.rows(row, `${columns} WHERE realm = $1 AND id = $2 AND archived`, [
      this.#realm,
      id,
    ]);
    const { jobs, unreadable } = jobsIn(found);
    if (unreadable.length > 0) throw unknownBecause(`What job ${id} did`, unreadable);
    return jobs[0];
  }

  async archivedIn(month: string): Promise<StoredJobs> {
    return jobsIn(
      await this.#database.rows(row, `${columns} WHERE realm = $1 AND archived AND month = $2`, [this.#realm, month]),
    );
  }

  #nameOf(key: string): string {
    return `${this.#realm} ${key}`;
  }
}

/** The owner, only as long as it holds its lease: after that nobody works on the job. */
function jobsIn(found: readonly z.output<typeof row>[]): StoredJobs {
  return storedJobs(
    found.map(({ id, body, worker }) => {
      const record = readRecord(id, `${id} in the database`, body);
      if (!("job" in record)) return record;
      return { job: record.job.owner?.host === worker ? record.job : withoutOwner(record.job) };
    }),
  );
}
