import type { AuditEntryOf } from "../audit/entry.js";
import type { PlannedChange } from "../catalogue/operation.js";
import type { Cloud } from "../catalogue/services.js";
import type { JsonObject } from "../lib/json.js";
import { LapsedApprovalError, ToolError, UnseenTargetError } from "../lib/tool-error.js";
import type { AuditRecorder } from "./audit-recorder.js";
import type { GatedCall } from "./call-binding.js";
import type { SentElsewhere } from "./current-state/reading.js";
import type { ApprovalDeadline } from "./deadlines.js";
import { shortenedIds } from "./describe-plan.js";
import { type Execution, idsIn } from "./execution.js";
import type { PendingApproval } from "./pending-approval.js";
import { pausedTooLong, type Refused, refusal, targetChanged, targetNotSeen } from "./refusals.js";
import { longestLook, type ShownState } from "./shown-state.js";

/** The reply of a call that was sent. */
export interface SentReply {
  readonly requestId?: string;
  readonly result?: JsonObject;
  /** Why no clear answer came, if only a later check showed that it was carried out. */
  readonly verifiedAfter?: ToolError;
}

/** A part of a job. */
interface ApprovedPart {
  /** As in the audit log. */
  readonly name: string;
  /** Where it is sent. */
  readonly cloud: Cloud;
}

/** A part of a job that is about to be sent. */
interface PartToSend extends Pick<ApprovedPart, "name"> {
  /** Whether what signs now is what was approved: another account tells nothing about it, and the sending refuses it. */
  isSignerCurrent(): boolean;
}

/** A person's approval, held by the call that it was given to. */
export interface Permit {
  /** Of the plan that was approved, as in the audit log. */
  readonly planId: string;
  /**
   * Records as which job of the journal the plan is carried out.
   * @throws {ToolError} if that cannot be recorded; nothing may be sent then
   */
  recordJob(job: Omit<AuditEntryOf<"job">, "event" | "planId">): Promise<void>;
  /** The credential that the approval is for at this cloud: what is sent there must be signed by it. */
  signerFor(cloud: Cloud): string;
  /**
   * Makes sure that a part of a job may still be sent: that what a person was shown there is still so, and that not too
   * much time has passed.
   * @param elsewhere what the job sent to other places and may have brought there
   * @throws {ToolError} if not; that is recorded
   */
  requireCurrent(part: PartToSend, changes: readonly PlannedChange[], elsewhere: SentElsewhere): Promise<void>;
  /** What was sent is proven, and what comes next is as it was shown: the time until the next request starts anew. */
  renew(): void;
  /**
   * Carries out what was approved, recorded before and after. The holder of a job's permit must make sure that each
   * part was shown and is sent once.
   */
  execute<Answer extends SentReply>(send: () => Promise<Answer>, part?: ApprovedPart): Promise<Answer>;
  /** Records that a check found a part of a job carried out after no clear answer had come. */
  recordVerified(step: string): Promise<void>;
  /** Ends the execution. Until then the same call waits. */
  end(): void;
}

/** What a permit consists of. */
interface PermitOptions {
  readonly call: GatedCall;
  readonly pending: Pick<PendingApproval, "deadline">;
  readonly execution: Execution;
  readonly planId: string;
  /** Whether it is still approved, before each request after the first. */
  confirm(): Promise<unknown>;
  readonly shown: ShownState;
  /** Until when the last reading of the state is good for the first request. */
  readonly justRead: ApprovalDeadline;
  /** When the next request must have started, if the one before starts now, or in so many milliseconds. */
  pauseFromNow(ms?: number): ApprovalDeadline;
  readonly audit: AuditRecorder;
  end(): void;
}

