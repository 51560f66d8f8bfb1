import type { ErrorKind } from "../catalogue/errors/fact.js";
import type { Service, ServiceId } from "../catalogue/services.js";
import type { HttpReply } from "./http.js";

/** Smaller differences come from latency and the whole seconds of the Date header, in milliseconds. */
const NOTICEABLE = 5_000;

/**
 * Huawei Cloud has one code for a wrong time and for every other signature mismatch. There the clock is blamed only if
 * it is off by about the 15 minutes that it allows (docs/cloud-behaviour.md 1.4).
 */
const HUAWEI_NOTICEABLE = 14 * 60_000;

export type ClockSkew = ReturnType<typeof clockSkew>;

/** How far the services' clocks differ from ours, according to replies. Calls are signed in the service's time. */
export function clockSkew(now: () => Date, log: (line: string) => void) {
  const skews = new Map<ServiceId, number>();
  /** The time at the service. */
  const nowAt = ({ id }: Service) => new Date(now().getTime() + (skews.get(id) ?? 0));
  /**
   * Learns from a reply that refused a signature, if the time may be the reason.
   * @param kind of the refusal
   * @param signedAt the time that the refused request was signed with
   * @returns whether that explains the refusal, so a repeat makes sense
   */
  const learn = (service: Service, kind: ErrorKind | undefined, { headers }: HttpReply, signedAt: Date): boolean => {
    const serverTime = typeof headers.date === "string" ? Date.parse(headers.date) : Number.NaN;
    // Without a time nothing is known; every comparison with NaN is false.
    if (!(Math.abs(serverTime - signedAt.getTime()) >= minSkewOf(service, kind))) return false;
    // If several calls were refused together, the first has already corrected the clock for all.
    if (Math.abs(serverTime - nowAt(service).getTime()) < NOTICEABLE) return true;
    const skew = serverTime - now().getTime();
    skews.set(service.id, skew);
    log(`${describeSkew(skew, service.title)}; calls to it are signed in its time`);
    return true;
  };
  return { nowAt, learn };
}

/** How far off the time must be to be blamed, in milliseconds. */
function minSkewOf({ cloud }: Service, kind: ErrorKind | undefined): number {
  if (kind === "clock") return NOTICEABLE;
  return cloud === "huawei" && kind === "credential" ? HUAWEI_NOTICEABLE : Number.POSITIVE_INFINITY;
}

function describeSkew(skew: number, title: string): string {
  if (Math.abs(skew) < NOTICEABLE) return `this machine's clock agrees with that of ${title} again`;
  return `this machine's clock is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "behind" : "ahead of"} that of ${title}`;
}
