import { setTimeout } from "node:timers/promises";

/**
 * How long a change that has been sent may take to hear its answer, in milliseconds. Clients made with the MCP SDK kill
 * a server four seconds after they closed its stdin, and what came of the change is to be written down before that.
 */
const HEAR_OUT = 3_000;
/** How long calls have to write down that they were cut off, in milliseconds. */
const WRITE_DOWN = 300;

const goingAway = () => new Error("the server is going away");

/** The life of a server, and its end in order: nothing begins, reads are taken back, sent changes are heard out. */
export class Lifetime {
  readonly #ending = new AbortController();
  readonly #over = new AbortController();
  readonly #calls = new Set<Promise<unknown>>();

  /** Aborts when the end begins. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Aborts when nothing is waited for any more. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The same work, which the end waits for. */
  async holding<Result>(work: Promise<Result>): Promise<Result> {
    this.#calls.add(work);
    try {
      return await work;
    } finally {
      this.#calls.delete(work);
    }
  }

  /** Brings the end about; resolves when no call is at work any more, or would not come to its end. */
  async end(): Promise<void> {
    this.#ending.abort(goingAway());
    await this.#settled(HEAR_OUT);
    this.#over.abort(goingAway());
    await this.#settled(WRITE_DOWN);
  }

  async #settled(within: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#calls), setTimeout(within, undefined, { ref: false })]);
  }
}
