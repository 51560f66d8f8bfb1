/** The time that one call has for all its tries; its caller may end it sooner. */
export class Deadline {
  /** The whole of it, in milliseconds. */
  readonly length: number;
  readonly #elapsed: () => number;
  readonly #caller: AbortSignal;
  readonly #endsAt: number;
  readonly #end = new AbortController();
  readonly #takeBack = () => this.#end.abort(this.#caller.reason);
  readonly #timer: NodeJS.Timeout;

  /** @param elapsed milliseconds since some moment; unlike the hour it never jumps */
  constructor(length: number, caller: AbortSignal, elapsed: () => number) {
    this.length = length;
    this.#elapsed = elapsed;
    this.#caller = caller;
    this.#endsAt = elapsed() + length;
    // Not AbortSignal.timeout() and AbortSignal.any(): Node may collect such a timer, and it never fires.
    this.#timer = setTimeout(() => this.#end.abort(new Error("timeout")), length);
    if (caller.aborted) this.#takeBack();
    else caller.addEventListener("abort", this.#takeBack, { once: true });
  }

  /** Aborts when the time is over or the caller takes the call back. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Whether the caller took the call back. */
  get cancelled(): boolean {
    return this.#caller.aborted;
  }

  /** Whether the time is over. */
  get expired(): boolean {
    return this.signal.aborted && !this.cancelled;
  }

  /** Milliseconds; none when it is over. */
  left(): number {
    return Math.max(0, this.#endsAt - this.#elapsed());
  }

  /** Lets go of the timer and the caller. */
  close(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this.#takeBack);
  }
}
