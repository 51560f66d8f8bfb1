import type { Job, JobTarget } from "../../jobs/job.js";
import type { Claim } from "../../jobs/journal.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ExecuteStep, Placeholders, ToolContext } from "../../pipeline/tool.js";
import { uploadedCertificate } from "./deployer.js";
import { deployerFor } from "./deployers.js";
import { accepted, type TargetPlan } from "./target-plan.js";

export interface Run {
  readonly targetPlans: readonly TargetPlan[];
  /** Gives what fills the slots of the target's step, or nothing; what it does for several targets it does once. */
  placeholdersFor(target: JobTarget, executeStep: ExecuteStep): Promise<Placeholders>;
  /** Whether a request of which nothing is known took effect; undefined where that does not show. */
  verifyApplied(target: JobTarget, job: Job): Promise<Partial<JobTarget> | undefined>;
  /** Whether a failed target lets the next ones go on. */
  readonly continueOnFailure: boolean;
}

/**
 * Sends the steps in order, each between two states of the journal: one that says that it may have been sent, and one
 * that says what came of it.
 * @throws {ToolError} when the call was taken back; the journal has what happened until then
 */
export async function runSteps(
  { targetPlans, placeholdersFor, verifyApplied, continueOnFailure }: Run,
  opened: Job,
  claim: Claim,
  executeStep: ExecuteStep,
  context: ToolContext,
): Promise<Job> {
  let job = opened;
  const note = async (target: JobTarget) => {
    const targets = job.targets.map((each) => (each.id === target.id ? target : each));
    job = await context.journal.save({ ...job, targets });
  };
  const steps = targetPlans.flatMap(({ target, step }) => (step === undefined ? [] : [{ target, step }]));
  let stopped = false;
  for (const [index, { target: planned, step }] of steps.entries()) {
    let target = planned;
    if (stopped) {
      await note({ ...target, state: "not attempted" });
      continue;
    }
    if (!claim.isHeld()) throw claimLost();
    context.progress(`${index + 1} of ${steps.length}: ${target.name}`);
    try {
      const placeholders = await placeholdersFor(target, executeStep);
      job = { ...job, certificate: stored(job.certificate, placeholders) };
      target = { ...target, state: "sending", sentAt: context.now().toISOString() };
      await note(target);
      const found = await deployerFor(target).deliver(step, executeStep, placeholders, context);
      await note(accepted({ ...target, ...found }, context));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const found = isUnknown(error) ? await unlessUnseen(verifyApplied(target, job)) : undefined;
      await note(found ? accepted({ ...target, ...found }, context) : failed(target, error, context));
      if (context.signal.aborted) throw error;
      stopped = found === undefined && !continueOnFailure;
    }
  }
  return job;
}

/** Once it is uploaded its id is known: for the report, and for a rollback that looks for its record by it. */
function stored(certificate: Job["certificate"], placeholders: Placeholders): Job["certificate"] {
  const certificateId = placeholders.get(uploadedCertificate.placeholder);
  return certificateId === undefined ? certificate : { ...certificate, certificateId };
}

const isUnknown = ({ details }: ToolError) => details.changed === "unknown";

/** What a look finds; one that fails finds nothing, and is no reason to leave the rest undone. */
async function unlessUnseen<Found>(look: Promise<Found>): Promise<Found | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Longest text that the journal keeps of a failure, in characters. */
const LONGEST = 600;

/** Of a request that may have arrived nothing more is known than that: a later run looks before it sends again. */
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

function claimLost(): ToolError {
  return new ToolError({
    kind: "refused",
    happened: "Another process took this job over, so this one stopped before its next target.",
    changed: "no",
    next: "Look at list_jobs; call again once nobody works on it.",
  });
}
