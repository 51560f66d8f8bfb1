import type { Operation, RetryClass } from "../catalogue/operation.js";
import type { JsonObject } from "../lib/json.js";
import type { TimeSource } from "../lib/time-source.js";
import type { ToolError } from "../lib/tool-error.js";
import type { CallDeadline } from "./deadline.js";
import { type CallInfo, cancelledBetweenAttempts, cancelledError, earlierAttemptUnknown } from "./errors.js";
import type { HttpReply } from "./http.js";
import type { Success } from "./protocols/protocol.js";

export interface FailedAttempt {
  readonly ok: false;
  readonly failure: ToolError;
  /**
   * What a repeat would meet (docs/cloud-behaviour.md 1.5). `not sent`: the request was never sent, or was rejected
   * before anything was done. `unknown`: it may have been executed. `definitive`: the cloud's answer is clear, or
   * nothing more is to be sent.
   */
  readonly outcome: "not sent" | "unknown" | "definitive";
  /** How long the cloud asks to wait, in milliseconds. */
  readonly wait?: number | undefined;
  /** There were too many calls. */
  readonly throttled?: true;
  /** The time in the signature was the reason. It is corrected now, so one immediate repeat makes sense. */
  readonly clockWasWrong?: true;
}

export type AttemptResult = Success | FailedAttempt;

/** Most attempts per call. */
export const ATTEMPTS = 4;

const FIRST_PAUSE = 200;
const MAX_PAUSE = 5_000;
/** Tencent Cloud and Alibaba Cloud count per second (docs/cloud-behaviour.md 1.1). */
const THROTTLED_PAUSE = 1_000;
/** Huawei Cloud counts per minute and gives no hint (docs/cloud-behaviour.md 1.5). */
const HUAWEI_PAUSE = 2_000;

const repeatable: readonly RetryClass[] = ["read", "idempotent", "not-found-is-success"];

/** Whether a call that may have been executed may still be repeated. */
export function mayRepeatUnclear({ operation, params }: CallInfo): boolean {
  return repeatable.includes(retryClassOf(operation, params));
}

export function retryClassOf({ retry }: Operation, params: JsonObject): RetryClass {
  return typeof retry === "function" ? retry(params) : retry;
}

/**
 * Repeats the call as long as that is harmless and the deadline allows it.
 * @throws {ToolError} that of the last attempt, with an unknown outcome if any attempt may have been executed
 */
export async function withRetry(
  callInfo: CallInfo,
  attempt: () => Promise<AttemptResult>,
  deadline: CallDeadline,
  options: Pick<TimeSource, "pause"> & { readonly random: () => number },
): Promise<Success> {
  const earlier: ToolError[] = [];
  let clockCorrected = false;
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    if (result.ok) return result;
    const { failure, clockWasWrong } = result;
    const pause = clockWasWrong ? 0 : pauseAfter(attempts, callInfo.operation, result, options.random);
    const again = mayRepeat(callInfo, result) && !(clockWasWrong && clockCorrected);
    if (!again || attempts === ATTEMPTS || pause >= deadline.left()) throw overallFailure(callInfo, failure, earlier);
    earlier.push(failure);
    if (clockWasWrong) clockCorrected = true;
    await options.pause(pause, deadline.signal).catch(() => {});
    if (deadline.cancelled) throw overallFailure(callInfo, cancelledError(callInfo, false), earlier);
    if (deadline.left() === 0) throw overallFailure(callInfo, failure, earlier);
  }
}

/** A purchase is never repeated once its bytes were sent, whatever the cloud said. */
function mayRepeat(callInfo: CallInfo, { failure, outcome }: FailedAttempt): boolean {
  if (callInfo.operation.effect === "purchase" && failure.details.sent !== false) return false;
  return outcome === "not sent" || (outcome === "unknown" && mayRepeatUnclear(callInfo));
}

/** The overall outcome: if the last attempt was not sent, earlier ones still count. */
function overallFailure(callInfo: CallInfo, last: ToolError, earlier: readonly ToolError[]): ToolError {
  const sent = earlier.filter(({ details }) => details.sent !== false);
  const [open] = sent.filter(({ details }) => details.changed === "unknown");
  if (open !== undefined) return last.details.changed === "unknown" ? last : earlierAttemptUnknown(callInfo, last);
  const before = sent.at(-1);
  if (last.details.sent !== false || before === undefined) return last;
  return last.details.kind === "cancelled" ? cancelledBetweenAttempts(callInfo) : before;
}

/**
 * How long to wait before the next attempt, in milliseconds: the vendor's hint, or exponential backoff with jitter,
 * which spreads out calls that were refused together.
 * @param attempt the one that failed, from 1
 */
function pauseAfter(
  attempt: number,
  { service }: Operation,
  { wait, throttled }: FailedAttempt,
  random: () => number,
): number {
  if (wait !== undefined) return wait;
  const first = service.cloud === "huawei" ? HUAWEI_PAUSE : throttled ? THROTTLED_PAUSE : FIRST_PAUSE;
  const limit = Math.min(MAX_PAUSE, first * 2 ** (attempt - 1));
  return limit / 2 + (random() * limit) / 2;
}

/** How long a reply asks to wait, in milliseconds; given there as milliseconds, seconds or a time. */
export function hintIn({ headers }: Pick<HttpReply, "headers">, now: Date): number | undefined {
  const { "x-acs-retry-after": alibaba, "retry-after": standard } = headers;
  const milliseconds = Number(alibaba ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const seconds = Number(standard ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  const time = typeof standard === "string" ? Date.parse(standard) - now.getTime() : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time);
}
