import { Failure } from "../../failure.js";
import type { Job, JobTarget } from "../../jobs/job.js";
import type { Claim } from "../../jobs/journal.js";
import type { CarryOut, OwnToolContext } from "../../own-tool.js";
import { accepted, type Course } from "./course.js";
import { deliveryFor } from "./deliveries.js";
import { UPLOADED } from "./delivery.js";

export type Slots = ReadonlyMap<string, string>;

export interface Run {
  readonly courses: readonly Course[];
  /** Gives what fills the slots of the target's step, or nothing; what it does for several targets it does once. */
  slotsFor(target: JobTarget, carryOut: CarryOut): Promise<Slots>;
  /** Whether a request of which nothing is known took effect; undefined where that does not show. */
  tookEffect(target: JobTarget, job: Job): Promise<Partial<JobTarget> | undefined>;
  /** Whether a failed target lets the next ones go on. */
  readonly goOn: boolean;
}

/**
 * Sends the steps in order, each between two states of the journal: one that says that it may have been sent, and one
 * that says what came of it.
 * @throws {Failure} when the call was taken back; the journal has what happened until then
 */
export async function runSteps(
  { courses, slotsFor, tookEffect, goOn }: Run,
  opened: Job,
  claim: Claim,
  carryOut: CarryOut,
  context: OwnToolContext,
): Promise<Job> {
  let job = opened;
  const note = async (target: JobTarget) => {
    const targets = job.targets.map((each) => (each.id === target.id ? target : each));
    job = await context.journal.save({ ...job, targets });
  };
  const steps = courses.flatMap(({ target, step }) => (step === undefined ? [] : [{ target, step }]));
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
      const slots = await slotsFor(target, carryOut);
      job = { ...job, certificate: stored(job.certificate, slots) };
      target = { ...target, state: "sending", sentAt: context.now().toISOString() };
      await note(target);
      const found = await deliveryFor(target).deliver(step, carryOut, slots, context);
      await note(accepted({ ...target, ...found }, context));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const found = isUnknown(error) ? await unlessUnseen(tookEffect(target, job)) : undefined;
      await note(found ? accepted({ ...target, ...found }, context) : failed(target, error, context));
      if (context.signal.aborted) throw error;
      stopped = found === undefined && !goOn;
    }
  }
  return job;
}

/** Once it is uploaded its id is known: for the report, and for a rollback that looks for its record by it. */
function stored(certificate: Job["certificate"], slots: Slots): Job["certificate"] {
  const certificateId = slots.get(UPLOADED.placeholder);
  return certificateId === undefined ? certificate : { ...certificate, certificateId };
}

const isUnknown = ({ facts }: Failure) => facts.changed === "unknown";

/** What a look finds; one that fails finds nothing, and is no reason to leave the rest undone. */
async function unlessUnseen<Found>(look: Promise<Found>): Promise<Found | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Longest text that the journal keeps of a failure, in characters. */
const LONGEST = 600;

/** Of a request that may have arrived nothing more is known than that: a later run looks before it sends again. */
function failed(target: JobTarget, failure: Failure, { sealed }: OwnToolContext): JobTarget {
  const { happened, next, code, requestId } = failure.facts;
  const unknown = isUnknown(failure);
  const says = sealed(`${happened} ${unknown ? "Outcome unknown. " : ""}Next: ${next}`).slice(0, LONGEST);
  return {
    ...target,
    state: unknown ? "sending" : "failed",
    says,
    ...(code !== undefined && { code: sealed(code) }),
    ...(requestId !== undefined && { requestId: sealed(requestId) }),
  };
}

function claimLost(): Failure {
  return new Failure({
    kind: "refused",
    happened: "Another process took this job over, so this one stopped before its next target.",
    changed: "no",
    next: "Look at list_jobs; call again once nobody works on it.",
  });
}
