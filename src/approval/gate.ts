import type { AuditEntry } from "../audit/entry.js";
import type { Changeable } from "../catalogue/operation.js";
import type { Signers } from "../catalogue/services.js";
import { forTheRecord, type Reader } from "../lib/language.js";
import { ToolError } from "../lib/tool-error.js";
import { type ApprovalProgress, approvalProgress, approvedMeanwhile, askedAnew } from "./approval-status.js";
import { AuditRecorder } from "./audit-recorder.js";
import type { ApprovalBinding, CallToAsk } from "./call-binding.js";
import { ChangePlanner, type ChangePlannerOptions } from "./change-planner.js";
import { type Caller, type Channel, replyTo } from "./channel.js";
import { voidedBy } from "./obstacles.js";
import { channelOf, type PendingApproval } from "./pending-approval.js";
import { createPermit, noLongerValid, type Permit, type SentReply } from "./permit.js";
import type { Plan } from "./plan.js";
import { type Policy, violatedRule } from "./policy.js";
import { alreadyCarriedOut, formFailed, limited, refusal, refusalAfter, tokenOffered, waiting } from "./refusals.js";
import type { ApprovalRequest } from "./request.js";
import { decidedOrFailed, presentTo, settledWithin, systemTimer, type Timer, whileTelling } from "./waiting.js";

export interface GateOptions extends ChangePlannerOptions {
  readonly policy: Policy;
  /** Tried in this order. */
  readonly channels: readonly Channel[];
  /** Whether the reply may carry an approval token, for a host that asks a person at each call. */
  readonly token: { readonly offered: boolean; readonly forDestructive: boolean };
  readonly audit: { append(entry: AuditEntry): Promise<void>; close(): Promise<void> };
  /** Whether the model sees personal data in the current state; the person always does. */
  readonly showsPersonalData?: boolean;
  /** Why an approval for these signers is void: other credentials are set now. */
  readonly signerChange?: (operation: Changeable, signers: Signers) => ToolError | undefined;
  /** How long a call waits for a decision, in milliseconds; if absent, as long as one is possible. */
  readonly wait?: number | undefined;
  readonly timer?: Timer;
  /** Reports problems with the audit log; never to stdout. */
  readonly log: (line: string) => void;
  /** The person's language and time zone; English and UTC if absent. */
  readonly reader?: Reader;
  /** Is told of each question that waits for a person; must not throw. */
  readonly onAsked?: (request: ApprovalRequest) => void;
}

/** A call at the gate, and the approval that came with it. */
export interface GatedCall extends CallToAsk {
  readonly approval: string | undefined;
}

/** A call before the operation that a person is asked about is known. */
export type CallToGate = Omit<GatedCall, "operation">;

/** Lets a change through once, and only after a person approved exactly this change. Closed by default. */
export class Gate {
  readonly #options: GateOptions;
  readonly #reader: Reader;
  readonly #planner: ChangePlanner;
  readonly #audit: AuditRecorder;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#reader = options.reader ?? forTheRecord;
    this.#planner = new ChangePlanner(options, this.#reader);
    this.#audit = new AuditRecorder(options);
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

