import type { Operation } from "../catalogue/operation.js";
import type { SandboxClock } from "./clock.js";

/** The vendors' documented limits, enforced like in a cloud: calls within any period of the documented length. */
export class Throttle {
  readonly #clock: SandboxClock;
  readonly #arrivals = new Map<string, number[]>();

  constructor(clock: SandboxClock) {
    this.#clock = clock;
  }

  /** Whether the call may be answered; a refused call does not count. */
  admits({ name, service: { id, rate } }: Operation): boolean {
    const key = rate.per === "account" ? id : `${id}/${name}`;
    const now = this.#clock.now().getTime();
    const recent = (this.#arrivals.get(key) ?? []).filter((at) => now - at < rate.perSeconds * 1000);
    const admitted = recent.length < rate.calls;
    this.#arrivals.set(key, admitted ? [...recent, now] : recent);
    return admitted;
  }
}
