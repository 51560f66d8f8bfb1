import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Claim } from "../jobs/store.js";
import type { Database } from "./database.js";
import { DatabaseError } from "./errors.js";

/** How long a lease lasts from its last renewal, by the database's clock, in milliseconds. */
const LEASE = 8_000;

const RENEWAL = 2_000;

/** How long to wait for another process's lease: that of one that was killed has lapsed by then. */
const CLAIM_TIMEOUT = LEASE + 2_000;

/** Named leases, each held by one process at a time. A process that dies loses its leases when they lapse. */
export class Leases {
  readonly #database: Database;
  /** Names this process; no other has had it. */
  readonly #instance: string;
  /** The leases of this process: holder by name. */
  readonly #holders = new Map<string, string>();

  constructor(database: Database, instance: string) {
    this.#database = database;
    this.#instance = instance;
  }

  /** The mark under which this process holds the lease, as far as it knows. */
  holderOf(name: string): string | undefined {
    return this.#holders.get(name);
  }

  /** @returns undefined if another process holds it all the time */
  async claim(name: string, timeout = CLAIM_TIMEOUT): Promise<Claim | undefined> {
    const deadline = performance.now() + timeout;
    for (;;) {
      const holder = randomUUID();
      const requestedAt = performance.now();
      const taken = await this.#database.run(
        `INSERT INTO cloudcert.lease AS present (name, instance, holder, expires_at)
         VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE
         SET instance = excluded.instance, holder = excluded.holder, expires_at = excluded.expires_at
         WHERE present.expires_at < clock_timestamp()`,
        [name, this.#instance, holder, LEASE],
      );
      if (taken > 0) return this.#hold(name, holder, requestedAt);
      if (performance.now() > deadline) return undefined;
      // Random, to keep waiting processes from colliding again.
      await pause(50 + Math.random() * 150);
    }
  }

  #hold(name: string, holder: string, asked: number): Claim {
    let until = asked + LEASE;
    let isTaken = false;
    this.#holders.set(name, holder);
    const renew = async () => {
      const startedAt = performance.now();
      const renewed = await this.#database.run(
        "UPDATE cloudcert.lease SET expires_at = clock_timestamp() + $3 * interval '1 millisecond' WHERE name = $1 AND holder = $2",
        [name, holder, LEASE],
      );
      if (renewed > 0) until = startedAt + LEASE;
      else isTaken = true;
    };
    let renewing: Promise<void> | undefined;
    const timer = setInterval(() => {
      renewing ??= renew()
        // It stays held until it lapses; the next renewal may come in time.
        .catch(() => {})
        .finally(() => {
          renewing = undefined;
        });
    }, RENEWAL);
    timer.unref();
    return {
      isHeld: () => !isTaken && performance.now() < until,
      release: async () => {
        clearInterval(timer);
        await renewing;
        if (this.#holders.get(name) === holder) this.#holders.delete(name);
        try {
          await this.#database.run("DELETE FROM cloudcert.lease WHERE name = $1 AND holder = $2", [name, holder]);
        } catch (error) {
          // A lease that cannot be released lapses.
          if (!(error instanceof DatabaseError)) throw error;
        }
      },
    };
  }
}
