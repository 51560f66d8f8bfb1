import type { CallToGate } from "../approval/gate.js";
import { loss } from "../catalogue/warnings.js";
import { isProven, type Job, type JobTarget } from "../jobs/job.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import { onRecord, wasSent } from "../jobs/requests.js";
import type { Claim } from "../jobs/store.js";
import { plannedWithout, unknownBecause } from "../jobs/unreadable.js";
import type { JsonObject } from "../lib/json.js";
import { ToolError, unapproved } from "../lib/tool-error.js";
import { type ApprovedSteps, approveSteps, type StepRunnerDeps } from "./approved-steps.js";
import { StepSender } from "./step-sender.js";
import type { JobPlan, JobTool, ReportedJob, Step, Supply, ToolContext, Wave } from "./tool.js";

/** A job that has ended, and its report. */
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
  call: CallToGate,
  deps: StepRunnerDeps,
  context: ToolContext,
): Promise<EndedJob> {
  const plan = withUnreadable(withRecord(await tool.prepare(call.params, context)));
  const supplies = [...new Set(plan.targetPlans.flatMap(({ supply }) => supply ?? []))];
  const steps = stepsOf(plan, supplies);
  const approved = await approveSteps(tool, { ...plan, steps }, call, deps);
  try {
    for (const supply of supplies) if (supply.first) await approved.sendSupply(supply);
    // If nothing was ever sent, there is nothing to record.
    const isIdle = steps.length === 0 && plan.earlier.job === undefined;
    if (!isIdle) return await sendAndWatch(tool, plan, approved, context);
    const job = { ...plan.about, targets: targetsOf(plan) };
    return { job, report: { ...tool.report(job, context.now()), ...plan.remarks } };
  } catch (error) {
    throw approved.errorAfterSteps(error);
  } finally {
    approved.end();
  }
}

/** The plan of a resumed job, with what the journal says was sent to each target before. */
function withRecord(plan: JobPlan): JobPlan {
  const recorded = new Map(plan.earlier.job?.targets.map((target) => [target.id, target]));
  const targetPlans = plan.targetPlans.map((each) => ({
    ...each,
    target: onRecord(each.target, recorded.get(each.target.id)),
  }));
  return { ...plan, targetPlans };
}

/**
 * A person decides whether to go on without records that could not be read: the warning is one that no standing approval
 * covers. Without any record, the job could not even be followed.
 * @throws {ToolError} if the journal as a whole could not be read
 */
function withUnreadable(plan: JobPlan): JobPlan {
  const { unreadable } = plan.earlier;
  if (unreadable.length === 0) return plan;
  if (unreadable.some(({ id }) => id === undefined)) throw unknownBecause("What was sent earlier", unreadable);
  return { ...plan, warnings: [loss(plannedWithout(unreadable)), ...plan.warnings] };
}

/** All steps, in the order in which a person reads them: what the job is about comes before the keys that it takes. */
function stepsOf({ targetPlans }: JobPlan, supplies: readonly Supply[]): readonly Step[] {
  const supplying = (first: boolean) => supplies.filter((supply) => supply.first === first).map(({ step }) => step);
  return [...supplying(false), ...targetPlans.flatMap(({ step }) => step ?? []), ...supplying(true)];
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
    await refuseIfMoved(plan, context);
    const opened = await openedIn(plan, approved.planId, context);
    try {
      await approved.carriedOutAs(opened);
      const sent = await sendSteps(tool, plan, opened, { claim, approved, context });
      const { job: watchedJob, watched } = await watchOrStop(tool, plan, sent, context);
      const job = await journal.save({ ...watchedJob, endedAt: now().toISOString() });
      const copy = sent.copy === undefined ? {} : { new_copy: sent.copy };
      return { job, report: { ...tool.report(job, now(), watched), ...copy, ...plan.remarks } };
    } finally {
      if (claim.isHeld()) await releaseOwner(opened.id, context);
    }
  } finally {
    await claim.release();
    await journal.archiveOld();
  }
}

/** After a wave that could not be proven, nothing more is waited for: it was just looked at. */
function watchOrStop(tool: JobTool, { watchMs }: JobPlan, { job, stopped }: Sent, context: ToolContext) {
  if (stopped !== undefined) return { job, watched: { why: stopped, canShowMore: true } };
  // The reply must say "accepted" before the client gives up on the call; wait_for continues to watch.
  return tool.watch(job, context, Math.min(watchMs, Math.max(0, context.timeLeft() - FINAL_CHECK)));
}

