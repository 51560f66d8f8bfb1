import { tencentSsl } from "../../catalogue/services.js";
import type { JsonObject } from "../../lib/json.js";
import { verbatim } from "../../lib/safe-text.js";
import { timeLeftOf } from "../../lib/time-source.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { isTransient, pauseFor } from "../cloud-reads.js";

/** The result of one poll of something slow. */
export interface PollResult {
  /** Only "still running" is looked at again: waiting changes nothing else. */
  readonly state: "done" | "failed" | "needs a person" | "still running";
  readonly says: string;
  readonly details?: JsonObject;
}

/** Milliseconds before each further look; the clouds' clients take five to ten seconds (docs/cloud-behaviour.md 3.5). */
const firstPauses = [1_000, 2_000];
const pauseMs = 5_000;

/** @param turn the number of looks before, from 0 */
export const pauseAfter = (turn: number) => firstPauses[turn] ?? pauseMs;

/**
 * Looks at once, and repeats until something is settled or the time is up; then the result says that it is still
 * running. A poll that Tencent Cloud deferred is repeated; if none succeeded in time, the last failure is thrown.
 * @throws {ToolError} what `poll` throws otherwise, and of kind cancelled when the call is cancelled
 */
export async function pollUntilDone(
  poll: () => Promise<PollResult>,
  timeoutMs: number,
  context: Pick<ToolContext, "elapsed" | "pause" | "signal" | "progress">,
): Promise<PollResult> {
  const timeLeft = timeLeftOf(timeoutMs, context);
  let last: PollResult | undefined;
  for (let turn = 0; ; turn++) {
    let missed: string | undefined;
    try {
      last = await poll();
    } catch (error) {
      const over = timeLeft() <= 0;
      if (!isTransient(error, { service: tencentSsl }) || (over && last === undefined)) throw error;
      missed = error.details.happened;
    }
    if (last !== undefined && last.state !== "still running") return last;
    context.progress(verbatim(missed ?? last?.says ?? ""));
    const left = timeLeft();
    if (left <= 0 && last !== undefined)
      return missed === undefined ? last : { ...last, says: `${last.says} The last check failed: ${missed}` };
    await pauseFor(context, Math.min(pauseAfter(turn), left));
  }
}
