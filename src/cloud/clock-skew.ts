import type { ErrorKind } from "../catalogue/errors/index.js";
import type { Service, ServiceId } from "../catalogue/services.js";
import type { HttpReply } from "./http.js";

/** Below this a difference is the way of the request and the Date header's whole seconds, in milliseconds. */
const NOTICEABLE = 5_000;

/**
 * Huawei Cloud has one code for a wrong time and for any other signature that does not fit: there the time is blamed only
 * where it is off by the 15 minutes that it allows, or nearly so (docs/cloud-behaviour.md 1.4).
 */
const NEARLY_TOO_MUCH = 14 * 60_000;

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
   * Learns from a reply that refused a signature, where that may have been for its time.
   * @param kind of the refusal
   * @param signedAt the time that the refused request was signed in
   * @returns whether that explains the refusal, so that the call is worth making again
   */
  learn(service: Service, kind: ErrorKind | undefined, { headers }: Pick<HttpReply, "headers">, signedAt: Date) {
    const callInfo = typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
    // Without a time nothing is known; NaN is not at least anything.
    if (!(Math.abs(callInfo - signedAt.getTime()) >= leastFor(service, kind))) return false;
    // Of calls that were refused together, the first has learned it for all.
    if (Math.abs(callInfo - this.nowAt(service).getTime()) < NOTICEABLE) return true;
    const skew = callInfo - this.#now().getTime();
    this.#skews.set(service.id, skew);
    this.#log(`${inWords(skew, service.title)}; calls to it are signed in its time`);
    return true;
  }
}

/** How far off the time must be to be blamed, in milliseconds. */
function leastFor({ cloud }: Service, kind: ErrorKind | undefined): number {
  if (kind === "clock") return NOTICEABLE;
  return cloud === "huawei" && kind === "credential" ? NEARLY_TOO_MUCH : Number.POSITIVE_INFINITY;
}

function inWords(skew: number, title: string): string {
  if (Math.abs(skew) < NOTICEABLE) return `this machine's clock agrees with that of ${title} again`;
  return `this machine's clock is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "behind" : "ahead of"} that of ${title}`;
}
