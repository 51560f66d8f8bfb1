import type { SentElsewhere } from "../approval/current-state/reading.js";
import { accepted, expectationOf, type Job, type JobTarget } from "../jobs/job.js";
import { isRecent, wasSent } from "../jobs/requests.js";
import { safe, verbatim } from "../lib/safe-text.js";
import { LapsedApprovalError, ToolError, UnseenTargetError } from "../lib/tool-error.js";
import type { ApprovedSteps } from "./approved-steps.js";
import { observeBefore } from "./record-sightings.js";
import type { JobPlan, JobTool, PlannedTarget, Step, Supply, ToolContext } from "./tool.js";

interface SenderOptions {
  readonly approved: ApprovedSteps;
  readonly context: ToolContext;
  /** The number of steps, for progress. */
  readonly count: number;
}

/** Sends the steps of a job. The journal is written before each (it may have been sent) and after it (the outcome). */
export class StepSender {
  #job: Job;
  #copy: string | undefined;
  #stopped: { readonly why?: string } | undefined;
  readonly #tool: JobTool;
  readonly #plan: JobPlan;
  readonly #options: SenderOptions;
  #startedCount = 0;
  readonly #supplies = new Set<Supply>();

  constructor(tool: JobTool, plan: JobPlan, job: Job, options: SenderOptions) {
    this.#tool = tool;
    this.#plan = plan;
    this.#job = job;
    this.#options = options;
  }

  /** As it is in the journal. */
  get job(): Job {
    return this.#job;
  }

  /** Takes over the job as the proof of a wave left it in the journal. */
  replaceJob(proven: Job): void {
    this.#job = proven;
  }

  /** A copy that a supply left in a store, in words. */
  get copy(): string | undefined {
    return this.#copy;
  }

  /** Set once what is left is not attempted: why, in a sentence, unless the outcome of the last request says it. */
  get stopped(): { readonly why?: string } | undefined {
    return this.#stopped;
  }

  /** From now on nothing is attempted. @param why in a sentence, unless the outcome of the last request says it */
  stop(why?: string): void {
    this.#stopped = why === undefined ? {} : { why };
  }

  /** @throws {ToolError} if the call was cancelled */
  async send({ target: planned, step, supply }: PlannedTarget & { readonly step: Step }): Promise<void> {
    const { context, count } = this.#options;
    // The outcome of a request that was sent in an earlier run stays unknown.
    if (this.#stopped !== undefined)
      return planned.state === "sending" ? undefined : this.#save({ ...planned, state: "not attempted" });
    this.#startedCount += 1;
    context.progress(safe`${this.#startedCount} of ${count}: ${verbatim(planned.name)}`);
    // Set once a request to the target may have been sent in this run; what it needs may have failed before.
    let target: JobTarget | undefined;
    try {
      const elsewhere = sentElsewhere(this.#job, planned);
      await this.#options.approved.requireCurrent(step, elsewhere);
      if (await this.#supply(supply)) await this.#options.approved.requireCurrent(step, elsewhere);
      await observeBefore(this.#job, planned, context);
      target = await this.#begin(planned);
      const found = await this.#sendUntilAnswered(target, step);
      await this.#saveOutcome(accepted({ ...target, ...found }, context.now()));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const found = target && isUnknown(error) ? await this.#verifyApplied(target, step) : undefined;
      if (found !== undefined) await this.#options.approved.recordVerified(step);
      const left = targetAfterFailure(error, planned, target, context);
      await this.#saveOutcome(
        found ? accepted({ ...left, ...found }, context.now()) : withFailure(left, error, context),
      );
      if (context.signal.aborted) throw error;
      if (found === undefined && !this.#continuesAfter(error)) this.stop();
    }
  }

  /**
   * Sends the step that supplies this one. The report names the id of an upload, by which a rollback finds its record.
   * @returns whether it was sent now, which takes time
   */
  async #supply(supply: PlannedTarget["supply"]): Promise<boolean> {
    const isSent = supply !== undefined && !this.#supplies.has(supply);
    if (supply !== undefined) this.#supplies.add(supply);
    const supplied = supply && (await this.#options.approved.sendSupply(supply));
    const { certificateId, copy } = supplied ?? {};
    if (certificateId !== undefined) {
      this.#job = { ...this.#job, certificate: { ...this.#job.certificate, certificateId } };
    }
    this.#copy = copy ?? this.#copy;
    return isSent;
  }

  /** Writes to the journal that a request for the target is about to be sent. */
  async #begin(planned: JobTarget): Promise<JobTarget> {
    const sentAt = this.#options.context.now().toISOString();
    const target: JobTarget = {
      ...planned,
      state: "sending",
      sentAt,
      order: this.#plan.earlier.nextOrder(planned.id),
    };
    await this.#save(target);
    return target;
  }

  /** Sends the step until its answer counts: some clouds are asked again until they have what they need. */
  async #sendUntilAnswered(target: JobTarget, step: Step): Promise<Partial<JobTarget>> {
    const { approved, context } = this.#options;
    const { certificateId } = this.#job.certificate;
    const firstSentAt = context.elapsed();
    for (let attempt = 0; ; attempt++) {
      const reply = await (attempt === 0 ? approved.send(step) : asRepeat(approved.send(step)));
      const waited = context.elapsed() - firstSentAt;
      const found = await this.#tool.interpretReply({ target, step, reply, attempt, waited, certificateId }, context);
      if (found !== undefined) return found;
    }
  }

  /** Nothing goes on once the approval is void, nor do waves after an unknown outcome: its target cannot be proven. */
  #continuesAfter(error: ToolError): boolean {
    const { continueOnFailure, waves } = this.#plan;
    return continueOnFailure && !error.details.endsApproval && (waves === undefined || !isUnknown(error));
  }

  async #save(target: JobTarget): Promise<void> {
    this.#job = await this.#options.context.journal.save(this.#with(target));
  }

