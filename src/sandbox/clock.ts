/**
 * Time inside the sandbox. The clock shows real time, which keeps signatures and certificates valid; only waiting is
 * shortened: with `speed` 60, a ten-minute review takes ten seconds.
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

  /** Milliseconds of sandbox time since `start`. */
  since(start: Date): number {
    return (this.#now() - start.getTime()) * this.#speed;
  }
}
