import type { Operation, RetryClass } from "../catalogue/operation.js";
import type { Failure } from "../failure.js";
import type { Deadline } from "./deadline.js";
import { cancelled, cancelledBetween, earlierUnknown, type Told } from "./failures.js";
import type { Success } from "./protocols/protocol.js";
import type { HttpReply } from "./transport.js";

/** A try that failed. */
export interface Setback {
  readonly ok: false;
  readonly failure: Failure;
  /**
   * What a repeat would meet (docs/cloud-behaviour.md 1.5). `untouched`: the request never left, or was turned away
   * before anything was done. `unclear`: it may have been carried out. `final`: the cloud's word is clear, or nothing
   * more is to be sent.
   */
  readonly left: "untouched" | "unclear" | "final";
  /** How long the cloud asks to wait, in milliseconds. */
  readonly wait?: number | undefined;
  /** It was for the time that the request was signed in; that is put right now, so one repeat at once is worth it. */
  readonly mistimed?: true;
}

export type Try = Success | Setback;

/** How often a call is made, at most. */
export const ATTEMPTS = 4;

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Huawei Cloud counts by the minute and gives no hint (docs/cloud-behaviour.md 1.5). */
const HUAWEI_PAUSE = 2_000;

const repeatable: readonly RetryClass[] = ["read", "idempotent", "gone-is-done"];

/** Whether what may have been carried out may be made again all the same. */
export function mayRepeatUnclear({ operation, params }: Told): boolean {
  return repeatable.includes(retryOf(operation, params));
}

export function retryOf({ retry }: Operation, params: Readonly<Record<string, unknown>>): RetryClass {
  return typeof retry === "function" ? retry(params) : retry;
}

/**
 * Makes the call again as long as that can do no harm and the deadline allows it.
 * @throws {Failure} that of the last try, with an unknown outcome if any of the tries may have been carried out
 */
export async function persist(
  told: Told,
  attempt: () => Promise<Try>,
  deadline: Deadline,
  options: { readonly pause: (ms: number, signal: AbortSignal) => Promise<void>; readonly random: () => number },
): Promise<Success> {
  const earlier: Failure[] = [];
  let clockCorrected = false;
  for (let attempts = 1; ; attempts++) {
    const outcome = await attempt();
    if (outcome.ok) return outcome;
    const { failure, mistimed, wait } = outcome;
    const pause = mistimed ? 0 : pauseBefore(attempts, told.operation, wait, options.random);
    const again = mayRepeat(told, outcome) && !(mistimed && clockCorrected);
    if (!again || attempts === ATTEMPTS || pause >= deadline.left()) throw summed(told, failure, earlier);
    earlier.push(failure);
    if (mistimed) clockCorrected = true;
    await options.pause(pause, deadline.signal).catch(() => {});
    if (deadline.cancelled) throw summed(told, cancelled(told, false), earlier);
  }
}

/** A purchase never is made again once its bytes were sent, whatever the cloud said. */
function mayRepeat(told: Told, { failure, left }: Setback): boolean {
  if (told.operation.effect === "purchase" && failure.facts.sent !== false) return false;
  return left === "untouched" || (left === "unclear" && mayRepeatUnclear(told));
}

/** What the tries come to: that the last one was not sent does not undo what was sent before. */
function summed(told: Told, last: Failure, earlier: readonly Failure[]): Failure {
  const sent = earlier.filter(({ facts }) => facts.sent !== false);
  const [open] = sent.filter(({ facts }) => facts.changed === "unknown");
  if (open !== undefined) return last.facts.changed === "unknown" ? last : earlierUnknown(told, last);
  const before = sent.at(-1);
  if (last.facts.sent !== false || before === undefined) return last;
  return last.facts.kind === "cancelled" ? cancelledBetween(told) : before;
}

/**
 * How long to wait before the next attempt, in milliseconds: the vendor's own hint, or longer and longer, at random so that
 * those who were refused together do not come back together.
 * @param attempt the one that failed, from 1
 */
export function pauseBefore(
  attempt: number,
  { service }: Operation,
  hint: number | undefined,
  random: () => number,
): number {
  if (hint !== undefined) return hint;
  const first = service.cloud === "huawei" ? HUAWEI_PAUSE : FIRST_PAUSE;
  const limit = Math.min(LONGEST_PAUSE, first * 2 ** (attempt - 1));
  return limit / 2 + (random() * limit) / 2;
}

/** What a reply says on when to come back, in milliseconds: as a number of them or of seconds, or as a time. */
export function hintIn({ headers }: Pick<HttpReply, "headers">, now: Date): number | undefined {
  const { "x-acs-retry-after": alibaba, "retry-after": standard } = headers;
  const milliseconds = Number(alibaba ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const seconds = Number(standard ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  const time = typeof standard === "string" ? Date.parse(standard) - now.getTime() : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time);
}
