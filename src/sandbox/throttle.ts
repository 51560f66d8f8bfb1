import type { Operation } from "../catalogue/operation.js";
import type { SandboxClock } from "./clock.js";

/**
 * The vendors' documented limits, enforced like in a cloud: calls within any period of the documented length.
 * @returns whether a call may be answered; a refused call does not count
 */
export function throttle(clock: SandboxClock): (operation: Operation) => boolean {
  const arrivals = new Map<string, number[]>();
  return ({ name, service: { id, rate } }) => {
    const key = rate.per === "account" ? id : `${id}/${name}`;
    const now = clock.now().getTime();
    const recent = (arrivals.get(key) ?? []).filter((at) => now - at < rate.perSeconds * 1000);
    const admitted = recent.length < rate.calls;
    arrivals.set(key, admitted ? [...recent, now] : recent);
    return admitted;
  };
}
