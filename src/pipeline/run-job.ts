import type { PreparedCall } from "../approval/call-binding.js";
import { loss } from "../catalogue/warnings.js";
import { isProven, type Job, type JobTarget, withoutOwner } from "../jobs/job.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import { wasSent, withRecordedRequest } from "../jobs/requests.js";
import type { Claim } from "../jobs/store.js";
import { unknownBecause, unreadableWarning } from "../jobs/unreadable.js";
import type { JsonObject } from "../lib/json.js";
import { partition } from "../lib/lists.js";
import { ToolError, unapproved } from "../lib/tool-error.js";
import { type ApprovedSteps, approveSteps, type StepRunnerDeps } from "./approved-steps.js";
import { StepSender } from "./step-sender.js";
import type { JobPlan, JobTool, ReportedJob, Step, Supply, ToolContext, WatchResult, Wave, Waves } from "./tool.js";

interface EndedJob {
  readonly job: ReportedJob;
  readonly report: JsonObject;
}

/**
 * A whole job: plan, check, ask, send, watch, report. All of it is under one approval.
 * @throws {ToolError} before anything is sent; later only if the call was cancelled or the job was taken over
 */
export async function runJob(
  tool: JobTool,
  call: PreparedCall,
  deps: StepRunnerDeps,
  context: ToolContext,
): Promise<EndedJob> {
  const plan = withUnreadableWarning(withRecordedTargets(await tool.prepare(call.params, context)));
  const supplies = [...new Set(plan.targetPlans.flatMap(({ supply }) => supply ?? []))];
  const steps = stepsOf(plan, supplies);
  if (steps.length > 0) await context.journal.requireWritable();
  const approved = await approveSteps(tool, { ...plan, steps }, call, deps);
  try {
    for (const supply of supplies) if (supply.beforeTargets) await approved.sendSupply(supply);
    // If nothing was ever sent, there is nothing to record.
    const isIdle = steps.length === 0 && plan.earlier.job === undefined;
    if (!isIdle) return await sendAndWatch(tool, plan, approved, context);
    const job = { ...plan.about, targets: targetsOf(plan) };
    return { job, report: reportOf(tool, plan, job, context) };
  } catch (error) {
    throw approved.errorAfterSteps(error);
  } finally {
    approved.permit?.end();
  }
}

/** What the tool reports of a job, and what the plan adds: nobody else may have been shown that. */
function reportOf(
  tool: JobTool,
  { left, remarks, next }: JobPlan,
  job: ReportedJob,
  { now }: ToolContext,
  watched?: WatchResult,
): JsonObject {
  const report = tool.report({ ...job, left }, now(), watched);
  return { ...report, ...remarks, ...(next !== undefined && { next: [report.next, next].filter(Boolean).join(" ") }) };
}

/** The plan of a resumed job, with what the journal says was sent to each target before. */
function withRecordedTargets(plan: JobPlan): JobPlan {
  const recorded = new Map(plan.earlier.job?.targets.map((target) => [target.id, target]));
  const targetPlans = plan.targetPlans.map((each) => ({
    ...each,
    target: withRecordedRequest(each.target, recorded.get(each.target.id)),
  }));
  return { ...plan, targetPlans };
}

/**
 * A person decides whether to go on without records that could not be read: the warning is one that no standing approval
 * covers. Without any record, the job could not even be followed.
 * @throws {ToolError} if the journal as a whole could not be read
 */
function withUnreadableWarning(plan: JobPlan): JobPlan {
  const { unreadable } = plan.earlier;
  if (unreadable.length === 0) return plan;
  if (unreadable.some(({ id }) => id === undefined)) throw unknownBecause("What was sent earlier", unreadable);
  return { ...plan, warnings: [loss(unreadableWarning(unreadable)), ...plan.warnings] };
}

/** All steps, in the order in which a person reads them: what the job is about comes before the keys that it takes. */
function stepsOf({ targetPlans }: JobPlan, supplies: readonly Supply[]): readonly Step[] {
  const [first, others] = partition(supplies, ({ beforeTargets }) => beforeTargets);
  const stepsIn = (plans: readonly Partial<Pick<Supply, "step">>[]) => plans.flatMap(({ step }) => step ?? []);
  return [...stepsIn(others), ...stepsIn(targetPlans), ...stepsIn(first)];
}

