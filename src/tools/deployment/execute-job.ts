import type { Job } from "../../jobs/job.js";
import { self } from "../../jobs/journal.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ExecuteStep, JsonObject, ToolContext } from "../../pipeline/tool.js";
import { type PreviousRuns, previousRuns } from "./previous-runs.js";
import { deploymentReport } from "./report.js";
import { type Run, runSteps } from "./run.js";
import { watchDeployment } from "./watch.js";

/** A job as it was planned. */
export interface JobState extends Run {
  readonly about: Pick<Job, "kind" | "of" | "key" | "certificate">;
  /** What the journal contained when the plan was made. */
  readonly earlier: Pick<PreviousRuns, "newest" | "job" | "state">;
  /** How long to watch the edge afterwards, in milliseconds. */
  readonly watchMs: number;
}

/** Runs and watches a job, journalling it from start to finish; returns the report. */
export async function executeJob(found: JobState, executeStep: ExecuteStep, context: ToolContext): Promise<JsonObject> {
  const { about, targetPlans, watchMs } = found;
  const { job: takenUp } = found.earlier;
  const targets = targetPlans.map(({ target }) => target);
  // If nothing was ever sent, there is nothing to record.
  if (takenUp === undefined && targetPlans.every(({ step }) => step === undefined)) {
    return deploymentReport({ ...about, targets }, context.now());
  }
  const { journal } = context;
  const claim = await journal.claim(about.key);
  try {
    await refuseIfMoved(found, context);
    const opened =
      takenUp === undefined
        ? await journal.open({ ...about, targets })
        : await journal.save({ ...takenUp, certificate: about.certificate, owner: self(), targets });
    try {
      const sent = await runSteps(found, opened, claim, executeStep, context);
      const { job, watched } = await watchDeployment(sent, context, Math.min(watchMs, timeToWatch(context)));
      const endedAt = context.now().toISOString();
      return deploymentReport(await journal.save({ ...job, endedAt }), context.now(), watched);
    } finally {
      if (claim.isHeld()) await letGo(opened.id, context);
    }
  } finally {
    await claim.release();
  }
}

/** How long a last look and the report may take, in milliseconds. */
const LAST_LOOK = 3_000;

/** The reply must say "accepted" before the client gives up on the call; wait_for continues to watch. */
function timeToWatch(context: ToolContext): number {
  return Math.max(0, context.timeLeft() - LAST_LOOK);
}

/** Also runs when the call was cancelled: nobody works on the job any more, whatever is left of it. */
async function letGo(id: string, { journal }: ToolContext): Promise<void> {
  const job = await journal.find(id);
  if (job === undefined) return;
  const { owner: _, ...left } = job;
  await journal.save(left);
}

/** @throws {ToolError} if the job was resumed, or something was sent to its targets, since the plan was made */
async function refuseIfMoved({ about, earlier, targetPlans }: JobState, { journal, now }: ToolContext): Promise<void> {
  const present = previousRuns(await journal.read(), about.key, now());
  const ids = targetPlans.map(({ target }) => target.id);
  const { newest } = present;
  const isSame = newest?.id === earlier.newest?.id && newest?.changedAt === earlier.newest?.changedAt;
  if (isSame && present.state(ids) === earlier.state(ids)) return;
  const what = isSame ? "Something else was sent to a target of this job" : "The job was resumed by another process";
  throw new ToolError({
    kind: "refused",
    happened: `${what} while a person was asked. Nothing was sent.`,
    changed: "no",
    sent: false,
    next: "Call again: a new plan covers what is left.",
  });
}
