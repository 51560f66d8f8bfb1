import type { Changeable } from "../catalogue/operation.js";
import type { Signers } from "../catalogue/services.js";
import { machineTime, type TimeSource, unlessAborted } from "../lib/time-source.js";
import { ToolError } from "../lib/tool-error.js";
import type { StandingRemainder } from "../standing-approvals/store.js";
import type { AuditRecorder } from "./audit-recorder.js";
import type { GatedCall } from "./call-binding.js";
import type { ChangePlannerOptions } from "./change-planner.js";
import { replyTo } from "./channel.js";
import { maxPause } from "./deadlines.js";
import { voidedBy } from "./obstacles.js";
import type { ApprovalQuestion, PendingApproval } from "./pending-approval.js";
import { createPermit, noLongerValid, type Permit } from "./permit.js";
import { refusal } from "./refusals.js";
import type { ApprovalRequest } from "./request.js";
import { ShownState } from "./shown-state.js";

/** How long the reading before a permit is issued is good for the first request, in milliseconds. */
const GOOD_FOR_FIRST = 10_000;

export interface PermitIssuerOptions
  extends Pick<ChangePlannerOptions, "store" | "readCurrentState" | "sandbox" | "standingApprovals" | "team"> {
  /** Whether the model sees personal data in the current state; the person always does. */
  readonly showsPersonalData?: boolean;
  /** Waits between two looks at a target, and for the end of one. */
  readonly pause?: TimeSource["pause"];
  /** Is told of each change that a standing approval let through, and what is left of that; must not throw. */
  readonly onStandingUse?: (id: string, request: ApprovalRequest, left: StandingRemainder) => void;
  /** Why an approval for these signers is void: other credentials are set now. */
  readonly signerChange?: (operation: Changeable, signers: Signers) => ToolError | undefined;
}

/** Turns an approval into a permit: once, and only while what the person was shown is still current. */
export class PermitIssuer {
  readonly #options: PermitIssuerOptions;
  readonly #audit: AuditRecorder;

  constructor(options: PermitIssuerOptions, audit: AuditRecorder) {
    this.#options = options;
    this.#audit = audit;
  }

  /**
   * Checks a claimed approval again, and uses it up.
   * @returns undefined if nobody waits for the reply any more; the approval stays unused
   * @throws {ToolError} if it is no longer valid for this call
   */
  async issue(call: GatedCall, pending: PendingApproval): Promise<Permit | undefined> {
    const { store, standingApprovals } = this.#options;
    const { question, standingApproval } = pending;
    if (question === undefined) throw refusal(call, "cancelled");
    const justRead = store.deadline(GOOD_FOR_FIRST);
    try {
      await this.#checkUnchanged(call, pending, question);
      if (call.caller.signal.aborted) throw refusal(call, "cancelled");
      if (!replyTo(call.caller).awaited) {
        pending.release();
        return undefined;
      }
      if ((await call.caller.isStillAdmitted?.()) === false) throw refusal(call, "no longer admitted");
      await this.#useShared(call, pending, question.request);
    } catch (error) {
      // A cancelled call leaves the approval to the other callers.
      pending.release();
      throw error;
    }
    const execution = store.consume(pending, call.operation.effect);
    if (execution === undefined) {
      store.discard(pending);
      throw noLongerValid(call, pending);
    }
    // From here on it is carried out even if no client waits; an earlier reply says so.
    replyTo(call.caller).enterStage({ name: "sending" });
    return createPermit({
      call,
      pending,
      execution,
      planId: question.request.plan.id,
      confirm: async () => standingApproval && (await standingApprovals?.confirm(standingApproval.id)),
      shown: this.#shownState(call, question),
      justRead,
      pauseFromNow: (ms = maxPause) => store.deadline(ms),
      audit: this.#audit,
      end: () => store.end(pending),
    });
  }

  /** What was shown, for later readings of a part of it. */
  #shownState(call: GatedCall, { snapshot }: ApprovalQuestion): ShownState {
    const { readCurrentState, pause = machineTime.pause } = this.#options;
    const { signal } = call.caller;
    return new ShownState(snapshot, {
      read: (changes, over) => {
        const part = { ...call, operation: { ...call.operation, plannedChanges: () => changes } };
        return readCurrentState(part, true, AbortSignal.any([signal, over]));
      },
      pause: (ms) => unlessAborted(pause(ms, signal), signal),
      limit: pause,
    });
  }

  /** @throws {ToolError} if the current state or the credential is not what the person was shown: the approval is void */
  async #checkUnchanged(
    call: GatedCall,
    pending: PendingApproval,
    { snapshot, request }: ApprovalQuestion,
  ): Promise<void> {
    const { store, readCurrentState, signerChange } = this.#options;
    const signerChanged = signerChange?.(call.operation, call.signers ?? {});
    const read = () => readCurrentState(call, true, call.caller.signal);
    const failure = signerChanged ?? voidedBy(call, snapshot, await read(), this.#options);
    if (failure === undefined) return;
    store.void(pending, failure);
    const code = signerChanged === undefined ? "StateChanged" : "SignerChanged";
    const unsent = { sent: "no", ok: false, changed: "no", code } as const;
    await this.#audit.record(call, { event: "outcome", planId: request.plan.id, ...unsent });
    throw failure;
  }

  /**
   * Uses up what is shared beyond this gate: a use of a standing approval, or the team's decision.
   * @throws {ToolError} if it does not approve the call any more
   */
  async #useShared(call: GatedCall, pending: PendingApproval, request: ApprovalRequest): Promise<void> {
    const { store, standingApprovals, team, onStandingUse } = this.#options;
    const { standingApproval } = pending;
    try {
      if (standingApproval === undefined) return await team?.use(call, request);
      const { id, call: judged } = standingApproval;
      const left = await standingApprovals?.use(id, request.plan.id, judged);
      if (left !== undefined) onStandingUse?.(id, request, left);
    } catch (error) {
      if (error instanceof ToolError && error.details.kind === "refused") store.void(pending, error);
      throw error;
    }
  }
}
