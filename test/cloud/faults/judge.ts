import { altersAccount, type Operation } from "../../../src/catalogue/operation.js";
import { retryClassOf } from "../../../src/cloud/retry.js";
import type { ToolErrorDetails } from "../../../src/lib/tool-error.js";
import { type Arrival, type Fault, harmless } from "./proxy.js";
import type { Staged } from "./stage.js";

/** What a call was told; undefined where it ended in something else than a reply. */
export type Outcome =
  | { readonly failed: Pick<ToolErrorDetails, "changed" | "happened" | "sent"> }
  | { readonly succeeded: true /** A read showed it after the reply was lost. */; readonly foundOut: boolean }
  | undefined;

const nothingYet = {
  calls: 0,
  /** Calls of which a try was made; the others met an open circuit. */
  sent: 0,
  repeated: 0,
  succeeded: 0,
  foundOut: 0,
  unchanged: 0,
  unknown: 0,
  /** Unknown outcomes of calls whose faults all let a clear answer through: too late on a busy machine. */
  needless: 0,
  /** Longest call, in milliseconds. */
  longest: 0,
};

/** A read by which the core finds out carries the same mark. */
export function isOwn({ name, route }: Operation, { method, headers }: Pick<Arrival, "method" | "headers">): boolean {
  const action = headers["x-tc-action"] ?? headers["x-acs-action"];
  return action === undefined ? route !== undefined && route.method === method : action === name;
}

export interface Seen {
  readonly arrivals: readonly Arrival[];
  readonly story: readonly Fault[];
  say(what: string): void;
}

export interface Replied extends Seen {
  readonly staged: Staged;
  readonly before: string;
  readonly after: string;
  readonly tries: number;
}

/** Holds what calls were told against what came to the proxies and what the sandbox holds. */
export class Judge {
  readonly wrong: string[] = [];
  readonly tally = { ...nothingYet };
  /** The operations that succeeded. */
  readonly carriedOut = new Set<string>();

  /** What of a change was sent again, and was carried out twice. */
  tries(operation: Operation, params: Record<string, unknown>, { arrivals, say }: Seen): void {
    if (!altersAccount(operation)) return;
    // A throttle and a refused signature are the cloud's word that nothing was done.
    const unclear = arrivals.filter((arrival) => !/^throttle|^skewed/.test(arrival.fault) && !isMistimed(arrival));
    const once = ["never", "verify-first"].includes(retryClassOf(operation, params));
    if (once && unclear.length > 1) say(`reached the cloud ${unclear.length} times`);
    if (once && arrivals.filter(isDone).length > 1) say("was carried out twice");
    if (operation.effect === "purchase" && arrivals.length > 1) say("a purchase was repeated");
  }

  /** Whether what the reply says of the change is so. */
  reply(operation: Operation, outcome: Outcome, seen: Replied): void {
    if (outcome === undefined) seen.say("no reply at all");
    else if ("failed" in outcome) this.#failed(operation, outcome.failed, seen);
    else this.#succeeded(operation, outcome.foundOut, seen);
  }

  #failed(
    operation: Operation,
    { changed, happened, sent }: Pick<ToolErrorDetails, "changed" | "happened" | "sent">,
    seen: Replied,
  ) {
    const { staged, before, after, arrivals, story, tries, say } = seen;
    const { once } = staged;
    if (sent === false && arrivals.length > 0) say(`"never sent", though it arrived: ${happened}`);
    if (!altersAccount(operation)) {
      if (changed !== "no") say("a read that may have changed something");
      this.tally.unchanged += 1;
    } else if (changed === "no") {
      this.tally.unchanged += 1;
      if (arrivals.some(isDone)) say(`"nothing changed", though the cloud did it: ${happened}`);
      if (after !== before) say(`"nothing changed", though ${before} became ${after}: ${happened}`);
    } else {
      this.tally.unknown += 1;
      const callInfo = Array.from({ length: tries }, (_, index) => story[index] ?? "none");
      if (callInfo.every((fault) => harmless.has(fault))) this.tally.needless += 1;
      if (once !== undefined && after !== before && after !== once) say(`was done more than once: ${after}`);
    }
  }

  #succeeded(operation: Operation, foundOut: boolean, { staged, before, after, arrivals, say }: Replied) {
    const { once } = staged;
    this.tally.succeeded += 1;
    this.carriedOut.add(operation.name);
    if (foundOut) this.tally.foundOut += 1;
    if (!altersAccount(operation)) return;
    if (!arrivals.some(isDone)) say("success, though the cloud never did it");
    if (once !== undefined && after !== once) say(`success, though there is ${after} instead of ${once}`);
    if (once === undefined && before !== "" && after === before) say("success, though nothing is different");
  }
}

/** Another call's skewed clock made the time wrong for this one, too, and the cloud refused it for that. */
function isMistimed({ answered }: Arrival): boolean {
  return typeof answered === "object" && /SignatureExpire|InvalidTimeStamp|APIGW\.0301/.test(answered.body);
}

/** Whether the cloud carried the request out, by its own answer, be it lost or not. */
function isDone({ answered }: Arrival): boolean {
  // One that is still at work when the call ends is only looked for in the state.
  if (answered === undefined || answered === "pending") return false;
  return answered.status === 200 && !answered.body.includes('"Error":{');
}