export function createPermit(options: PermitOptions): Permit {
  const { call, pending, execution, planId, confirm, audit, end } = options;
  /** When the next request must have started. */
  let pause = pending.deadline;
  /** Why nothing may be sent once that has passed. */
  let pastDue = (refused: Refused): ToolError => {
    const { details } = noLongerValid(refused, pending);
    return new LapsedApprovalError({ ...details, endsApproval: true });
  };
  /** The time until the next request starts anew. */
  const restartPause = () => {
    pause = options.pauseFromNow();
    pastDue = (refused) => pausedTooLong(refused, pause);
  };
  /**
   * A look takes none of the time between two requests, unless it took longer than one can, as while a computer sleeps.
   * Before the first request, the approval's own deadline holds: a person was told of it.
   */
  const untimed = async <Found>(look: () => Promise<Found>): Promise<Found> => {
    const { left } = pause;
    const longest = options.pauseFromNow(longestLook);
    try {
      return await look();
    } finally {
      if (pause !== pending.deadline && !longest.passed) pause = options.pauseFromNow(left);
    }
  };
  let started = false;
  let voided: ToolError | undefined;
  const { signers = {} } = call;
  const refuseWhenOverdue = (refused: Refused) => {
    if (pause.passed) throw pastDue(refused);
  };
  const signerFor = (cloud: Cloud) => {
    const signer = signers[cloud];
    if (signer === undefined) throw new Error(`nothing was approved to be sent to ${cloud}`);
    return signer;
  };
  const recordVerified = async (step?: string) => {
    const about = { planId, ...(step !== undefined && { step }) };
    await audit.tryRecord({ event: "outcome", ...about, sent: "yes", ok: false, changed: "yes" });
  };
  return {
    planId,
    signerFor,
    recordJob: (job) => audit.record(call, { event: "job", planId, ...job }),
    requireCurrent: async (part, changes, elsewhere) => {
      if (voided !== undefined) throw voided;
      const refused = { operation: part };
      try {
        refuseWhenOverdue(refused);
        if ((!started && !options.justRead.passed) || !part.isSignerCurrent()) return;
        const { changed, unseen } = await untimed(() => options.shown.lookAgain(changes, elsewhere));
        // The key may have been exchanged during the look.
        if (!part.isSignerCurrent()) return;
        if (changed.length > 0) throw targetChanged(refused, changed);
        if (unseen.length > 0) throw targetNotSeen(refused, unseen);
      } catch (error) {
        if (!(error instanceof LapsedApprovalError)) throw error;
        const isOver = error.details.endsApproval === true;
        if (isOver) voided = error;
        const unmet = error instanceof UnseenTargetError ? "NotSeen" : "StateChanged";
        const code = isOver ? "ApprovalExpired" : unmet;
        await audit.tryRecord({
          event: "outcome",
          planId,
          step: part.name,
          sent: "no",
          ok: false,
          changed: "no",
          code,
        });
        throw error;
      }
    },
    renew: () => {
      if (voided === undefined) restartPause();
    },
    // Between two lines of the audit log. The first request must start before the deadline, each other one soon after
    // the one before it.
    execute: async (send, part) => {
      // Whatever voided it may have been undone since; the approval stays void.
      if (voided !== undefined) throw voided;
      const first = !started;
      started = true;
      const about = { planId, ...(part && { step: part.name }) };
      const signer = part ? signerFor(part.cloud) : Object.values(signers).join(", ");
      // A refusal here concerns one step of a job, whatever the outcome of earlier steps.
      const refused = { operation: { name: part?.name ?? call.operation.name } };
      if (!first) await confirm();
      await audit.record(refused, {
        event: "sending",
        ...about,
        ...(signer !== "" && { signer: shortenedIds(signer) }),
      });
      try {
        if (call.caller.signal.aborted) throw refusal(refused, "cancelled");
        refuseWhenOverdue(refused);
        restartPause();
        const answer = await send();
        execution.add({ changed: "yes", ...referenceOf(answer), ids: idsIn(answer.result, call.operation.effect) });
        if (answer.verifiedAfter === undefined) {
          const accepted = { sent: "yes", ok: true, changed: "yes", ...referenceOf(answer) } as const;
          await audit.tryRecord({ event: "outcome", ...about, ...accepted });
        } else {
          await audit.tryRecord({ event: "outcome", ...about, ...failedOutcome(answer.verifiedAfter) });
          await recordVerified(part?.name);
        }
        return answer;
      } catch (error) {
        if (error instanceof ToolError && error.details.endsApproval) voided = error;
        const outcome = failedOutcome(error);
        const { httpStatus: _, ...reference } = referenceOf(outcome);
        execution.add({ changed: outcome.changed, ...reference, ids: [] });
        await audit.tryRecord({ event: "outcome", ...about, ...outcome });
        throw error;
      }
    },
    recordVerified,
    end,
  };
}

/** Why an approval is no longer valid. */
export function noLongerValid(refused: Refused, { deadline }: Pick<PendingApproval, "deadline">): ToolError {
  if (!deadline.passed) return refusal(refused, "voided");
  return refusal(refused, deadline.clockSetBack ? "clock set back" : "expired");
}

/** The outcome of a request that had no answer which says that it was carried out. */
function failedOutcome(error: unknown) {
  const facts = error instanceof ToolError ? error.details : undefined;
  const sent = facts?.sent === undefined ? "unknown" : facts.sent ? "yes" : "no";
  const changed = facts?.changed === "no" ? "no" : "unknown";
  return { sent, ok: false, changed, ...referenceOf(facts ?? {}) } as const;
}

function referenceOf(facts: { readonly requestId?: string; readonly code?: string; readonly httpStatus?: number }) {
  const { requestId, code, httpStatus } = facts;
  return { ...(requestId && { requestId }), ...(code && { code }), ...(httpStatus && { httpStatus }) };
}
