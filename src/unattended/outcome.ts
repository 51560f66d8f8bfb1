import type { Job, JobTarget } from "../jobs/job.js";
import { PolicyViolation, type ToolError } from "../lib/tool-error.js";
import type { PollResult } from "../tools/wait-for/poll.js";

/** How a call from a shell ended. */
export type Outcome = "done" | "failed" | "not usable" | "needs a person" | "accepted" | "interrupted";

/** The exit codes of `run` and `renew`: other programs rely on them. */
export const exitCodes: Readonly<Record<Outcome, number>> = {
  /** Done and proven, or there was nothing to do. */
  done: 0,
  failed: 1,
  /** The arguments or the settings do not allow it; nothing was sent. */
  "not usable": 2,
  /** Nobody approved it; nothing was sent. */
  "needs a person": 3,
  /** The cloud accepted it, but it was not seen served in time. */
  accepted: 4,
  /** Ended by a signal; the output says what had been sent. */
  interrupted: 5,
};

const bySeverity: readonly Outcome[] = ["interrupted", "not usable", "failed", "needs a person", "accepted", "done"];

/** The most severe of several outcomes: a success must not hide one that somebody has to look at. */
export function mostSevereOf(outcomes: readonly Outcome[]): Outcome {
  return bySeverity.find((outcome) => outcomes.includes(outcome)) ?? "done";
}

/** How `wait_for` ended, by its state. */
export const outcomeOfWait: Readonly<Record<PollResult["state"], Outcome>> = {
  done: "done",
  failed: "failed",
  "needs a person": "needs a person",
  "still running": "accepted",
};

/** How a job ended, as far as it was seen. */
export function outcomeOfJob({ targets }: Pick<Job, "targets">): Outcome {
  const isProven = ({ state }: JobTarget) => state === "served" || state === "unchanged";
  if (targets.every(isProven)) return "done";
  return targets.every((target) => isProven(target) || target.state === "accepted") ? "accepted" : "failed";
}

/** What a failure says. */
export function outcomeOfFailure(failure: ToolError): Outcome {
  if (failure instanceof PolicyViolation) return "not usable";
  const { kind, sent, changed, awaitsPerson } = failure.details;
  switch (kind) {
    case "input":
    case "configuration":
      return sent === true || changed !== "no" ? "failed" : "not usable";
    case "refused":
      // Any other refusal, such as of a change that cannot be recorded, is lifted by no approval.
      return changed === "no" && awaitsPerson === true ? "needs a person" : "failed";
    case "waiting":
      return changed === "no" ? "needs a person" : "failed";
    case "cancelled":
      return "interrupted";
    case "cloud":
      return "failed";
  }
}
