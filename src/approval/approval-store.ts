import { randomBytes } from "node:crypto";
import { isRepeatHarmful } from "../catalogue/operation.js";
import { keepNewest } from "../lib/keep-newest.js";
import type { Language } from "../lib/language.js";
import { sha256Hex } from "../lib/sha256.js";
import type { ToolError } from "../lib/tool-error.js";
import { type ApprovalBinding, bindingOf, type PlannedCall } from "./call-binding.js";
import type { StateSnapshot } from "./current-state/read-current-state.js";
import { type ApprovalDeadline, approvalLifetime, type Clocks, repeatWarningPeriod, Timekeeper } from "./deadlines.js";
import { Execution } from "./execution.js";
import { channelOf, PendingApproval, type StandingApprovalMatch, type WaitingCaller } from "./pending-approval.js";
import type { Plan, Plans } from "./plan.js";
import { type LimitReached, QuestionLimits } from "./question-limits.js";
import { ApprovalRequest } from "./request.js";

/** Limits on what is kept. The oldest entry that nobody waits for goes first. */
const capacity = {
  /** Approvals that wait for a decision or for use. */
  pending: 64,
  /** All their plans together, in characters. */
  planText: 8_000_000,
  /** Tokens, including used ones, to say why a late one is refused. */
  tokens: 1_000,
  /** Purchases and creations, to warn about them in the same plan. */
  executions: 256,
  /** Questions that led to nothing, for the next one to mention. */
  unresolved: 256,
  /** Approvals that can be found by plan id, including ended ones. */
  plans: 256,
} as const;

/** Why a token is rejected. */
type InvalidApprovalToken = "foreign" | "altered" | "expired" | "clock set back" | "voided";

/** The undecided and unused approvals. They live only in this process's memory. */
export class ApprovalStore {
  readonly #clocks: Clocks;
  readonly #time: Timekeeper;
  readonly #limits: QuestionLimits;
  #closed = false;
  readonly #lifetime: number;
  readonly #secretKey: Buffer;
  /** By `thing`; one each. */
  readonly #pending = new Map<string, PendingApproval>();
  /** By token digest. */
  readonly #tokens = new Map<string, PendingApproval>();
  /** By `thing`. */
  readonly #executions = new Map<string, Execution>();
  /** By `thing`. */
  readonly #unresolved = new Map<string, PendingApproval>();
  /** By plan id. */
  readonly #plans = new Map<string, PendingApproval>();

  /**
   * @param lifetime of an approval, in milliseconds
   * @param secretKey with which secrets enter bindings; servers that share questions share it
   * @param limits of the questions put to the same person, if other stores count with it
   */
  constructor(
    clocks: Clocks,
    lifetime = approvalLifetime,
    secretKey: Buffer = randomBytes(32),
    limits = new QuestionLimits(clocks.elapsed),
  ) {
    this.#lifetime = lifetime;
    this.#secretKey = secretKey;
    this.#clocks = clocks;
    this.#time = new Timekeeper(clocks);
    this.#limits = limits;
  }

