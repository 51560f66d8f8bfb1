import { explainError } from "../catalogue/errors/index.js";
import type { Operation, RetryClass } from "../catalogue/operation.js";
import type { Failure } from "../failure.js";

/** What an attempt that failed leaves open (FACTS.md 4.4). */
export type Again =
  /** Nothing was applied: whatever it is, it may be made again. */
  | "nothing was done"
  /** What became of it is not known, and the operation may be repeated all the same. */
  | "repeatable"
  | "no";

/** How often a call is made, at most. */
export const ATTEMPTS = 4;

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;
/** Huawei Cloud counts by the minute and gives no hint (FACTS.md 4.3). */
const HUAWEI_PAUSE = 2_000;

/** Whether a call that failed may be made again. A purchase never is, once its bytes were sent. */
export function mayRepeat(operation: Operation, params: Readonly<Record<string, unknown>>, failure: Failure): Again {
  const { facts } = failure;
  if (facts.kind !== "cloud") return "no";
  if (facts.sent === false) return "nothing was done";
  const kind = facts.code === undefined ? undefined : explainError(operation.service, facts.code)?.kind;
  if (kind === "throttled") return operation.effect === "purchase" ? "no" : "nothing was done";
  // Codes that say what is wrong say it again the next time.
  if (kind !== undefined && kind !== "temporary") return "no";
  if (kind === undefined && facts.code !== undefined) return "no";
  return isRepeatable(retryOf(operation, params)) ? "repeatable" : "no";
}

function isRepeatable(retry: RetryClass): boolean {
  return retry === "read" || retry === "idempotent" || retry === "gone-is-done";
}

export function retryOf({ retry }: Operation, params: Readonly<Record<string, unknown>>): RetryClass {
  return typeof retry === "function" ? retry(params) : retry;
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

/** What a reply says on when to come back, in milliseconds. */
export function hintIn(headers: Readonly<Record<string, string | string[] | undefined>>): number | undefined {
  const { "x-acs-retry-after": alibaba, "retry-after": standard } = headers;
  const milliseconds = Number(alibaba ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const seconds = Number(standard ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}

/** After a repeat, "it is gone already" is what the first attempt did (FACTS.md 4.4). */
export function isDone(operation: Operation, params: Readonly<Record<string, unknown>>, { facts }: Failure): boolean {
  return retryOf(operation, params) === "gone-is-done" && goneCodes.has(facts.code);
}

const goneCodes: ReadonlySet<string | undefined> = new Set([
  "FailedOperation.CertificateNotFound",
  "FailedOperation.CertificateNotFoundOrCantCancel",
  "FailedOperation.InvalidCertificateStatusCode",
]);
