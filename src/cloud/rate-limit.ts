import type { Operation } from "../catalogue/operation.js";
import type { CallDeadline } from "./deadline.js";

/**
 * The vendors' limits, kept on our side: who waits here is not refused there. A place in the window is free again a whole
 * window after its answer came, because only then it is certain that the cloud had counted the call by then: what counts
 * is when requests arrive, and on a busy machine or network that is not when they left. First come, first served.
 *
 * None of the limiters on npm that were looked at adapts, gives a place back when the call is taken back, and takes its
 * clock from outside.
 */

/** A throttled service is asked more slowly, at most this many times. */
const SLOWEST = 8;
const SLOWER = 1.5;
/** With each call that went through, the pace recovers by this factor. */
const RECOVERY = 0.97;

export interface RateLimitOptions {
  /** Milliseconds since some moment; unlike the hour it never jumps. */
  readonly elapsed: () => number;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Who waits; asked for a signal only where there is a wait. */
export type WaitSignal = Pick<CallDeadline, "aborted" | "signal">;

export class RateLimit {
  readonly #options: RateLimitOptions;
  /** By the service or the operation that the vendor counts, which knows no variants of ours. */
  readonly #windows = new Map<string, Window>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /**
   * Waits in line for a place.
   * @returns undefined where the wait would be longer than `atMost` milliseconds, at once, or where `waiting` ended
   */
  enter(operation: Operation, atMost: number, waiting: WaitSignal): Promise<RateSlot | undefined> {
    return this.#windowOf(operation).enter(atMost, waiting);
  }

  /** The cloud refused a call because of its rate: the limit is lower than documented, or others share it. */
  throttled(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.backoffFactor = Math.min(SLOWEST, window.backoffFactor * SLOWER);
  }

  passed(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.backoffFactor = Math.max(1, window.backoffFactor * RECOVERY);
  }

  #windowOf(operation: Operation): Window {
    const { rate, id } = operation.service;
    const counted = rate.per === "account" ? id : `${id}/${operation.name}`;
    const known = this.#windows.get(counted);
    if (known !== undefined) return known;
    const window = new Window(rate.calls, rate.perSeconds * 1000, this.#options);
    this.#windows.set(counted, window);
    return window;
  }
}

/** A place among the calls that may be under way. */
export class RateSlot {
  readonly #window: Window;
  readonly #wasFreeAt: number;

  constructor(window: Window, wasFreeAt: number) {
    this.#window = window;
    this.#wasFreeAt = wasFreeAt;
  }

  /** The call has had its answer, or has failed. */
  leave(): void {
    this.#window.free(this.#window.freeAfterLeaving());
  }

  /** The call never left, so that the next may have its place at once, worth what it was. */
  giveBack(): void {
    this.#window.free(this.#wasFreeAt);
  }
}

class Window {
  readonly #size: number;
  readonly #period: number;
  readonly #options: RateLimitOptions;
  /** When the places that nobody holds can be taken, the earliest first. */
  readonly #free: number[];
  /** Those who wait for a place that somebody holds. */
  readonly #line: ((freeAt: number) => void)[] = [];
  /** 1 at the documented pace. */
  backoffFactor = 1;

  constructor(size: number, period: number, options: RateLimitOptions) {
    this.#size = size;
    this.#period = period;
    this.#options = options;
    this.#free = Array.from({ length: size }, () => Number.NEGATIVE_INFINITY);
  }

  async enter(atMost: number, waiting: WaitSignal): Promise<RateSlot | undefined> {
    if (this.#expectedWait() > atMost) return undefined;
    const freeAt = this.#free.shift() ?? (await this.#standInLine(waiting.signal));
    if (freeAt === undefined) return undefined;
    const { elapsed, pause } = this.#options;
    if (freeAt > elapsed()) await pause(freeAt - elapsed(), waiting.signal).catch(() => {});
    const place = new RateSlot(this, freeAt);
    if (!waiting.aborted) return place;
    place.giveBack();
    return undefined;
  }

  /** @returns when the place can be taken; undefined when `signal` aborts: whoever holds the places may hold them long */
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

  /** At the least: those before it in line, a window for each round, counted from the place that is free next. */
  #expectedWait(): number {
    const period = this.#period * this.backoffFactor;
    const next = this.#free[0];
    if (next !== undefined) return Math.max(0, next - this.#options.elapsed());
    return (Math.floor(this.#line.length / this.#size) + 1) * period;
  }

  /** When a place can be taken that is left now. */
  freeAfterLeaving(): number {
    return this.#options.elapsed() + this.#period * this.backoffFactor;
  }

  /** @param freeAt when the place can be taken */
  free(freeAt: number): void {
    const first = this.#line.shift();
    if (first !== undefined) {
      first(freeAt);
      return;
    }
    const before = this.#free.findLastIndex((at) => at <= freeAt);
    this.#free.splice(before + 1, 0, freeAt);
  }
}