  bind(call: PlannedCall): ApprovalBinding {
    return bindingOf(call, this.#secretKey);
  }

  /** The pending approval for the same thing, at any stage from planning to execution. */
  find({ thing }: ApprovalBinding): PendingApproval | undefined {
    const pending = this.#pending.get(thing);
    if (pending?.over) {
      this.discard(pending);
      return undefined;
    }
    return pending;
  }

  /** Its questions no longer count: whoever takes one up again asks it anew. */
  close(): void {
    this.#closed = true;
  }

  /** Counts a question that is about to be asked, or returns the limit that forbids it. */
  admit({ thing }: ApprovalBinding): LimitReached | undefined {
    this.#evict();
    return this.#limits.admit(thing);
  }

  /** Reserves the slot for this thing before its plan exists. */
  reserve(binding: ApprovalBinding, byToken: boolean, call: WaitingCaller): PendingApproval {
    const deadline = this.#time.deadline(this.#lifetime);
    const pending = new PendingApproval(binding, this.#time.elapsed, deadline, byToken);
    pending.join(call);
    this.#pending.set(binding.thing, pending);
    if (!byToken) this.#limits.count({ isOpen: () => pending.open && !this.#closed, timeLeft: () => deadline.left });
    this.#evict();
    return pending;
  }

  /**
   * Turns the plan into a question that a person can decide from now on.
   * @param left how long it can be decided, in milliseconds, if that is less than usual: it was asked before
   */
  open(
    pending: PendingApproval,
    plans: Plans,
    snapshot: StateSnapshot,
    language: Language,
    left = Number.POSITIVE_INFINITY,
  ): ApprovalRequest {
    const { deadline } = pending;
    const now = () => (deadline.passed ? Number.POSITIVE_INFINITY : this.#clocks.now().getTime());
    const expiresAt = Math.min(deadline.at, this.#clocks.now().getTime() + left);
    const request = new ApprovalRequest(plans, expiresAt, now, language);
    pending.question = { request, snapshot };
    keepNewest(this.#plans, plans.en.id, pending, capacity.plans);
    if (!pending.byToken) {
      void request.decided.then(() => {
        const { verdict } = request;
        if (verdict !== undefined && !pending.signal.aborted && pending.standingApproval === undefined)
          this.#limits.decided(pending.binding.thing, verdict);
      });
    }
    this.#evict();
    return request;
  }

  /** Ends it: what was approved must not be sent any more. */
  void(pending: PendingApproval, why: ToolError): void {
    pending.void(why);
    this.discard(pending);
  }

  /** Decides it by what a person approved before; it does not count as a question. */
  approveByStanding(pending: PendingApproval, approved: StandingApprovalMatch): void {
    if (!pending.byToken) this.#limits.withdraw();
    pending.standingApproval = approved;
    pending.question?.request.decide(true, channelOf(approved));
  }

  /** Drops a question that reached nobody, as if it had never been asked. */
  dropUnasked(pending: PendingApproval): void {
    if (!pending.byToken) this.#limits.withdraw();
    this.discard(pending);
  }

  /** Drops a dead approval; the same call then starts over. */
  discard(pending: PendingApproval): void {
    pending.void();
    const { thing } = pending.binding;
    if (this.#pending.get(thing) !== pending) return;
    this.#pending.delete(thing);
    if (pending.question === undefined || pending.execution !== undefined || pending.byToken) return;
    keepNewest(this.#unresolved, thing, pending, capacity.unresolved);
  }

  /** The last question about the same thing if it recently led to nothing. Returned once. */
  takeUnresolved({ thing }: ApprovalBinding): PendingApproval | undefined {
    const earlier = this.#unresolved.get(thing);
    this.#unresolved.delete(thing);
    return earlier === undefined || this.age(earlier) > 2 * this.#lifetime ? undefined : earlier;
  }

  /** An approval that can still be decided or used, for a call of this operation with this value among its arguments. */
  findPendingBy(operation: string, argument: string): PendingApproval | undefined {
    return [...this.#pending.values()].find(({ over, execution, question }) => {
      if (over || execution !== undefined || question === undefined) return false;
      const { plan } = question.request;
      return plan.operation === operation && plan.details.some(([, value]) => value === argument);
    });
  }

  byPlan(id: string): PendingApproval | undefined {
    return this.#plans.get(id);
  }

  /** Uses up a claimed approval; undefined if it has ended in the meantime. */
  consume(pending: PendingApproval, effect: Plan["effect"]): Execution | undefined {
    if (!pending.claimed || pending.over || pending.execution !== undefined) return undefined;
    const execution = new Execution(effect);
    pending.begin(execution);
    return execution;
  }

  /** Marks the approved call as finished, whatever its outcome. */
  end(pending: PendingApproval): void {
    pending.end(this.#time.elapsed);
    this.discard(pending);
    const { execution } = pending;
    if (execution === undefined || execution.changed === "no" || !isRepeatHarmful(execution.effect)) return;
    keepNewest(this.#executions, pending.binding.thing, execution, capacity.executions);
  }

  /** The last identical purchase or creation, and how long ago it was. */
  recentIdentical({ thing }: ApprovalBinding): { readonly execution: Execution; readonly ago: number } | undefined {
    const execution = this.#executions.get(thing);
    const ago = execution && this.timeSinceEnd(execution);
    return execution === undefined || ago === undefined || ago > repeatWarningPeriod ? undefined : { execution, ago };
  }

  timeSinceEnd({ endedAt }: Execution): number | undefined {
    return endedAt === undefined ? undefined : this.#time.elapsed - endedAt;
  }

  deadline(ms: number): ApprovalDeadline {
    return this.#time.deadline(ms);
  }

  /** Milliseconds since the first call that wanted it. */
  age({ openedAt }: PendingApproval): number {
    return Math.max(0, Math.round(this.#time.elapsed - openedAt));
  }

  issueToken(pending: PendingApproval): string {
    const token = `apr_${randomBytes(32).toString("base64url")}`;
    keepNewest(this.#tokens, sha256Hex(token), pending, capacity.tokens);
    return token;
  }

  /** The approval behind `token`, used or not, if the call is the one it was issued for. */
  redeem(token: string, { exact }: ApprovalBinding): PendingApproval | InvalidApprovalToken {
    const pending = this.#tokens.get(sha256Hex(token));
    if (pending === undefined) return "foreign";
    if (pending.binding.exact !== exact) return "altered";
    if (pending.execution !== undefined) return pending;
    if (pending.deadline.clockSetBack) return "clock set back";
    if (pending.deadline.passed) return "expired";
    return pending.voided === undefined ? pending : "voided";
  }

  /** Drops ended approvals, then the oldest ones that nobody waits for until the limits hold. */
  #evict(): void {
    for (const pending of this.#pending.values()) if (pending.over) this.discard(pending);
    const idle = [...this.#pending.values()].filter(({ busy }) => !busy);
    let text = [...this.#pending.values()].reduce((sum, { planSize }) => sum + planSize, 0);
    for (const pending of idle) {
      if (this.#pending.size <= capacity.pending && text <= capacity.planText) return;
      text -= pending.planSize;
      this.discard(pending);
    }
  }
}
