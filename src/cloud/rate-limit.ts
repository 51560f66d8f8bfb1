import type { Operation } from "../catalogue/operation.js";
import type { Deadline } from "./deadline.js";

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

/** A place among the calls that may be under way. */
export interface Place {
  /** The call has had its answer, or has failed. */
  leave(): void;
  /** The call never left, so that the next may have its place at once. */
  giveBack(): void;
}

/** Who waits; asked for a signal only where there is a wait. */
export type Waiting = Pick<Deadline, "aborted" | "reason" | "signal">;

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /**
   * Waits in line for a place.
   * @returns undefined, at once, where the wait would be longer than `atMost` milliseconds
   * @throws the reason why `waiting` ended, or what `pause` rejects with then
   */
  enter(operation: Operation, atMost: number, waiting: Waiting): Promise<Place | undefined> {
    return this.#windowOf(operation).enter(atMost, waiting);
  }

  /** The cloud refused a call because of its rate: the limit is lower than documented, or others share it. */
  throttled(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.slowness = Math.min(SLOWEST, window.slowness * SLOWER);
  }

  passed(operation: Operation): void {
    const window = this.#windowOf(operation);
    window.slowness = Math.max(1, window.slowness * RECOVERY);
  }

  #windowOf({ name, service: { id, rate } }: Operation): Window {
    const key = rate.per === "account" ? id : `${id}/${name}`;
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const window = new Window(rate.calls, rate.perSeconds * 1000, this.#options);
    this.#windows.set(key, window);
    return window;
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
  slowness = 1;

  constructor(size: number, period: number, options: RateLimitOptions) {
    this.#size = size;
    this.#period = period;
    this.#options = options;
    this.#free = Array.from({ length: size }, () => Number.NEGATIVE_INFINITY);
  }

  async enter(atMost: number, waiting: Waiting): Promise<Place | undefined> {
    if (this.#expectedWait() > atMost) return undefined;
    const freeAt = this.#free.shift() ?? (await this.#standInLine(waiting.signal));
    const { elapsed, pause } = this.#options;
    try {
      if (freeAt > elapsed()) await pause(freeAt - elapsed(), waiting.signal);
      if (waiting.aborted) throw waiting.reason;
    } catch (error) {
      // Nothing was sent, so the place is worth what it was.
      this.#giveBack(freeAt);
      throw error;
    }
    return {
      leave: () => this.#giveBack(elapsed() + this.#period * this.slowness),
      giveBack: () => this.#giveBack(freeAt),
    };
  }

  /** @throws the signal's reason when it aborts: whoever holds the places may hold them for long */
  #standInLine(signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(enter), 1);
        reject(signal.reason);
      };
      const enter = (freeAt: number) => {
        signal.removeEventListener("abort", leave);
        resolve(freeAt);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(enter);
    });
  }

  /** At the least: those before it in line, a window for each round, counted from the place that is free next. */
  #expectedWait(): number {
    const period = this.#period * this.slowness;
    const next = this.#free[0];
    if (next !== undefined) return Math.max(0, next - this.#options.elapsed());
    return (Math.floor(this.#line.length / this.#size) + 1) * period;
  }

  #giveBack(freeAt: number): void {
    const first = this.#line.shift();
    if (first !== undefined) {
      first(freeAt);
      return;
    }
    const behind = this.#free.findIndex((at) => at > freeAt);
    this.#free.splice(behind === -1 ? this.#free.length : behind, 0, freeAt);
  }
}
