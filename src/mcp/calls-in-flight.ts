import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";

/**
 * How long a change that has been sent may take to hear its answer, in milliseconds. Clients made with the MCP SDK kill
 * a server four seconds after they closed its stdin, and what came of the change is to be written down before that.
 */
const HEAR_OUT = 3_000;
/** How long calls have to write down that they were cut off, in milliseconds. */
const WRITE_DOWN = 300;

const goingAway = () => new Error("the server is going away");

/** What ends a call. */
export interface CallSignals {
  /** Aborts with the call, or as soon as the server is going away: nothing begins after that. */
  readonly signal: AbortSignal;
  /** Aborts when the server waits no longer: until then a change that is being sent may still hear its answer. */
  readonly sending: AbortSignal;
}

interface Call {
  readonly signal: AbortController;
  readonly sending: AbortController;
}

/** The life of a server, and its end in order: nothing begins, reads are taken back, sent changes are heard out. */
export class CallsInFlight {
  readonly #ending = new AbortController();
  readonly #calls = new Map<Call, Promise<unknown>>();

  /** Aborts when the end begins. */
  get shutdownSignal(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Does the work of one call, which the end waits for. Its signals are its own: with AbortSignal.any(), Node.js 20
   * keeps a little of every call for as long as the server lives.
   * @param taken aborts when the caller takes the call back
   */
  async track<Result>(taken: AbortSignal, work: (signals: CallSignals) => Promise<Result>): Promise<Result> {
    const call = { signal: new AbortController(), sending: new AbortController() };
    const { signal, sending } = { signal: call.signal.signal, sending: call.sending.signal };
    // A whole job ends dozens of connections by them, which is no leak.
    setMaxListeners(0, signal, sending);
    // What is being sent when its call is taken back is heard out: whether it took effect is asked for later.
    const takeBack = () => call.signal.abort(taken.reason);
    if (taken.aborted) takeBack();
    else taken.addEventListener("abort", takeBack);
    if (this.shutdownSignal.aborted) call.signal.abort(this.shutdownSignal.reason);
    const done = work({ signal, sending });
    this.#calls.set(call, done);
    try {
      return await done;
    } finally {
      this.#calls.delete(call);
      taken.removeEventListener("abort", takeBack);
    }
  }

  /** Brings the end about; resolves when no call is at work any more, or would not come to its end. */
  async end(): Promise<void> {
    this.#ending.abort(goingAway());
    for (const call of this.#calls.keys()) call.signal.abort(goingAway());
    await this.#settled(HEAR_OUT);
    for (const call of this.#calls.keys()) call.sending.abort(goingAway());
    await this.#settled(WRITE_DOWN);
  }

  async #settled(within: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#calls.values()), setTimeout(within, undefined, { ref: false })]);
  }
}
