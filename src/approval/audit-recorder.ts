import { type AuditEntry, type AuditEntryOf, MAX_CHANGES, MAX_WARNINGS } from "../audit/entry.js";
import { messageOf } from "../lib/failure.js";
import type { Language } from "../lib/language.js";
import { describeFormFailure } from "./approval-status.js";
import type { GatedCall, PlannedCall } from "./call-binding.js";
import type { Caller } from "./channel.js";
import { shortenedIds } from "./describe-plan.js";
import type { PendingApproval } from "./pending-approval.js";
import { countOfObjects, type PlanRow, type Plans, wordsOf } from "./plan.js";
import { type Refused, refusal } from "./refusals.js";
import type { ApprovalRequest } from "./request.js";

export interface RecordOptions {
  readonly audit: { append(entry: AuditEntry): Promise<void> };
  /** Reports problems with the audit log; never to stdout. */
  readonly log: (line: string) => void;
}

/** Writes the gate's entries into the audit log. */
export class AuditRecorder {
  readonly #options: RecordOptions;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  /**
   * Records what is about to happen.
   * @throws {ToolError} if it cannot be recorded; then it must not happen
   */
  async record(refused: Refused, entry: AuditEntry): Promise<void> {
    const failure = await this.#append(entry);
    if (failure !== undefined) throw refusal(refused, "no record", failure.cause);
  }

  /** Records what a person is about to be asked, also in their language if that is not English. */
  async recordPlan(call: GatedCall, plans: Plans, language: Language): Promise<void> {
    const { en: plan } = plans;
    const { question, warnings } = plans[language];
    await this.record(call, {
      event: "plan",
      planId: plan.id,
      operation: plan.operation,
      effect: plan.effect,
      objects: countOfObjects(plan),
      question: plan.question,
      warnings: plan.warnings.slice(0, MAX_WARNINGS),
      // Rows of single operations may name people; those of jobs name domains and certificates.
      ...((call.parts !== undefined || call.operation.outOfBand) && {
        changes: plan.rows.slice(0, MAX_CHANGES).map(describeRow),
      }),
      ...(language !== "en" && { translated: { question, warnings: warnings.slice(0, MAX_WARNINGS) } }),
      arguments: plan.digest,
      service: call.operation.service.id,
      account: [...(call.accountName === undefined ? [] : [call.accountName]), shortenedIds(call.account)].join(": "),
      ...asker(call.caller, plans),
    });
  }

  /** Records how the question ended, and after how long. */
  async recordDecision(
    call: PlannedCall,
    request: ApprovalRequest,
    tookMs: number,
    instead?: "refused",
  ): Promise<void> {
    const { ending, plan, formFailure } = request;
    const { verdict, channel, by: people = [] } = ending ?? { verdict: "dismissed", channel: "none" };
    const by = people.map(({ id, name, at, answer, shown }) => ({ id, name, at: at.toISOString(), answer, shown }));
    await this.record(call, {
      event: "decision",
      planId: plan.id,
      channel,
      verdict: instead ?? verdict,
      tookMs,
      ...(formFailure && { reason: describeFormFailure(formFailure) }),
      ...(by.length > 0 && { by }),
    });
  }

  /** Like {@link recordDecision}, but once for all calls that wait for the decision. */
  async recordDecisionOnce(call: PlannedCall, pending: PendingApproval, tookMs: number): Promise<void> {
    if (pending.signal.aborted || pending.question === undefined) return;
    pending.decisionRecorded ??= this.recordDecision(call, pending.question.request, tookMs);
    try {
      await pending.decisionRecorded;
    } catch (error) {
      pending.decisionRecorded = undefined;
      throw error;
    }
  }

  /** Records what has happened; false if that failed. The reply must report it in any case. */
  async tryRecord(entry: AuditEntry): Promise<boolean> {
    return (await this.#append(entry)) === undefined;
  }

  async #append(entry: AuditEntry): Promise<{ readonly cause: unknown } | undefined> {
    try {
      await this.#options.audit.append(entry);
      return undefined;
    } catch (cause) {
      this.#options.log(`audit log: ${messageOf(cause)}`);
      return { cause };
    }
  }

  /** Records what a job's targets were seen to serve; false if that failed for one of them. */
  async recordSightings(sightings: readonly Omit<AuditEntryOf<"seen">, "event">[]): Promise<boolean> {
    const recorded = await Promise.all(sightings.map((seen) => this.tryRecord({ event: "seen", ...seen })));
    return recorded.every(Boolean);
  }
}

/** Who asks, and the digests by which a decision shows what was approved. */
function asker({ identity }: Pick<Caller, "identity">, plans: Plans) {
  if (identity === undefined) return {};
  const { person, client } = identity;
  return {
    asker: { id: person.id, name: person.name, ...(client !== undefined && { client }) },
    words: { en: wordsOf(plans.en), "zh-CN": wordsOf(plans["zh-CN"]) },
  };
}

const describeRow = ({ object, aspect, now, then }: PlanRow) => `${object}, ${aspect}: ${now} → ${then}`;
