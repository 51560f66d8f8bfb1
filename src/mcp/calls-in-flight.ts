import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { CallSignals } from "../approval/channel.js";

/**
 * How long to wait for the answer to a change in flight, in milliseconds. Clients made with the MCP SDK kill a server
 * four seconds after closing its stdin, and the outcome must be recorded before that.
 */
const ANSWER_TIMEOUT = 3_000;
/** How long calls that were cut off have to record that, in milliseconds. */
const RECORD_TIMEOUT = 300;

const shuttingDown = () => new Error("the server is shutting down");

interface Call {
  readonly signal: AbortController;
  readonly sending: AbortController;
}

/** Tracks calls and shuts down in order: nothing starts, reads are cancelled, answers to sent changes are awaited. */
export class CallsInFlight {
  readonly #ending = new AbortController();
  readonly #calls = new Map<Call, Promise<unknown>>();

  get shutdownSignal(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Does the work of one call, which the shutdown waits for. Each call has its own signals: AbortSignal.any() in
   * Node.js 20 leaks a little memory per call while the server runs.
   * @param cancelled aborts when the caller cancels the call
   * @param disconnected aborts when nobody waits for the call any more, although it was not cancelled
   */
  async track<Result>(
    cancelled: AbortSignal,
    work: (signals: CallSignals) => Promise<Result>,
    disconnected?: AbortSignal,
  ): Promise<Result> {
    const call = { signal: new AbortController(), sending: new AbortController() };
    const { signal, sending } = { signal: call.signal.signal, sending: call.sending.signal };
    // A job listens for dozens of connections, which is no leak.
    setMaxListeners(0, signal, sending);
    // A change in flight when its call is cancelled still gets its answer: its outcome is asked for later.
    const ends = [cancelled, ...(disconnected ? [disconnected] : [])];
    const cancel = () => call.signal.abort(ends.find(({ aborted }) => aborted)?.reason);
    for (const end of ends) end.addEventListener("abort", cancel);
    if (ends.some(({ aborted }) => aborted)) cancel();
    if (this.shutdownSignal.aborted) call.signal.abort(this.shutdownSignal.reason);
    const done = work({ signal, sending });
    this.#calls.set(call, done);
    try {
      return await done;
    } finally {
      this.#calls.delete(call);
      for (const end of ends) end.removeEventListener("abort", cancel);
    }
  }

  /** Starts the shutdown; resolves when all calls have ended or are given up. */
  async end(): Promise<void> {
    this.#ending.abort(shuttingDown());
    for (const call of this.#calls.keys()) call.signal.abort(shuttingDown());
    await this.#settled(ANSWER_TIMEOUT);
    for (const call of this.#calls.keys()) call.sending.abort(shuttingDown());
    await this.#settled(RECORD_TIMEOUT);
  }

  async #settled(within: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#calls.values()), setTimeout(within, undefined, { ref: false })]);
  }
}
