import { forTheRecord, type Reader } from "../lib/language.js";
import { safe } from "../lib/safe-text.js";
import { ToolError } from "../lib/tool-error.js";
import { type ApprovalProgress, approvalProgress, approvedMeanwhile, askedAnew } from "./approval-status.js";
import { AuditRecorder, type RecordOptions } from "./audit-recorder.js";
import type { ApprovalBinding, GatedCall } from "./call-binding.js";
import { ChangePlanner, type ChangePlannerOptions } from "./change-planner.js";
import { type Caller, type Channel, replyTo } from "./channel.js";
import { channelOf, type PendingApproval } from "./pending-approval.js";
import { noLongerValid, type Permit, type SentReply } from "./permit.js";
import { PermitIssuer, type PermitIssuerOptions } from "./permit-issuer.js";
import type { Plan } from "./plan.js";
import { type Policy, violatedRule } from "./policy.js";
import {
  alreadyCarriedOut,
  formFailed,
  limitReached,
  refusal,
  refusalAfter,
  tokenOffered,
  waiting,
} from "./refusals.js";
import type { ApprovalRequest } from "./request.js";
import { decidedOrFailed, presentThrough, settledWithin, systemTimer, type Timer, withProgress } from "./waiting.js";

export interface GateOptions extends ChangePlannerOptions, PermitIssuerOptions, RecordOptions {
  readonly policy: Policy;
  /** Tried in this order. */
  readonly channels: readonly Channel[];
  /** Whether the reply may carry an approval token, for a host that asks a person at each call. */
  readonly token: { readonly offered: boolean; readonly forDestructive: boolean };
  /** How long a call waits for a decision, in milliseconds; if absent, as long as one is possible. */
  readonly wait?: number | undefined;
  readonly timer?: Timer;
  /** The person's language and time zone; English and UTC if absent. */
  readonly reader?: Reader;
  /** Is told of each question that waits for a person; must not throw. */
  readonly onAsked?: (request: ApprovalRequest) => void;
}

