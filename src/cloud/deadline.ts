/** The moment until which a call has to be answered. */
export class Deadline {
  readonly #at: number;
  readonly #now: () => Date;

  constructor(ms: number, now: () => Date) {
    this.#now = now;
    this.#at = now().getTime() + ms;
  }

  /** Milliseconds; none when it is over. */
  left(): number {
    return Math.max(0, this.#at - this.#now().getTime());
  }
}
