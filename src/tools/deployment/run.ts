import type { Job, JobTarget } from "../../jobs/job.js";
import type { Claim } from "../../jobs/journal.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ExecuteStep, Placeholders, ToolContext } from "../../pipeline/tool.js";
import { uploadedCertificate } from "./deployer.js";
import { deployerFor } from "./deployers.js";
import { accepted, type TargetPlan } from "./target-plan.js";

export interface Run {
  readonly targetPlans: readonly TargetPlan[];
  /** Returns the values for the placeholders in the target's step, if any; shared work is done once. */
  placeholdersFor(target: JobTarget, executeStep: ExecuteStep): Promise<Placeholders>;
  /** Whether a request with unknown outcome took effect; undefined if that cannot be seen. */
  verifyApplied(target: JobTarget, job: Job): Promise<Partial<JobTarget> | undefined>;
  /** Whether the remaining targets are processed after one failed. */
  readonly continueOnFailure: boolean;
}

/**
 * Sends the steps in order. The journal is written before each (it may have been sent) and after it (the outcome).
 * @throws {ToolError} if the call was cancelled; the journal has what happened until then
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

/** The id is known after the upload: the report needs it, and so does a rollback, which looks for its record by it. */
function stored(certificate: Job["certificate"], placeholders: Placeholders): Job["certificate"] {
  const certificateId = placeholders.get(uploadedCertificate.placeholder);
  return certificateId === undefined ? certificate : { ...certificate, certificateId };
}

const isUnknown = ({ details }: ToolError) => details.changed === "unknown";

/** What a look finds; a failed look finds nothing and must not stop the rest. */
async function unlessUnseen<Found>(look: Promise<Found>): Promise<Found | undefined> {
  try {
    return await look;
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

function claimLost(): ToolError {
  return new ToolError({
    kind: "refused",
    happened: "Another process took this job over, so this one stopped before its next target.",
    changed: "no",
    next: "Check list_jobs; call again once no process works on it.",
  });
}