const targetsOf = ({ targetPlans }: JobPlan) => targetPlans.map(({ target }) => target);

/** Sends and watches while this process holds the job, journalled from start to finish. */
async function sendAndWatch(
  tool: JobTool,
  plan: JobPlan,
  approved: ApprovedSteps,
  context: ToolContext,
): Promise<EndedJob> {
  const { journal, now } = context;
  const claim = await journal.claim(plan.about.key);
  try {
    await refuseIfChanged(plan, context);
    const opened = await openJob(plan, approved.permit?.planId, context);
    try {
      await approved.recordJob(opened);
      const sent = await sendSteps(tool, plan, opened, { claim, approved, context });
      const { job: watchedJob, watched } = await watchOrStop(tool, plan, sent, context);
      const job = await journal.save({ ...watchedJob, endedAt: now().toISOString() });
      const copy = sent.copy === undefined ? {} : { new_copy: sent.copy };
      return { job, report: { ...reportOf(tool, plan, job, context, watched), ...copy } };
    } finally {
      if (claim.isHeld()) await releaseOwner(opened.id, context);
    }
  } finally {
    await claim.release();
    await journal.archiveOld();
  }
}

/** After a wave that could not be proven, nothing more is waited for: it was just looked at. */
function watchOrStop(tool: JobTool, { watchMs }: JobPlan, { job, stopped }: SendResult, context: ToolContext) {
  if (stopped !== undefined) return { job, watched: { why: stopped, canShowMore: true } };
  // The reply must say "accepted" before the client gives up on the call; wait_for continues to watch.
  return tool.watch(job, context, Math.min(watchMs, Math.max(0, context.timeLeft() - FINAL_CHECK)));
}

/** The job that the same call left unfinished, or a new one. */
function openJob(plan: JobPlan, planId: string | undefined, { journal }: ToolContext): Promise<Job> {
  const { about, earlier } = plan;
  const targets = targetsOf(plan);
  const plans = [...(earlier.job?.plans ?? []), ...(planId === undefined ? [] : [planId])];
  if (earlier.job === undefined) return journal.open({ ...about, plans, targets });
  const { stopped: _, endedAt: __, ...left } = earlier.job;
  // Keeps the id of the stored certificate even if it cannot be read now.
  const { certificateId = left.certificate.certificateId } = about.certificate;
  const certificate = { ...about.certificate, ...(certificateId !== undefined && { certificateId }) };
  return journal.save({
    ...left,
    // As this call has it: what is left goes so.
    withoutWaves: about.withoutWaves,
    plans,
    certificate,
    owner: journal.self,
    targets,
  });
}

/** What was sent, and why a wave was not followed by the next. */
interface SendResult {
  readonly job: Job;
  readonly copy: string | undefined;
  readonly stopped: string | undefined;
}

interface SendOptions {
  readonly claim: Claim;
  readonly approved: ApprovedSteps;
  readonly context: ToolContext;
}

/**
 * Sends the steps in order, wave by wave; a wave is proven before the next is sent.
 * @throws {ToolError} if the call was cancelled; the journal has what happened until then
 */
async function sendSteps(
  tool: JobTool,
  plan: JobPlan,
  opened: Job,
  { claim, approved, context }: SendOptions,
): Promise<SendResult> {
  const { waves, targetPlans } = plan;
  const open = targetPlans.flatMap(({ step, ...rest }) => (step === undefined ? [] : [{ ...rest, step }]));
  const sender = new StepSender(tool, plan, opened, { approved, context, count: open.length });
  const sendAll = async (targets: typeof open) => {
    for (const each of targets) {
      if (sender.stopped === undefined && !claim.isHeld()) throw claimLost();
      await sender.send(each);
    }
  };
  if (waves === undefined) await sendAll(open);
  else {
    const sendTargets = (ids: readonly string[]) => sendAll(open.filter(({ target }) => ids.includes(target.id)));
    await sendInWaves(waves, sender, sendTargets, { approved, context });
  }
  const { job, copy } = sender;
  const stopped = sender.stopped?.why;
  return { job: stopped === undefined ? job : await context.journal.save({ ...job, stopped }), copy, stopped };
}

