/** The time that one call has for all its attempts; its caller may end it sooner. */
export class CallDeadline {
  /** The total, in milliseconds. */
  readonly length: number;
  /** Aborts when the time is up or the caller cancels the call. */
  readonly signal: AbortSignal;
  /** Releases the timer and the listener on the caller's signal. */
  readonly close: () => void;
  readonly #elapsed: () => number;
  readonly #now: (() => Date) | undefined;
  readonly #caller: AbortSignal;
  readonly #endsAt: number;
  readonly #endsAtTime: number;

  /**
   * @param elapsed milliseconds from a monotonic clock
   * @param now the wall clock, where nothing may be sent after the computer has slept: the other may stop meanwhile
   */
  constructor(length: number, caller: AbortSignal, elapsed: () => number, now?: () => Date) {
    this.length = length;
    this.#elapsed = elapsed;
    this.#caller = caller;
    this.#now = now;
    this.#endsAt = elapsed() + length;
    this.#endsAtTime = now === undefined ? Number.POSITIVE_INFINITY : now().getTime() + length;
    const controller = new AbortController();
    this.signal = controller.signal;
    // Not AbortSignal.timeout() and AbortSignal.any(): Node may garbage-collect such a timer, and then it never fires.
    const timer = setTimeout(() => controller.abort(new Error("timeout")), length);
    const cancel = () => controller.abort(caller.reason);
    if (caller.aborted) cancel();
    else caller.addEventListener("abort", cancel, { once: true });
    this.close = () => {
      clearTimeout(timer);
      caller.removeEventListener("abort", cancel);
    };
  }

  /** Whether the caller cancelled the call. */
  get cancelled(): boolean {
    return this.#caller.aborted;
  }

  /** Whether the time is up. */
  get expired(): boolean {
    return this.signal.aborted && !this.cancelled;
  }

  /** Milliseconds left; 0 when the time is up. */
  left(): number {
    const byWall = this.#endsAtTime - (this.#now?.().getTime() ?? 0);
    return Math.max(0, Math.min(this.#endsAt - this.#elapsed(), byWall));
  }
}
