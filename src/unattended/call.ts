import { z } from "zod";
import type { Plan } from "../approval/plan.js";
import type { JsonObject } from "../lib/json.js";
import type { SafeText } from "../lib/safe-text.js";
import { timeLeftOf } from "../lib/time-source.js";
import { ToolError, type ToolErrorDetails } from "../lib/tool-error.js";
import { legible } from "../mcp/reply.js";
import type { PlanWaits } from "../notify/event.js";
import { type AnyTool, withReadContext } from "../pipeline/call-context.js";
import type { ExecutedCall } from "../pipeline/execute-call.js";
import { executeReportingDefects } from "../pipeline/execute-reporting-defects.js";
import { isJob, isOwnTool, type ReportedJob, type ToolContext } from "../pipeline/tool.js";
import { waitFor } from "../tools/wait-for.js";
import type { Headless } from "./headless.js";
import { type Outcome, outcomeOfFailure, outcomeOfJob, outcomeOfWait } from "./outcome.js";

/** How a call ended. */
export interface CallOutcome {
  readonly tool: string;
  readonly outcome: Outcome;
  /** What the tool replied, uncut. */
  readonly result?: JsonObject;
  /** The job that the call carried out, with what was last seen of it. */
  readonly job?: ReportedJob;
  /** What else a reader must know, one sentence each. */
  readonly notes?: readonly string[];
  readonly error?: ToolErrorDetails;
  /** What a person would be asked, if nobody was. */
  readonly plan?: Plan;
  /** What a person would be asked, for notifications. */
  readonly waits?: PlanWaits | undefined;
}

/** Longest wait of one job or of one `wait_for`, in seconds. */
const MAX_WAIT = 600;

/** How long a proof is awaited unless a command says otherwise, in milliseconds. */
export const defaultProofTime = MAX_WAIT * 1_000;

/**
 * Carries out one call, and watches what it deployed for at most `proofTime` milliseconds, counted from the call's end.
 * It never throws: a failure is an outcome.
 */
export async function callOnce(
  tool: AnyTool,
  args: JsonObject,
  headless: Headless,
  proofTime = defaultProofTime,
): Promise<CallOutcome> {
  const { plans, asks } = headless;
  plans?.take();
  let last: ObservedOutcome | undefined;
  let notes: readonly string[] = [];
  try {
    const reply = await execute(tool, isJob(tool) ? withWaitTime(tool, args, proofTime) : args, headless);
    notes = reply.notes;
    last = outcomeFrom(tool, reply);
    const timeLeft = timeLeftOf(proofTime - waitTimeUsed(tool, args, proofTime), headless.context);
    for await (const seen of watchUntilProven(last, timeLeft, headless)) last = seen;
    return { tool: tool.name, ...last, notes };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { plan, waits } = plans?.take() ?? {};
    const isPlanned = asks === "dry run" && plan !== undefined;
    return {
      tool: tool.name,
      ...last,
      ...(last && { notes }),
      outcome: isPlanned ? "done" : outcomeOfFailure(error),
      ...(!isPlanned && { error: legible(forOperator(error)) }),
      ...(plan && { plan, waits }),
    };
  }
}

/** With the cause, such as a file and what is wrong with it: whoever starts a command can do something about it. */
function forOperator({ details, cause }: ToolError): ToolErrorDetails {
  if (details.kind !== "refused" || !(cause instanceof Error)) return details;
  return { ...details, happened: `${details.happened} The cause: ${cause.message}.` };
}

/** How a call ended, as far as it was seen. */
type ObservedOutcome = Pick<CallOutcome, "outcome" | "job"> & Required<Pick<CallOutcome, "result">>;

const waitForReply = z.object({
  state: z.enum(["done", "failed", "needs a person", "still running"]),
  says: z.string(),
  details: z.record(z.unknown()).optional(),
});

function outcomeFrom(tool: AnyTool, { result, job }: ExecutedCall): ObservedOutcome {
  if (job !== undefined) return { result, job, outcome: outcomeOfJob(job) };
  return { result, outcome: tool === waitFor ? outcomeOfWait[waitForReply.parse(result).state] : "done" };
}

/**
 * Watches a job whose targets were accepted until they are proven, can show no more, or no time is left.
 * @throws {ToolError} if it is cancelled
 */
async function* watchUntilProven(
  first: ObservedOutcome,
  timeLeft: () => number,
  headless: Headless,
): AsyncGenerator<ObservedOutcome> {
  const { journal } = headless.context;
  const id = first.job?.id;
  let seen = first;
  while (id !== undefined && seen.outcome === "accepted") {
    const left = Math.floor(timeLeft() / 1_000);
    if (left < 1) return;
    const args = { what: "deployment", id, timeout_seconds: Math.min(MAX_WAIT, left) };
    const { state, says, details } = waitForReply.parse((await execute(waitFor, args, headless)).result);
    const job = (await journal.find(id)) ?? seen.job;
    if (job === undefined) return;
    seen = { result: { ...seen.result, ...details, watch_ended: says }, job, outcome: outcomeOfJob(job) };
    yield seen;
    if (state !== "still running") return;
  }
}

/** Carries out reads for our own use, as a call would. @throws {ToolError} if they fail */
export function readHeadless<Found>(
  read: (context: ToolContext) => Promise<Found>,
  headless: Headless,
): Promise<Found> {
  const { inFlight, stop, context } = headless;
  return inFlight.track(stop, (signals) =>
    withReadContext({ ...signals, progress: progressTo(headless) }, context, read),
  );
}

function execute(tool: AnyTool, args: JsonObject, headless: Headless): Promise<ExecutedCall> {
  const { inFlight, stop, context } = headless;
  return inFlight.track(stop, (signals) =>
    executeReportingDefects(
      { tool, args, uncut: true, caller: { ...signals, progress: progressTo(headless) } },
      context,
    ),
  );
}

/** Reports each progress message once, however often it repeats. */
function progressTo({ log, reader }: Pick<Headless, "log" | "reader">): (message: SafeText) => void {
  let last = "";
  return (message) => {
    const told = message.for(reader);
    if (told !== last) log(told);
    last = told;
  };
}

/** A job that watches the edge is given the time for the proof unless the caller gives it another. */
function withWaitTime(tool: AnyTool, args: JsonObject, proofTime: number): JsonObject {
  if (!isOwnTool(tool) || !("wait_seconds" in tool.params.shape) || args.wait_seconds !== undefined) return args;
  return { ...args, wait_seconds: Math.min(MAX_WAIT, Math.floor(proofTime / 1_000)) };
}

/** How much of the time for the proof the job itself may have taken, in milliseconds. */
function waitTimeUsed(tool: AnyTool, args: JsonObject, proofTime: number): number {
  const given = withWaitTime(tool, args, proofTime).wait_seconds;
  return typeof given === "number" ? Math.min(proofTime, given * 1_000) : 0;
}
