import type { Service, ServiceId } from "../catalogue/services.js";
import type { HttpReply } from "./transport.js";

/** Below this a difference is the way of the request and the Date header's whole seconds, in milliseconds. */
const NOTICEABLE = 5_000;

/** How far the services' clocks are from ours, as their replies told; calls are signed in the service's time. */
export class ClockSkew {
  readonly #now: () => Date;
  readonly #log: (line: string) => void;
  readonly #skews = new Map<ServiceId, number>();

  constructor(now: () => Date, log: (line: string) => void) {
    this.#now = now;
    this.#log = log;
  }

  /** The time at the service. */
  nowAt({ id }: Service): Date {
    return new Date(this.#now().getTime() + (this.#skews.get(id) ?? 0));
  }

  /**
   * Learns from a reply that refused a signature because of its time.
   * @returns whether that explains the refusal, so that the call is worth making again
   */
  learn({ id, title }: Service, { headers }: Pick<HttpReply, "headers">): boolean {
    const told = typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
    const skew = told - this.#now().getTime();
    const known = this.#skews.get(id) ?? 0;
    if (Number.isNaN(skew) || Math.abs(skew - known) < NOTICEABLE) return false;
    this.#skews.set(id, skew);
    const [amount, direction] = [Math.round(Math.abs(skew) / 1000), skew > 0 ? "behind" : "ahead of"];
    this.#log(`this machine's clock is ${amount} s ${direction} that of ${title}; calls to it are signed in its time`);
    return true;
  }
}
