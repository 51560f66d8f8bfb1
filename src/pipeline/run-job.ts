import type { GatedCall } from "../approval/gate.js";
import { accepted, type Job, type JobTarget } from "../jobs/job.js";
import { type Claim, self } from "../jobs/journal.js";
import { previousRuns } from "../jobs/previous-runs.js";
import { ToolError } from "../lib/tool-error.js";
import { type ApprovedSteps, approveSteps, type StepRunnerDeps } from "./approved-steps.js";
import { lookBefore } from "./saw-served.js";
import type { JobPlan, JobTool, JsonObject, Step, Supply, ToolContext } from "./tool.js";

/**
 * A whole job: plan, check, ask, send, watch, report. All of it is under one approval.
 * @throws {ToolError} before anything is sent; later only if the call was cancelled or the job was taken over
 */
export async function runJob(
  tool: JobTool,
  call: Omit<GatedCall, "operation">,
  deps: StepRunnerDeps,
  context: ToolContext,
): Promise<JsonObject> {
  const plan = await tool.prepare(call.params, context);
  const supplies = [...new Set(plan.targetPlans.flatMap(({ supply }) => supply ?? []))];
  const steps = stepsOf(plan, supplies);
  const approved = await approveSteps(tool, { ...plan, steps }, call, deps);
  try {
    for (const supply of supplies) if (supply.first) await approved.supplied(supply);
    // If nothing was ever sent, there is nothing to record.
    const isIdle = steps.length === 0 && plan.earlier.job === undefined;
    const report = isIdle
      ? tool.report({ ...plan.about, targets: targetsOf(plan) }, context.now())
      : await sendAndWatch(tool, plan, approved, context);
    return { ...report, ...plan.remarks };
  } catch (error) {
    throw approved.cutShort(error);
  } finally {
    approved.end();
  }
}

/** All steps, in the order in which a person reads them: what the job is about comes before the keys that it takes. */
function stepsOf({ targetPlans }: JobPlan, supplies: readonly Supply[]): readonly Step[] {
  const supplying = (first: boolean) => supplies.filter((supply) => supply.first === first).map(({ step }) => step);
  return [...supplying(false), ...targetPlans.flatMap(({ step }) => step ?? []), ...supplying(true)];
}

const targetsOf = ({ targetPlans }: JobPlan) => targetPlans.map(({ target }) => target);

/** Sends and watches while this process holds the job, journalled from start to finish; returns the report. */
async function sendAndWatch(
  tool: JobTool,
  plan: JobPlan,
  approved: ApprovedSteps,
  context: ToolContext,
): Promise<JsonObject> {
  const { journal, now } = context;
  const claim = await journal.claim(plan.about.key);
  try {
    await refuseIfMoved(plan, context);
    const opened = await openedIn(plan, approved.planId, context);
    try {
      await approved.carriedOutAs(opened);
      const sent = await sendSteps(tool, plan, opened, claim, approved, context);
      const { job, watched } = await tool.watch(sent.job, context, Math.min(plan.watchMs, timeToWatch(context)));
      const report = tool.report(await journal.save({ ...job, endedAt: now().toISOString() }), now(), watched);
      return { ...report, ...(sent.copy !== undefined && { new_copy: sent.copy }) };
    } finally {
      if (claim.isHeld()) await letGo(opened.id, context);
    }
  } finally {
    await claim.release();
  }
}

/** The job that the same call left unfinished, or a new one. */
function openedIn(plan: JobPlan, planId: string | undefined, { journal }: ToolContext): Promise<Job> {
  const { about, earlier } = plan;
  const targets = targetsOf(plan);
  const plans = [...(earlier.job?.plans ?? []), ...(planId === undefined ? [] : [planId])];
  return earlier.job === undefined
    ? journal.open({ ...about, plans, targets })
    : journal.save({ ...earlier.job, plans, certificate: about.certificate, owner: self(), targets });
}

/**
 * Sends the steps in order. The journal is written before each (it may have been sent) and after it (the outcome).
 * @throws {ToolError} if the call was cancelled; the journal has what happened until then
 */
async function sendSteps(
  tool: JobTool,
  plan: JobPlan,
  opened: Job,
  claim: Claim,
  approved: ApprovedSteps,
  context: ToolContext,
): Promise<{ readonly job: Job; readonly copy: string | undefined }> {
  let job = opened;
  let copy: string | undefined;
  const note = async (target: JobTarget) => {
    const targets = job.targets.map((each) => (each.id === target.id ? target : each));
    job = await context.journal.save({ ...job, targets });
  };
  const open = plan.targetPlans.flatMap(({ step, ...rest }) => (step === undefined ? [] : [{ ...rest, step }]));
  let stopped = false;
  for (const [index, { target: planned, step, supply }] of open.entries()) {
    let target = planned;
    if (stopped) {
      await note({ ...target, state: "not attempted" });
      continue;
    }
    if (!claim.isHeld()) throw claimLost();
    context.progress(`${index + 1} of ${open.length}: ${target.name}`);
    try {
      const supplied = supply && (await approved.supplied(supply));
      // The report needs the id of an upload, and so does a rollback, which looks for its record by it.
      const { certificateId = job.certificate.certificateId } = supplied ?? {};
      if (certificateId !== undefined) job = { ...job, certificate: { ...job.certificate, certificateId } };
      copy = supplied?.copy ?? copy;
      await lookBefore(job, target, context);
      target = { ...target, state: "sending", sentAt: context.now().toISOString() };
      await note(target);
      let found: Partial<JobTarget> | undefined;
      for (let turn = 0; found === undefined; turn++) {
        const reply = await approved.send(step);
        found = await tool.answered({ target, step, reply, turn, certificateId }, context);
      }
      await note(accepted({ ...target, ...found }, context.now()));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const found = isUnknown(error) ? await applied(plan, target, job) : undefined;
      await note(found ? accepted({ ...target, ...found }, context.now()) : failed(target, error, context));
      if (context.signal.aborted) throw error;
      stopped = found === undefined && !plan.continueOnFailure;
    }
  }
  return { job, copy };
}

const isUnknown = ({ details }: ToolError) => details.changed === "unknown";

/** What a look finds; a failed look finds nothing and must not stop the rest. */
async function applied(plan: JobPlan, target: JobTarget, job: Job): Promise<Partial<JobTarget> | undefined> {
  try {
    return await plan.verifyApplied?.(target, job);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Longest text that the journal keeps about a failure, in characters. */
const LONGEST = 600;

/** Nothing more is known about a request that may have arrived: a later run looks before it sends again. */
function failed(target: JobTarget, failure: ToolError, { redacted }: ToolContext): JobTarget {
  const { happened, next, code, requestId } = failure.details;
  const unknown = isUnknown(failure);
  const says = redacted(`${happened} ${unknown ? "Outcome unknown. " : ""}Next: ${next}`).slice(0, LONGEST);
  return {
    ...target,
    state: unknown ? "sending" : "failed",
    says,
    ...(code !== undefined && { code: redacted(code) }),
    ...(requestId !== undefined && { requestId: redacted(requestId) }),
  };
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
async function refuseIfMoved(plan: JobPlan, { journal, now }: ToolContext): Promise<void> {
  const { about, earlier } = plan;
  const present = previousRuns(await journal.read(), about.key, now());
  const ids = targetsOf(plan).map(({ id }) => id);
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

function claimLost(): ToolError {
  return new ToolError({
    kind: "refused",
    happened: "Another process took this job over, so this one stopped before its next target.",
    changed: "no",
    next: "Check list_jobs; call again once no process works on it.",
  });
}