  /** Withdraws every question and lets the audit log finish. */
  async close(): Promise<void> {
    this.#options.store.close();
    await Promise.all(this.#options.channels.map((channel) => channel.close()));
    await this.#options.audit.close();
  }

  /** The pending approval for this call, created if there is none. There is one question per thing at a time. */
  #joinOrOpen(call: GatedCall, binding: ApprovalBinding): PendingApproval {
    const { store } = this.#options;
    const found = store.find(binding);
    if (found?.binding.exact === binding.exact) {
      found.join(call);
      return found;
    }
    if (found?.busy) throw refusal(call, found.execution === undefined ? "much the same waits" : "under way");
    if (found !== undefined) store.discard(found);
    const byToken = this.#takesToken(call);
    const limit = byToken ? undefined : store.admit(binding);
    if (limit !== undefined) throw limited(call, limit);
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

  /** Makes the plan from the current state, records it and shows it to a person, once for all callers. */
  async #present(call: GatedCall, pending: PendingApproval): Promise<void> {
    const { store } = this.#options;
    const { operation } = call;
    const channels = this.#options.channels.filter(({ outOfBand }) => outOfBand || !operation.outOfBand);
    let mayBeShown = false;
    try {
      const { snapshot, plans, approved, left, opened } = await this.#planner.plan(call, pending);
      // The call that asked first has recorded the question and notified people.
      const isNew = left === undefined;
      if (isNew) await this.#audit.recordPlan(call, plans, this.#reader.language);
      if (pending.over) throw refusal(call, pending.signal.aborted ? "cancelled" : "not answered");
      const before = store.takeWithoutResult(pending.binding);
      if (before !== undefined) replyTo(call.caller).add(askedAnew(before));
      const request = store.open(pending, plans, snapshot, this.#reader.language, left);
      opened(request);
      if (approved !== undefined) {
        store.approveInAdvance(pending, approved);
        replyTo(call.caller).add(`Approved in advance: ${channelOf(approved)}.`);
        return;
      }
      if (pending.byToken) return;
      if (isNew) void request.offered.then(() => request.open && this.#options.onAsked?.(request));
      void request.decided.then(() =>
        this.#audit.recordDecisionOnce(call, pending, store.age(pending)).catch(() => {}),
      );
      // A channel that fails, or is cut short, may have shown the question before.
      mayBeShown = true;
      mayBeShown = (await presentTo(channels, request, pending.caller)) || pending.signal.aborted;
      if (pending.signal.aborted) throw refusal(call, "cancelled");
      if (mayBeShown) return;
      await this.#audit.recordDecision(call, request, store.age(pending), "refused");
      const tooLarge = channels.some((channel) => channel.exceeded?.(plans.en) === true);
      if (request.formFailure !== undefined) throw formFailed(call, request.formFailure);
      const chosen = channels.find(({ asksNobody }) => asksNobody !== undefined)?.asksNobody;
      throw refusal(call, tooLarge ? "too large to ask" : (chosen ?? "nobody to ask"));
    } catch (error) {
      if (mayBeShown) store.discard(pending);
      else store.dropUnasked(pending);
      throw error;
    }
  }

  /** Waits for the decision and for a client that gets the result, then uses the approval unless another call has. */
  async #awaitPermit(call: GatedCall, pending: PendingApproval): Promise<Permit> {
    const { caller } = call;
    let late = pending.question?.request.verdict !== undefined;
    for (;;) {
      if (await this.#awaitApproval(call, pending)) late = true;
      await this.#awaitClient(call, pending);
      if (pending.claim()) {
        const permit = await this.#recheckAndUse(call, pending);
        if (permit === undefined) continue;
        if (late) replyTo(caller).add(approvedMeanwhile);
        return permit;
      }
      await whileTelling(caller, () => this.#waitWithin(pending.settled(), pending, caller));
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
    await whileTelling(caller, () => settledWithin(pending.planned, caller), "Reading what it would change");
    if (caller.signal.aborted) throw refusal(call, "cancelled");
    if (pending.failure !== undefined) throw pending.failure;
    const { request } = this.#questionOf(call, pending);
    if (pending.claimed) return false;
    if (pending.byToken && pending.inAdvance === undefined) {
      await pending.presented;
      const token = store.issueToken(pending);
      throw tokenOffered(call, request, this.#forModel(call, pending, request), token);
    }
    if (request.open) {
      replyTo(caller).enterStage({ name: "waiting", request });
      const decided = () => decidedOrFailed(pending, request, caller, this.#options.timer ?? systemTimer);
      await whileTelling(caller, () => this.#waitWithin(decided(), pending, caller));
      if (caller.signal.aborted) throw refusal(call, "cancelled");
      if (pending.failure !== undefined) throw pending.failure;
    }
    const { verdict } = request;
    const unheard = !replyTo(caller).awaited;
    if (verdict === undefined) throw request.open ? waiting(call, request) : refusal(call, "not answered");
    await this.#audit.recordDecisionOnce(call, pending, store.age(pending));
    if (pending.claimed || (verdict === "approved" && !pending.over)) return unheard;
    const { voided } = pending;
    store.discard(pending);
    if (verdict !== "approved") throw request.why ?? refusalAfter(call, request, verdict);
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
    return settledWithin(done, caller, { ms: Math.min(wait, this.#options.store.left(pending)), timer });
  }

  #questionOf(call: GatedCall, { question }: PendingApproval): NonNullable<PendingApproval["question"]> {
    if (question === undefined) throw refusal(call, "cancelled");
    return question;
  }

  /** The plan as the model may read it: without personal data unless the operator allows it. */
  #forModel(call: GatedCall, { question, binding }: PendingApproval, request: ApprovalRequest): Plan {
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
      const permit = await this.#recheckAndUse(call, pending);
      return permit ?? (await this.#awaitPermit(call, pending));
    } catch (error) {
      // If the token comes again, it finds the approval used or void.
      store.discard(pending);
      throw error;
    }
  }

  /**
   * Checks that what the person was shown is still current, and uses up the approval.
   * @returns undefined if nobody waits for the reply any more; the approval stays unused
   */
  async #recheckAndUse(call: GatedCall, pending: PendingApproval): Promise<Permit | undefined> {
    const { store, readCurrentState, signerChange, standingApprovals } = this.#options;
    const { snapshot, request } = this.#questionOf(call, pending);
    const planId = request.plan.id;
    try {
      const other = signerChange?.(call.operation, call.signers ?? {});
      const read = () => readCurrentState(call, true, call.caller.signal);
      const failure = other ?? voidedBy(call, snapshot, await read(), this.#options);
      if (failure !== undefined) {
        store.void(pending, failure);
        const code = other === undefined ? "StateChanged" : "SignerChanged";
        const unsent = { sent: "no", ok: false, changed: "no", code } as const;
        await this.#audit.record(call, { event: "outcome", planId, ...unsent });
        throw failure;
      }
      if (call.caller.signal.aborted) throw refusal(call, "cancelled");
      if (!replyTo(call.caller).awaited) {
        pending.release();
        return undefined;
      }
      if ((await call.caller.isStillAdmitted?.()) === false) throw refusal(call, "no longer admitted");
      await this.#useShared(call, pending, request);
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
    const { inAdvance } = pending;
    const confirm = async () => inAdvance && (await standingApprovals?.confirm(inAdvance.id));
    const end = () => store.end(pending);
    return createPermit({ call, pending, execution, planId, confirm, audit: this.#audit, end });
  }

  /**
   * Uses up what is shared beyond this gate: a use of a standing approval, or the team's decision.
   * @throws {ToolError} if it does not approve the call any more
   */
  async #useShared(call: GatedCall, pending: PendingApproval, request: ApprovalRequest): Promise<void> {
    const { store, standingApprovals, team } = this.#options;
    const { inAdvance } = pending;
    try {
      if (inAdvance === undefined) await team?.use(call, request);
      else await standingApprovals?.use(inAdvance.id, request.plan.id, inAdvance.call, request);
    } catch (error) {
      if (error instanceof ToolError && error.details.kind === "refused") store.void(pending, error);
      throw error;
    }
  }

  #alreadyCarriedOut(call: GatedCall, { execution }: PendingApproval): ToolError {
    return alreadyCarriedOut(call, execution, execution && this.#options.store.since(execution));
  }
}
