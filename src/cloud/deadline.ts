/** What may end a call before its time. */
export interface Ending {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** @param callInfo when it ends, unless that has been already */
  tell(callInfo: () => void): void;
  forget(callInfo: () => void): void;
}

/**
 * The time that one call has for all its tries; its caller may end it sooner. It is no AbortSignal and no EventTarget: in
 * Node 20 to make one and to listen to it takes a tenth of the time that a whole call does.
 */
export class CallDeadline implements Ending {
  /** The whole of it, in milliseconds. */
  readonly length: number;
  readonly #elapsed: () => number;
  readonly #caller: AbortSignal;
  readonly #endsAt: number;
  readonly #takeBack = () => this.#end(this.#caller.reason);
  readonly #timer: NodeJS.Timeout;
  #aborted = false;
  #reason: unknown;
  readonly #listeners = new Set<() => void>();
  #controller: AbortController | undefined;

  /** @param elapsed milliseconds since some moment; unlike the hour it never jumps */
  constructor(length: number, caller: AbortSignal, elapsed: () => number) {
    this.length = length;
    this.#elapsed = elapsed;
    this.#caller = caller;
    this.#endsAt = elapsed() + length;
    // Not AbortSignal.timeout() and AbortSignal.any(): Node may collect such a timer, and it never fires.
    this.#timer = setTimeout(() => this.#end(new Error("timeout")), length);
    if (caller.aborted) this.#takeBack();
    else caller.addEventListener("abort", this.#takeBack, { once: true });
  }

  /** Whether the time is over or the caller took the call back. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** Why it ended. */
  get reason(): unknown {
    return this.#reason;
  }

  /** The same as a signal, for those that wait and can do with nothing else. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Whether the caller took the call back. */
  get cancelled(): boolean {
    return this.#caller.aborted;
  }

  /** Whether the time is over. */
  get expired(): boolean {
    return this.#aborted && !this.cancelled;
  }

  tell(callInfo: () => void): void {
    this.#listeners.add(callInfo);
  }

  forget(callInfo: () => void): void {
    this.#listeners.delete(callInfo);
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

  #end(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const callInfo of this.#listeners) callInfo();
  }
}
