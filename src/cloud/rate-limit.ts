import type { Operation } from "../catalogue/operation.js";
import { memoize } from "../lib/memoize.js";
import type { TimeSource } from "../lib/time-source.js";

/*
 * Keeps to the vendors' limits on our side: calls wait here instead of being refused there. A place becomes free one
 * whole window after its answer came, because only then has the cloud certainly counted the call: it counts on arrival,
 * which may be later than sending on a busy machine or network. First come, first served.
 *
 * No limiter that we looked at on npm adapts, returns the place of a cancelled call, and accepts an external clock.
 */

/** Keeps calls within the vendors' rates: alone, or together with other servers. */
export interface Rates {
  /**
   * Waits in line for a place.
   * @returns undefined if the wait would be longer than `atMost` milliseconds, or if `signal` aborts
   * @throws {ToolError} if it cannot be known whether there is a place; nothing was sent
   */
  enter(operation: Operation, atMost: number, signal: AbortSignal): Promise<RateSlot | undefined>;
  /** The cloud throttled a call: the limit is lower than documented, or shared with others. */
  throttled(operation: Operation): void;
  succeeded(operation: Operation): void;
}

/** A place among the calls that may be in progress. */
export interface RateSlot {
  /** The call was answered or failed. */
  leave(): void;
  /** The call was never sent: the next one gets its place at once, with the time that it became free. */
  giveBack(): void;
}

/** Calls that a vendor counts together, and how many it takes in a period. */
export interface CallQuota {
  readonly name: string;
  readonly size: number;
  /** In milliseconds. */
  readonly period: number;
}

/** What a vendor counts together: the calls of one operation, or all of a service; it does not know our variants. */
export function countedTogether({ service: { rate, id }, name }: Operation): CallQuota {
  return { name: rate.per === "account" ? id : `${id}/${name}`, size: rate.calls, period: rate.perSeconds * 1000 };
}

/** By which factor throttling slows down, at most, and recovers with each successful call. */
export const backoff = { slower: 1.5, slowest: 8, recovery: 0.97 };

type Clock = Pick<TimeSource, "elapsed" | "pause">;

/** The rates of this process alone. */
export class RateLimit implements Rates {
  readonly #windowOf: (operation: Operation) => Window;

  constructor(clock: Clock) {
    this.#windowOf = memoize(
      (operation) => new Window(countedTogether(operation), clock),
      (operation) => countedTogether(operation).name,
    );
  }

  enter(operation: Operation, atMost: number, signal: AbortSignal): Promise<RateSlot | undefined> {
    return this.#windowOf(operation).enter(atMost, signal);
  }

  throttled(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.backoffFactor = Math.min(backoff.slowest, window.backoffFactor * backoff.slower);
  }

  succeeded(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.backoffFactor = Math.max(1, window.backoffFactor * backoff.recovery);
  }
}

class Window {
  readonly #size: number;
  readonly #period: number;
  readonly #clock: Clock;
  /** When the unoccupied places can be taken, the earliest first. */
  readonly #free: number[];
  /** Calls that wait for an occupied place. */
  readonly #line: ((freeAt: number) => void)[] = [];
  /** Multiplies the period: 1 at the documented rate, more after throttling. */
  backoffFactor = 1;

  constructor({ size, period }: CallQuota, clock: Clock) {
    this.#size = size;
    this.#period = period;
    this.#clock = clock;
    this.#free = Array.from({ length: size }, () => Number.NEGATIVE_INFINITY);
  }

  async enter(atMost: number, signal: AbortSignal): Promise<RateSlot | undefined> {
    if (this.#expectedWait() > atMost) return undefined;
    const freeAt = this.#free.shift() ?? (await this.#standInLine(signal));
    if (freeAt === undefined) return undefined;
    const { elapsed, pause } = this.#clock;
    if (freeAt > elapsed()) await pause(freeAt - elapsed(), signal).catch(() => {});
    const place = {
      leave: () => this.#release(elapsed() + this.#period * this.backoffFactor),
      giveBack: () => this.#release(freeAt),
    };
    if (!signal.aborted) return place;
    place.giveBack();
    return undefined;
  }

  /** @returns when the place can be taken; undefined if `signal` aborts, because places may stay occupied for long */
  #standInLine(signal: AbortSignal): Promise<number | undefined> {
    return new Promise((resolve) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(enter), 1);
        resolve(undefined);
      };
      const enter = (freeAt: number) => {
        signal.removeEventListener("abort", leave);
        resolve(freeAt);
      };
      if (signal.aborted) return resolve(undefined);
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(enter);
    });
  }

  /** The minimum: until the next free place, or if there is none, one window per round of calls in line. */
  #expectedWait(): number {
    const period = this.#period * this.backoffFactor;
    const next = this.#free[0];
    if (next !== undefined) return Math.max(0, next - this.#clock.elapsed());
    return (Math.floor(this.#line.length / this.#size) + 1) * period;
  }

  /** @param freeAt when the place can be taken */
  #release(freeAt: number): void {
    const first = this.#line.shift();
    if (first !== undefined) {
      first(freeAt);
      return;
    }
    const before = this.#free.findLastIndex((at) => at <= freeAt);
    this.#free.splice(before + 1, 0, freeAt);
  }
}
