import { setImmediate } from "node:timers/promises";
import type { Timer } from "../../src/approval/waiting.js";

/** A clock that only the test moves. */
export class FakeTime {
  /** Milliseconds since the epoch. */
  now = Date.UTC(2026, 0, 1);
  #timers: { readonly at: number; readonly end: () => void }[] = [];

  readonly elapsed = () => this.now;

  readonly timer: Timer = (ms, end) => {
    const entry = { at: this.now + ms, end };
    this.#timers.push(entry);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== entry);
    };
  };

  /** Resolves after `ms` of this clock. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.timer(ms, resolve));
  }

  /** Lets `ms` pass; whatever that brings about has happened when it resolves. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      await settled();
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.now = Math.max(this.now, next.at);
      next.end();
    }
    this.now = until;
    await settled();
  }
}

/** Everything that needs no time has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}
