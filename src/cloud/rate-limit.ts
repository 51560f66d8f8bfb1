import type { Operation } from "../catalogue/operation.js";
import type { Service } from "../catalogue/services.js";

/**
 * The vendors' limits, kept on our side: who waits here is not refused there. A window that slides, because a cloud's own
 * window begins where it likes; first come, first served. None of the limiters on npm that were looked at adapts, gives a
 * place back when the call is taken back, and takes its clock from outside.
 */

/** How much longer than documented a window is: requests do not arrive at the distance at which they left. */
const MARGIN = 1.02;
/** A throttled service is asked more slowly, at most this many times. */
const SLOWEST = 8;
const SLOWER = 1.5;
/** With each call that went through, the pace recovers by this factor. */
const RECOVERY = 0.97;

interface Window {
  /** When the calls of the window may leave, in milliseconds; the oldest first, those that wait included. */
  readonly departures: number[];
  /** 1 at the documented pace. */
  slowness: number;
}

export class RateLimit {
  readonly #now: () => number;
  readonly #windows = new Map<string, Window>();

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes the next place in line.
   * @returns how long to wait for it, in milliseconds; undefined where that is longer than `atMost`: then none is taken
   */
  take(operation: Operation, atMost: number): number | undefined {
    const { departures, slowness } = this.#windowOf(operation);
    const { calls, perSeconds } = operation.service.rate;
    const period = perSeconds * 1000 * MARGIN * slowness;
    const now = this.#now();
    const before = departures.at(-calls);
    const departure = Math.max(now, departures.at(-1) ?? now, before === undefined ? now : before + period);
    if (departure - now > atMost) return undefined;
    departures.push(departure);
    if (departures.length > calls) departures.splice(0, departures.length - calls);
    return departure - now;
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

  #windowOf({ name, service }: Operation): Window {
    const key = keyOf(name, service);
    const window = this.#windows.get(key) ?? { departures: [], slowness: 1 };
    this.#windows.set(key, window);
    return window;
  }
}

function keyOf(name: string, { id, rate }: Service): string {
  return rate.per === "account" ? id : `${id}/${name}`;
}