/** The job that the same call left unfinished, or a new one. */
function openedIn(plan: JobPlan, planId: string | undefined, { journal }: ToolContext): Promise<Job> {
  const { about, earlier } = plan;
  const targets = targetsOf(plan);
  const plans = [...(earlier.job?.plans ?? []), ...(planId === undefined ? [] : [planId])];
  if (earlier.job === undefined) return journal.open({ ...about, plans, targets });
  const { stopped: _, endedAt: __, ...left } = earlier.job;
  // Keeps the id of the stored certificate even if it cannot be read now.
  const { certificateId = left.certificate.certificateId } = about.certificate;
  const certificate = { ...about.certificate, ...(certificateId !== undefined && { certificateId }) };
  return journal.save({ ...left, plans, certificate, owner: journal.self, targets });
}

/** What was sent, and why a wave was not followed by the next. */
interface Sent {
  readonly job: Job;
  readonly copy: string | undefined;
  readonly stopped: string | undefined;
}

/**
 * Sends the steps in order, wave by wave; a wave is proven before the next is sent.
 * @throws {ToolError} if the call was cancelled; the journal has what happened until then
 */
async function sendSteps(
  tool: JobTool,
  plan: JobPlan,
  opened: Job,
  {
    claim,
    approved,
    context,
  }: { readonly claim: Claim; readonly approved: ApprovedSteps; readonly context: ToolContext },
): Promise<Sent> {
  const { waves, targetPlans } = plan;
  const open = targetPlans.flatMap(({ step, ...rest }) => (step === undefined ? [] : [{ ...rest, step }]));
  const sender = new StepSender(tool, plan, opened, { approved, context, count: open.length });
  const left = [...(waves?.order ?? [{ number: 1, ids: open.map(({ target }) => target.id) }])];
  const last = left.at(-1)?.number;
  for (let wave = left.shift(); wave !== undefined; wave = left.shift()) {
    const { number, ids } = waves === undefined ? wave : withinProof(wave, left, sender.job);
    const at = `wave ${number} of ${last}`;
    if (waves !== undefined && sender.stopped === undefined) {
      context.recordStage(opened.id, at);
      const changed = await waves.ready(ids);
      const isBegun = sender.job.targets.some((target) => target.wave === number && wasSent(target));
      if (changed !== undefined) sender.stop(`Nothing ${isBegun ? "more " : ""}of ${at} was sent: ${changed}`);
    }
    for (const each of open) {
      if (!ids.includes(each.target.id)) continue;
      if (sender.stopped === undefined && !claim.isHeld()) throw claimLost();
      await sender.send(each);
    }
    if (waves !== undefined && sender.stopped === undefined && left.length > 0) {
      const proof = await waves.prove(sender.job, ids);
      sender.continueWith(proof.job);
      if (proof.stopped !== undefined) sender.stop(`Nothing was sent after ${at}: ${proof.stopped}`);
    }
  }
  const { job, copy } = sender;
  const stopped = sender.stopped?.why;
  return { job: stopped === undefined ? job : await context.journal.save({ ...job, stopped }), copy, stopped };
}

/** The wave; only its first target as long as nothing is proven, as after a refusal. The others are left for later. */
function withinProof(wave: Wave, left: Wave[], job: Job): Wave {
  const isOpen = ({ state }: JobTarget) => state === "pending" || state === "sending";
  const pending = job.targets.filter((target) => wave.ids.includes(target.id) && isOpen(target));
  const [first, ...others] = pending.map(({ id }) => id);
  if (first === undefined || others.length === 0 || job.targets.some(isProven)) return wave;
  left.unshift({ ...wave, ids: others });
  return { ...wave, ids: [first] };
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
    const { owner: _, ...left } = job;
    await journal.save(left);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
}

/** @throws {ToolError} if the job was resumed, or something was sent to its targets, since the plan was made */
async function refuseIfMoved(plan: JobPlan, { journal, now }: ToolContext): Promise<void> {
  const { about, earlier } = plan;
  const present = new PreviousRuns(await journal.read(), about.key, now());
  const ids = targetsOf(plan).map(({ id }) => id);
  const { newest } = present;
  const isSame = sentIn(newest) === sentIn(earlier.newest);
  if (isSame && present.newestRequests(ids) === earlier.newestRequests(ids)) return;
  const what = isSame ? "Something else was sent to a target of this job" : "The job was resumed by another process";
  const happened = `${what} while a person was asked. Nothing was sent.`;
  throw unapproved(happened, "Call again: a new plan covers what is left.");
}

/** A fingerprint of what was sent in a job and under which plans; watching the job does not change it. */
function sentIn(job: Job | undefined): string {
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
