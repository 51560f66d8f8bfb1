/** The time that one call has for all its attempts; its caller may end it sooner. */
export class CallDeadline {
  /** The total, in milliseconds. */
  readonly length: number;
  /** Aborts when the time is up or the caller cancels the call. */
  readonly signal: AbortSignal;
  /** Releases the timer and the listener on the caller's signal. */
  readonly close: () => void;
  readonly #elapsed: () => number;
  readonly #caller: AbortSignal;
  readonly #endsAt: number;

  /** @param elapsed milliseconds from a monotonic clock */
  constructor(length: number, caller: AbortSignal, elapsed: () => number) {
    this.length = length;
    this.#elapsed = elapsed;
    this.#caller = caller;
    this.#endsAt = elapsed() + length;
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
    return Math.max(0, this.#endsAt - this.#elapsed());
  }
}
