import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { z } from "zod";
import type { TimeSource } from "../../src/lib/time-source.js";

/** How many turns of the event loop without any traffic count as quiet: what is left then waits for the time. */
const QUIET_TURNS = 6;

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * The one clock of a simulated year, for the clouds and for the program. Time passes only where somebody waits, and by
 * as much as the next of those who wait needs; never while a request or a handshake is under way.
 */
export class SimulatedClock implements TimeSource {
  readonly #traffic: Pick<Traffic, "busy">;
  readonly #told: (now: number) => Promise<void>;
  #now: number;
  #sleepers: readonly Sleeper[] = [];
  #turning = false;

  /** @param told the time, before those who wait for it wake */
  constructor(start: number, traffic: Pick<Traffic, "busy">, told: (now: number) => Promise<void> = async () => {}) {
    this.#now = start;
    this.#traffic = traffic;
    this.#told = told;
  }

  readonly now = () => new Date(this.#now);
  readonly elapsed = () => this.#now;

  readonly pause = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const end = (done: () => void) => {
        signal.removeEventListener("abort", abort);
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        done();
      };
      const abort = () => end(() => reject(signal.reason));
      const sleeper: Sleeper = { at: this.#now + ms, wake: () => end(resolve) };
      signal.addEventListener("abort", abort, { once: true });
      this.#sleepers = [...this.#sleepers, sleeper];
      if (!this.#turning) void this.#turn();
    });

  /** Nothing is asleep meanwhile. */
  forwardTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  async #turn(): Promise<void> {
    this.#turning = true;
    while (this.#sleepers.length > 0) {
      await this.#quiet();
      const [next] = [...this.#sleepers].sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      if (next.at > this.#now) {
        this.#now = next.at;
        await this.#told(next.at);
      }
      next.wake();
    }
    this.#turning = false;
  }

  async #quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; ) {
      const isBusy = this.#traffic.busy();
      await (isBusy ? setTimeout(1) : setImmediate());
      turns = isBusy ? 0 : turns + 1;
    }
  }
}

const withSocket = z.object({ socket: z.instanceof(Socket) });
const withRequest = z.object({ request: z.unknown() });

/** Counts this process's HTTP requests and connections to `edge` that are under way, as undici and Node.js tell of them. */
export class Traffic {
  readonly #requests = new Set<unknown>();
  readonly #handshakes = new Set<Socket>();
  readonly #ends: (() => void)[] = [];

  constructor(edge: readonly number[]) {
    this.#on("undici:request:create", (message) => this.#requests.add(withRequest.parse(message).request));
    for (const end of ["undici:request:trailers", "undici:request:error"]) {
      this.#on(end, (message) => this.#requests.delete(withRequest.parse(message).request));
    }
    this.#on("net.client.socket", (message) => {
      const { socket } = withSocket.parse(message);
      socket.once("connectionAttempt", (_address: string, port: number) => {
        if (!edge.includes(port)) return;
        this.#handshakes.add(socket);
        socket.once("close", () => this.#handshakes.delete(socket));
      });
    });
  }

  readonly busy = () => this.#requests.size > 0 || this.#handshakes.size > 0;

  close(): void {
    for (const end of this.#ends) end();
  }

  #on(name: string, hear: (message: unknown) => void): void {
    subscribe(name, hear);
    this.#ends.push(() => unsubscribe(name, hear));
  }
}
