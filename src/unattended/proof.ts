import { z } from "zod";
import type { JsonObject } from "../lib/json.js";
import { type Outcome, outcomeOf } from "./outcome.js";

/** Longest wait of one job or of one `wait_for`, in seconds. */
export const LONGEST_WAIT = 600;

/** How a job ended, as far as it was seen. */
export interface WatchedSoFar {
  readonly outcome: Outcome;
  readonly result: JsonObject;
}

/** Watches a job for at most so many seconds, with the reply of `wait_for`. */
export type Watch = (job: string, seconds: number) => Promise<JsonObject>;

const named = z.object({ job: z.string() });
const watched = z.object({ state: z.string(), says: z.string(), details: z.record(z.unknown()).optional() });

/**
 * Watches a job whose targets were accepted until they are proven, can show no more, or the time is up.
 * @param left milliseconds left for that
 * @throws {ToolError} if it is cancelled, with what was seen until then in `onSeen`
 */
export async function watchUntilProven(
  first: WatchedSoFar,
  { left, watch, onSeen }: { left(): number; watch: Watch; onSeen(seen: WatchedSoFar): void },
): Promise<WatchedSoFar> {
  const job = named.safeParse(first.result).data?.job;
  let seen = first;
  while (job !== undefined && seen.outcome === "accepted") {
    const seconds = Math.min(LONGEST_WAIT, Math.floor(left() / 1_000));
    if (seconds < 1) break;
    const { state, says, details } = watched.parse(await watch(job, seconds));
    const result = { ...seen.result, ...details, watch_ended: says };
    seen = { result, outcome: outcomeOf(result, { isJob: true, name: "" }) };
    onSeen(seen);
    if (state !== "still running") break;
  }
  return seen;
}
