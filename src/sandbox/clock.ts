/**
 * Time inside the sandbox. The hour is the real one, so that signatures and certificates stay honest; only waiting is
 * shortened: with `speed` 60, a review that takes ten minutes is over after ten seconds.
 */
export class SandboxClock {
  readonly #now: () => number;
  readonly #speed: number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now, speed = 1) {
    this.#now = now;
    this.#speed = speed;
  }

  now(): Date {
    return new Date(this.#now());
  }

  /** Milliseconds that have passed inside the sandbox since `start`. */
  since(start: Date): number {
    return (this.#now() - start.getTime()) * this.#speed;
  }
}
