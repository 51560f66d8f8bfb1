import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import { backoff, type CallQuota, countedTogether, type RateSlot, type Rates } from "../cloud/rate-limit.js";
import { memoize } from "../lib/memoize.js";
import type { TimeSource } from "../lib/time-source.js";
import { ToolError, unsent } from "../lib/tool-error.js";
import type { Queries } from "./queries.js";

/** How long a call may keep its place, in milliseconds: longer than any takes. Then its server counts as dead. */
const LEASE = 5 * 60_000;

/** How long the first in line waits before it looks again for a place that a call in progress gives back. */
const POLL_INTERVAL = 60;

/** How often a place is given back before it is left to come free by itself. */
const ATTEMPTS = 5;
const FIRST_PAUSE = 200;

export interface SharedRatesOptions extends Pick<TimeSource, "elapsed" | "pause"> {
  readonly database: Queries;
  /** Whose calls the vendor counts: servers with the same account share its places. */
  readonly accountOf: (operation: Operation) => string;
  /** From 0 to 1. */
  readonly random: () => number;
  /** {@link LEASE} if absent. */
  readonly lease?: number;
}

/**
 * The vendors' rate limits, kept jointly by all servers on one database. A place becomes free one window after its call
 * was answered, by the database's clock; a dead server's place becomes free when its lease and the window are over.
 * Within one process it is first come, first served; between servers, the first to look gets the place.
 */
export class SharedRates implements Rates {
  readonly #windowOf: (operation: Operation) => SharedWindow;

  constructor(options: SharedRatesOptions) {
    const { accountOf } = options;
    this.#windowOf = memoize(
      (operation) => new SharedWindow(accountOf(operation), countedTogether(operation), options),
      (operation) => JSON.stringify([accountOf(operation), countedTogether(operation).name]),
    );
  }

  async enter(operation: Operation, atMost: number, signal: AbortSignal): Promise<RateSlot | undefined> {
    try {
      return await this.#windowOf(operation).enter(atMost, signal);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const { kind, happened, next } = error.details;
      throw unsent(kind, `${operation.name} was not sent. ${happened}`, next);
    }
  }

  throttled(operation: Operation): void {
    void this.#windowOf(operation).slowDown();
  }

  succeeded(operation: Operation): void {
    void this.#windowOf(operation).recover();
  }
}

const takenPlace = z.object({
  place: z.number(),
  /** Until it may be used, in milliseconds. */
  wait: z.number(),
  wasFreeAt: z.string(),
  backoff: z.number(),
});
const occupancy = z.object({ occupied: z.coerce.number(), next: z.number().nullable() });

/** When a place that is given back is free. */
const afterWindow = "clock_timestamp() + $5::float8 * w.backoff * interval '1 ms'";
const asBefore = "$5::timestamptz";

class SharedWindow {
  readonly #key: readonly [account: string, counted: string];
  readonly #size: number;
  readonly #period: number;
  readonly #options: SharedRatesOptions;
  #isSetUp = false;
  /** Calls of this process that wait; the first of them alone looks for a place. */
  readonly #waiting: (() => void)[] = [];
  #isTaking = false;
  /** As last heard from the database. */
  #backoff = 1;

  constructor(account: string, { name, size, period }: CallQuota, options: SharedRatesOptions) {
    this.#key = [account, name];
    this.#size = size;
    this.#period = period;
    this.#options = options;
  }

  async enter(atMost: number, signal: AbortSignal): Promise<RateSlot | undefined> {
    const { elapsed } = this.#options;
    const giveUpAt = elapsed() + atMost;
    // At least one window for each round of calls of this process that came before.
    if (Math.floor(this.#waiting.length / this.#size) * this.#period * this.#backoff > atMost) return undefined;
    if (!(await this.#waitTurn(signal))) return undefined;
    try {
      await this.#setUp();
      return await this.#takeSlot(giveUpAt, signal);
    } finally {
      this.#isTaking = false;
      this.#waiting.shift()?.();
    }
  }

  async slowDown(): Promise<void> {
    await this.#setBackoff(`least($4::float8, backoff * $3::float8)`, [backoff.slower, backoff.slowest]);
  }

  async recover(): Promise<void> {
    if (this.#backoff > 1) await this.#setBackoff(`greatest($4::float8, backoff * $3::float8)`, [backoff.recovery, 1]);
  }

  /** @returns whether it is this call's turn to look; false if `signal` aborts before */
  #waitTurn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (!this.#isTaking) {
      this.#isTaking = true;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = () => {
        signal.removeEventListener("abort", leave);
        this.#isTaking = true;
        resolve(true);
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        resolve(false);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(turn);
    });
  }

  async #takeSlot(giveUpAt: number, signal: AbortSignal): Promise<RateSlot | undefined> {
    const { elapsed, pause, random } = this.#options;
    while (!signal.aborted) {
      const holder = randomUUID();
      const found = await this.#take(holder, Math.max(0, giveUpAt - elapsed()));
      if (found !== undefined) return await this.#slotAt(found, holder, signal);
      const { occupied, next } = await this.#occupancy();
      const remaining = giveUpAt - elapsed();
      // Only what calls in progress give back could still come in time.
      if (remaining < 0 || (occupied === 0 && (next ?? 0) > remaining)) return undefined;
      await pause(POLL_INTERVAL * (0.5 + random()), signal).catch(() => {});
    }
    return undefined;
  }

  /** Waits until the place that was taken in advance may be used. */
  async #slotAt(
    { place, wait, wasFreeAt, backoff }: z.output<typeof takenPlace>,
    holder: string,
    signal: AbortSignal,
  ): Promise<RateSlot | undefined> {
    this.#backoff = backoff;
    if (wait > 0) await this.#options.pause(wait, signal).catch(() => {});
    const slot = {
      leave: () => void this.#free([place, holder, this.#period], afterWindow),
      giveBack: () => void this.#free([place, holder, wasFreeAt], asBefore),
    };
    if (!signal.aborted) return slot;
    slot.giveBack();
    return undefined;
  }