  /** Notes the outcome of a request. If that cannot be written now, the next write includes it, before more is sent. */
  async #saveOutcome(target: JobTarget): Promise<void> {
    try {
      await this.#save(target);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.#job = this.#with(target);
    }
  }

  #with(target: JobTarget): Job {
    return { ...this.#job, targets: this.#job.targets.map((each) => (each.id === target.id ? target : each)) };
  }

  /** What a check finds; a failed check finds nothing and must not stop the rest, nor does one of another account. */
  async #verifyApplied(target: JobTarget, step: Step): Promise<Partial<JobTarget> | undefined> {
    const { approved } = this.#options;
    try {
      if (!approved.isSignerCurrent(step)) return undefined;
      const found = await this.#plan.verifyApplied?.(target, this.#job);
      // The key may have been exchanged while the check was reading.
      return approved.isSignerCurrent(step) ? found : undefined;
    } catch (error) {
      if (error instanceof ToolError) return undefined;
      throw error;
    }
  }
}

/**
 * What the job sent to other targets and may have brought to this one: one update covers all that has a certificate, and
 * two services may serve the same domain.
 */
function sentElsewhere(job: Job, { id, domain }: JobTarget): SentElsewhere {
  const others = job.targets.filter(
    (each) => each.id !== id && wasSent(each) && (each.domain === undefined || each.domain === domain),
  );
  const { certificateId: own } = job.certificate;
  const replaced = others.flatMap(({ oldCertificateId: old }) =>
    old === undefined || own === undefined
      ? []
      : [job.kind === "rollback" ? { from: own, to: old } : { from: old, to: own }],
  );
  return { leaves: others.map((each) => expectationOf(job, each)), replaced };
}

const isUnknown = ({ details }: ToolError) => details.changed === "unknown";

/**
 * What a failure makes of a target.
 * @param planned as it was before this run
 * @param target as it was when a request was about to be sent; undefined if what it needs failed before
 */
function targetAfterFailure(
  error: ToolError,
  planned: JobTarget,
  target: JobTarget | undefined,
  context: ToolContext,
): JobTarget {
  const { kind, sent } = error.details;
  if (target !== undefined && isUnknown(error)) return target;
  const isSent = target !== undefined && kind !== "cancelled" && sent !== false;
  // Only an answer says something about a request of an earlier run.
  if (!isSent && planned.state === "sending") return planned;
  // An earlier request, of unknown outcome, may still arrive; then the answer to a later one is not all.
  const { state, sentAt } = planned;
  const isOnItsWay = state === "sending" && sentAt !== undefined && isRecent({ at: Date.parse(sentAt) }, context.now());
  if (isSent && isOnItsWay) return target;
  // What was planned as its state before is not what is there now.
  const isChanged = error instanceof LapsedApprovalError && !(error instanceof UnseenTargetError);
  if (isChanged && !error.details.endsApproval && !wasSent(planned)) {
    const { before: _, ...left } = planned;
    return { ...left, state: "not attempted" };
  }
  // Nothing failed at a target that the end of the call, or of its approval, kept from being sent.
  if (kind === "cancelled" || error instanceof LapsedApprovalError) return { ...planned, state: "not attempted" };
  return { ...(target ?? planned), state: "failed" };
}

/** The cloud accepted an earlier copy of the request, so a failure to send it again leaves the outcome unknown. */
async function asRepeat<Reply>(sent: Promise<Reply>): Promise<Reply> {
  try {
    return await sent;
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.sent === true) throw error;
    throw new ToolError({ ...error.details, changed: "unknown", sent: true });
  }
}

/** Longest text that the journal keeps about a failure, in characters. */
const MAX_ERROR_LENGTH = 600;

/** The target with what went wrong. A later run looks for what may have arrived before it sends again. */
function withFailure(target: JobTarget, failure: ToolError, { redacted }: ToolContext): JobTarget {
  const { happened, next, code, requestId } = failure.details;
  const outcome = target.state === "sending" ? "Outcome unknown. " : "";
  const says = redacted(`${happened} ${outcome}Next: ${next}`).slice(0, MAX_ERROR_LENGTH);
  return {
    ...target,
    says,
    ...(code !== undefined && { code: redacted(code) }),
    ...(requestId !== undefined && { requestId: redacted(requestId) }),
  };
}