/** Once it is stopped, what is left only goes into the journal. */
async function sendInWaves(
  waves: Waves,
  sender: StepSender,
  sendTargets: (ids: readonly string[]) => Promise<void>,
  { approved, context }: Pick<SendOptions, "approved" | "context">,
): Promise<void> {
  let isJustProven = false;
  const last = waves.order.at(-1);
  for (const wave of waves.order) {
    const at = `wave ${wave.number} of ${last?.number}`;
    let remaining = wave.ids;
    do {
      const { now, later } = splitUntilProven(remaining, sender.job);
      if (sender.stopped === undefined) {
        context.recordStage(sender.job.id, at);
        await checkReady(waves, { ...wave, ids: now }, at, sender);
        if (isJustProven) approved.permit?.renew();
      }
      await sendTargets(now);
      const isLast = wave === last && later.length === 0;
      if (sender.stopped === undefined && !isLast) await proveWave(waves, now, at, sender);
      isJustProven = sender.job.targets.some((target) => now.includes(target.id) && isProven(target));
      remaining = later;
    } while (remaining.length > 0);
  }
}

/** The targets of a wave: only the first as long as nothing is proven, as after a refusal. */
function splitUntilProven(
  ids: readonly string[],
  { targets }: Job,
): { readonly now: readonly string[]; readonly later: readonly string[] } {
  const isOpen = ({ id, state }: JobTarget) => ids.includes(id) && (state === "pending" || state === "sending");
  const [first, ...others] = targets.filter(isOpen).map(({ id }) => id);
  const isAll = first === undefined || others.length === 0 || targets.some(isProven);
  return isAll ? { now: ids, later: [] } : { now: [first], later: others };
}

async function checkReady(waves: Waves, { number, ids }: Wave, at: string, sender: StepSender): Promise<void> {
  const changed = await waves.ready(ids);
  if (changed === undefined) return;
  const isBegun = sender.job.targets.some((target) => target.wave === number && wasSent(target));
  sender.stop(`Nothing ${isBegun ? "more " : ""}of ${at} was sent: ${changed}`);
}

async function proveWave(waves: Waves, ids: readonly string[], at: string, sender: StepSender): Promise<void> {
  const proof = await waves.prove(sender.job, ids);
  sender.replaceJob(proof.job);
  if (proof.stopped !== undefined) sender.stop(`Nothing was sent after ${at}: ${proof.stopped}`);
}

/** How long a final check and the report may take, in milliseconds. */
const FINAL_CHECK = 3_000;

/**
 * Removes this process as the job's owner, also when the call was cancelled. If that cannot be written to a database,
 * the claim still lapses, and the call's own outcome is more important.
 */
async function releaseOwner(id: string, { journal }: ToolContext): Promise<void> {
  try {
    const job = await journal.find(id);
    if (job === undefined) return;
    await journal.save(withoutOwner(job));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
}

/** @throws {ToolError} if the job was resumed, or something was sent to its targets, since the plan was made */
async function refuseIfChanged(plan: JobPlan, { journal, now }: ToolContext): Promise<void> {
  const { about, earlier } = plan;
  const present = new PreviousRuns(await journal.read(), about.key, now());
  const ids = targetsOf(plan).map(({ id }) => id);
  const { newest } = present;
  const isSame = requestsFingerprint(newest) === requestsFingerprint(earlier.newest);
  if (isSame && present.newestRequests(ids) === earlier.newestRequests(ids)) return;
  const what = isSame ? "Something else was sent to a target of this job" : "The job was resumed by another process";
  const happened = `${what} while a person was asked. Nothing was sent.`;
  throw unapproved(happened, "Call again: a new plan covers what is left.");
}

/** A fingerprint of what was sent in a job and under which plans; watching the job does not change it. */
function requestsFingerprint(job: Job | undefined): string {
  return JSON.stringify([
    job?.id,
    job?.plans,
    job?.targets.map(({ id, sentAt = "", acceptedAt = "" }) => [id, sentAt, acceptedAt]),
  ]);
}

function claimLost(): ToolError {
  return new ToolError({
    kind: "refused",
    happened:
      "Another process took this job over, or the database was unreachable for too long, so this one stopped before its next target.",
    changed: "no",
    next: "Check list_jobs; call again once no process works on it.",
  });
}