/** Lets a change through once, and only after a person approved exactly this change. Closed by default. */
export class Gate {
  readonly #options: GateOptions;
  readonly #reader: Reader;
  readonly #planner: ChangePlanner;
  readonly #audit: AuditRecorder;
  readonly #issuer: PermitIssuer;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#reader = options.reader ?? forTheRecord;
    this.#planner = new ChangePlanner(options, this.#reader);
    this.#audit = new AuditRecorder(options);
    this.#issuer = new PermitIssuer(options, this.#audit);
  }

  /**
   * Plans the change, gets it approved, and carries it out by calling `send` once.
   * @throws {ToolError} without having called `send`, unless a person approved
   */
  async approveAndRun<Answer extends SentReply>(
    call: GatedCall,
    send: (permit: Permit) => Promise<Answer>,
  ): Promise<Answer> {
    const permit = await this.approve(call);
    try {
      return await permit.execute(() => send(permit));
    } finally {
      permit.end();
    }
  }

  /**
   * Plans the change and gets it approved.
   * @returns the permit, valid for this call only
   * @throws {ToolError} unless a person approved
   */
  async approve(call: GatedCall): Promise<Permit> {
    for (const part of [call.operation, ...(call.parts ?? [])]) {
      const violated = violatedRule(this.#options.policy, part);
      if (violated !== undefined) throw refusal({ operation: part }, violated);
    }
    const { store, team } = this.#options;
    team?.admit(call);
    const binding = store.bind(call);
    if (call.approval !== undefined) return this.#redeem(call, call.approval, binding);
    // No await before this line: of two simultaneous calls, the second finds what the first started.
    const pending = this.#joinOrOpen(call, binding);
    try {
      return await this.#awaitPermit(call, pending);
    } finally {
      if (pending.leave(call)) store.discard(pending);
    }
  }

  /** The progress of the approval with this plan id; undefined if it is unknown or no longer remembered. */
  async approvalProgress(planId: string): Promise<ApprovalProgress | undefined> {
    const { store, team } = this.#options;
    const pending = store.byPlan(planId);
    return pending === undefined ? team?.progressOf(planId) : approvalProgress(pending);
  }

  /**
   * The id of an approval that a call of this operation waits for, with this value among its arguments; undefined if none
   * does. A team's questions are each their asker's own, so none of them is looked through.
   */
  approvalFor(operation: string, argument: string): string | undefined {
    const { store, team } = this.#options;
    return team === undefined ? store.findPendingBy(operation, argument)?.question?.request.plan.id : undefined;
  }

  /** Records what a job's targets were seen to serve; false if that failed, which changes nothing about the job. */
  recordSightings(sightings: Parameters<AuditRecorder["recordSightings"]>[0]): Promise<boolean> {
    return this.#audit.recordSightings(sightings);
  }

  /** Withdraws every question. */
  async close(): Promise<void> {
    this.#options.store.close();
    await Promise.all(this.#options.channels.map((channel) => channel.close()));
  }

  /** The pending approval for this call, created if there is none. There is one question per thing at a time. */
  #joinOrOpen(call: GatedCall, binding: ApprovalBinding): PendingApproval {
    const { store } = this.#options;
    const existing = store.find(binding);
    if (existing?.binding.exact === binding.exact) {
      existing.join(call);
      return existing;
    }
    if (existing?.busy) throw refusal(call, existing.execution === undefined ? "much the same waits" : "under way");
    if (existing !== undefined) store.discard(existing);
    const byToken = this.#takesToken(call);
    const limit = byToken ? undefined : store.admit(binding);
    if (limit !== undefined) throw limitReached(call, limit);
    const pending = store.reserve(binding, byToken, call);
    pending.presented = this.#present(call, pending);
    // Callers that wait learn of a failure.
    pending.presented.catch((error) => pending.fail(error));
    return pending;
  }

  #takesToken({ operation, params }: GatedCall): boolean {
    const { offered, forDestructive } = this.#options.token;
    const isAllowed = forDestructive || operation.confirmationText?.(params) === undefined;
    return offered && isAllowed && operation.outOfBand !== true;
  }

  /** Makes the question and shows it to a person, once for all callers. */
  async #present(call: GatedCall, pending: PendingApproval): Promise<void> {
    const { store } = this.#options;
    const channels = this.#options.channels.filter(({ outOfBand }) => outOfBand || !call.operation.outOfBand);
    let mayBeShown = false;
    try {
      const request = await this.#openQuestion(call, pending);
      if (request === undefined) return;
      // A channel that fails, or is cut short, may have shown the question before.
      mayBeShown = true;
      mayBeShown = (await presentThrough(channels, request, pending.caller)) || pending.signal.aborted;
      if (pending.signal.aborted) throw refusal(call, "cancelled");
      if (mayBeShown) return;
      await this.#audit.recordDecision(call, request, store.age(pending), "refused");
      throw notPresented(call, request, channels);
    } catch (error) {
      if (mayBeShown) store.discard(pending);
      else store.dropUnasked(pending);
      throw error;
    }
  }

  /**
   * Plans the change from the current state, and records the plan.
   * @returns the question; undefined if nobody is asked from here, because a standing approval or a token decides
   */
  async #openQuestion(call: GatedCall, pending: PendingApproval): Promise<ApprovalRequest | undefined> {
    const { store, onAsked } = this.#options;
    const { snapshot, plans, approved, left, opened } = await this.#planner.plan(call, pending);
    // The call that asked first has recorded the question and notified people.
    const isNew = left === undefined;
    if (isNew) await this.#audit.recordPlan(call, plans, this.#reader.language);
    if (pending.over) throw refusal(call, pending.signal.aborted ? "cancelled" : "not answered");
    const unresolved = store.takeUnresolved(pending.binding);
    if (unresolved !== undefined) replyTo(call.caller).add(askedAnew(unresolved));
    const request = store.open(pending, plans, snapshot, this.#reader.language, left);
    opened(request);
    if (approved !== undefined) {
      store.approveByStanding(pending, approved);
      replyTo(call.caller).add(`Approved in advance: ${channelOf(approved)}.`);
      return undefined;
    }
    if (pending.byToken) return undefined;
    if (isNew) void request.offered.then(() => request.open && onAsked?.(request));
    void request.decided.then(() => this.#audit.recordDecisionOnce(call, pending, store.age(pending)).catch(() => {}));
    return request;
  }

  /** Waits for the decision and for a client that gets the result, then uses the approval unless another call has. */
  async #awaitPermit(call: GatedCall, pending: PendingApproval): Promise<Permit> {
    const { caller } = call;
    /** Whether the decision came while no client waited for it. */
    let isLate = pending.question?.request.verdict !== undefined;
    for (;;) {
      if (await this.#awaitApproval(call, pending)) isLate = true;
      await this.#awaitClient(call, pending);
      if (pending.claim()) {
        const permit = await this.#issuer.issue(call, pending);
        if (permit === undefined) continue;
        if (isLate) replyTo(caller).add(approvedMeanwhile);
        return permit;
      }
      await withProgress(caller, () => this.#waitWithin(pending.settled(), pending, caller));
      if (caller.signal.aborted) throw refusal(call, "cancelled");
      if (pending.claimed) throw this.#alreadyCarriedOut(call, pending);
    }
  }

  /**
   * Waits until the call is approved.
   * @returns whether no client waited for the reply at that moment
   */
  async #awaitApproval(call: GatedCall, pending: PendingApproval): Promise<boolean> {
    const { caller } = call;
    const { store } = this.#options;
    await withProgress(caller, () => settledWithin(pending.planned, caller), safe`Reading what it would change`);
    if (caller.signal.aborted) throw refusal(call, "cancelled");
    if (pending.failure !== undefined) throw pending.failure;
    if (pending.question === undefined) throw refusal(call, "cancelled");
    const { request } = pending.question;
    if (pending.claimed) return false;
    if (pending.byToken && pending.standingApproval === undefined) {
      await pending.presented;
      const token = store.issueToken(pending);
      throw tokenOffered(call, request, this.#planForModel(call, pending, request), token);
    }
    if (request.open) {
      replyTo(caller).enterStage({ name: "waiting", request });
      const decided = () => decidedOrFailed(pending, request, caller, this.#options.timer ?? systemTimer);
      await withProgress(caller, () => this.#waitWithin(decided(), pending, caller));
      if (caller.signal.aborted) throw refusal(call, "cancelled");
      if (pending.failure !== undefined) throw pending.failure;
    }
    const { verdict } = request;
    const isUnawaited = !replyTo(caller).awaited;
    if (verdict === undefined) throw request.open ? waiting(call, request) : refusal(call, "not answered");
    await this.#audit.recordDecisionOnce(call, pending, store.age(pending));
    if (pending.claimed || (verdict === "approved" && !pending.over)) return isUnawaited;
    const { voided } = pending;
    store.discard(pending);
    if (verdict !== "approved") throw request.ending?.why ?? refusalAfter(call, request, verdict);
    throw voided instanceof ToolError ? voided : noLongerValid(call, pending);
  }

  /** Waits until a client waits for the reply: without one, nothing is started. */
  async #awaitClient(call: GatedCall, pending: PendingApproval): Promise<void> {
    const reply = replyTo(call.caller);
    const { request } = pending.question ?? {};
    if (request !== undefined && !pending.claimed) reply.enterStage({ name: "approved", request });
    if (reply.awaited || pending.claimed) return;
    const awaitedOrOver = Promise.race([reply.whenAwaited(), pending.ended()]);
    await this.#waitWithin(awaitedOrOver, pending, call.caller, Number.POSITIVE_INFINITY);
    if (call.caller.signal.aborted) throw refusal(call, "cancelled");
    if (!pending.claimed && pending.over) throw noLongerValid(call, pending);
  }

  /** Waits no longer than the approval is valid. */
  #waitWithin(
    done: Promise<unknown>,
    pending: PendingApproval,
    caller: Caller,
    wait = this.#options.wait ?? Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const { timer = systemTimer } = this.#options;
    return settledWithin(done, caller, { ms: Math.min(wait, pending.deadline.left), timer });
  }

  /** The plan as the model may read it: without personal data unless the operator allows it. */
  #planForModel(call: GatedCall, { question, binding }: PendingApproval, request: ApprovalRequest): Plan {
    if (this.#options.showsPersonalData || question === undefined) return request.planAsked;
    return this.#planner.withoutPersonal(call, binding, question.snapshot, request.plan.id);
  }

  /** Accepts a token as the person's decision. */
  async #redeem(call: GatedCall, token: string, binding: ApprovalBinding): Promise<Permit> {
    const { store } = this.#options;
    const pending = this.#options.token.offered ? store.redeem(token, binding) : "foreign";
    if (typeof pending === "string") throw refusal(call, pending);
    const { request } = pending.question ?? {};
    if (!pending.claim() || request === undefined) throw this.#alreadyCarriedOut(call, pending);
    request.decide(true, "token", request.plan.typed);
    try {
      await this.#audit.recordDecisionOnce(call, pending, store.age(pending));
      const permit = await this.#issuer.issue(call, pending);
      return permit ?? (await this.#awaitPermit(call, pending));
    } catch (error) {
      // If the token comes again, it finds the approval used or void.
      store.discard(pending);
      throw error;
    }
  }

  #alreadyCarriedOut(call: GatedCall, { execution }: PendingApproval): ToolError {
    return alreadyCarriedOut(call, execution, execution && this.#options.store.timeSinceEnd(execution));
  }
}

/** Why no channel showed the question to a person. */
function notPresented(call: GatedCall, request: ApprovalRequest, channels: readonly Channel[]): ToolError {
  if (request.formFailure !== undefined) return formFailed(call, request.formFailure);
  if (channels.some((channel) => channel.exceeded?.(request.plan) === true)) return refusal(call, "too large to ask");
  const channel = channels.find(({ asksNobody }) => asksNobody !== undefined);
  return refusal(call, channel?.asksNobody ?? "nobody to ask");
}