  /** Takes the place that is free first, if it is so within `atMost` milliseconds. */
  async #take(holder: string, atMost: number): Promise<z.output<typeof takenPlace> | undefined> {
    const { database, lease = LEASE } = this.#options;
    const [found] = await database.rows(
      takenPlace,
      `WITH first AS (
         SELECT place, free_at, greatest(0, extract(epoch FROM free_at - clock_timestamp()) * 1000)::float8 AS wait
         FROM cloudcert.rate_place
         WHERE account = $1 AND counted = $2 AND place < $3
           AND free_at <= clock_timestamp() + least($4::float8, 86400000) * interval '1 ms'
           AND (holder IS NULL OR free_at <= clock_timestamp())
         ORDER BY free_at LIMIT 1 FOR UPDATE SKIP LOCKED
       )
       UPDATE cloudcert.rate_place p
       SET holder = $5, free_at = clock_timestamp() + (first.wait + $6::float8) * interval '1 ms'
       FROM first, cloudcert.rate_window w
       WHERE p.account = $1 AND p.counted = $2 AND p.place = first.place AND w.account = $1 AND w.counted = $2
       RETURNING p.place, first.wait, first.free_at::text AS "wasFreeAt", w.backoff`,
      [...this.#key, this.#size, Math.min(atMost, 86_400_000), holder, lease + this.#period],
    );
    return found;
  }

  /** How many places calls in progress have, and in how many milliseconds the first of the others is free. */
  async #occupancy(): Promise<z.output<typeof occupancy>> {
    const [now = { occupied: 0, next: null }] = await this.#options.database.rows(
      occupancy,
      `SELECT count(*) FILTER (WHERE holder IS NOT NULL AND free_at > clock_timestamp()) AS occupied,
         (extract(epoch FROM min(free_at) FILTER (WHERE holder IS NULL) - clock_timestamp()) * 1000)::float8 AS next
       FROM cloudcert.rate_place WHERE account = $1 AND counted = $2 AND place < $3`,
      [...this.#key, this.#size],
    );
    return now;
  }

  /** Gives a place back; if the database is away for long, its lease ends by itself. */
  async #free(held: readonly [place: number, holder: string, when: number | string], at: string): Promise<void> {
    const { database, pause } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await database.run(
          `UPDATE cloudcert.rate_place p SET holder = NULL, free_at = ${at} FROM cloudcert.rate_window w
           WHERE p.account = $1 AND p.counted = $2 AND p.place = $3 AND p.holder = $4
             AND w.account = $1 AND w.counted = $2`,
          [...this.#key, ...held],
        );
        return;
      } catch {
        if (attempt === ATTEMPTS) return;
        await pause(FIRST_PAUSE * 2 ** attempt, new AbortController().signal).catch(() => {});
      }
    }
  }

  async #setBackoff(expression: string, values: readonly number[]): Promise<void> {
    try {
      const [found] = await this.#options.database.rows(
        z.object({ backoff: z.number() }),
        `UPDATE cloudcert.rate_window SET backoff = ${expression} WHERE account = $1 AND counted = $2 RETURNING backoff`,
        [...this.#key, ...values],
      );
      this.#backoff = found?.backoff ?? this.#backoff;
    } catch {
      // The next call that is throttled or passes sets it.
    }
  }

  async #setUp(): Promise<void> {
    if (this.#isSetUp) return;
    const { database } = this.#options;
    await database.run(
      "INSERT INTO cloudcert.rate_window (account, counted) VALUES ($1, $2) ON CONFLICT DO NOTHING",
      this.#key,
    );
    await database.run(
      `INSERT INTO cloudcert.rate_place (account, counted, place)
       SELECT $1, $2, place FROM generate_series(0, $3::int - 1) AS place ON CONFLICT DO NOTHING`,
      [...this.#key, this.#size],
    );
    this.#isSetUp = true;
  }
}
