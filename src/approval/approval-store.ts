import { createHash, randomBytes } from "node:crypto";
import type { Language } from "../lib/language.js";
import { type ApprovalBinding, type BoundCall, bindingOf } from "./binding.js";
import type { StateSnapshot } from "./current-state/current-state.js";
import { Timekeeper } from "./deadlines.js";
import { Execution } from "./execution.js";
import { PendingApproval, type WaitingCaller } from "./pending-approval.js";
import type { Plan, Plans } from "./plan.js";
import { type LimitReached, QuestionLimits } from "./question-limits.js";
import { ApprovalRequest } from "./request.js";

/** How long a person's approval is good, and how long a question may be answered; milliseconds. */
export const approvalLifetime = 5 * 60_000;

/** What is kept at most; the oldest that nobody waits for is forgotten first. */
const kept = {
  /** Approvals that wait for a decision or for being used. */
  pending: 64,
  /** Their plans together, in characters. */
  planText: 8_000_000,
  /** Tokens, used ones among them, so that a late one hears why it is refused. */
  tokens: 1_000,
  /** What was bought or made, so that the same plan can say so. */
  executions: 256,
  /** Questions that came to nothing, so that the next one can say so. */
  unused: 256,
  /** Approvals that are found by their plan's id, ended ones among them. */
  plans: 256,
} as const;

/** How long a plan for the same purchase says that there was one; milliseconds. */
const SAME_AGAIN = 60 * 60_000;

/** Why a presented token lets nothing through. */
export type InvalidApprovalToken = "foreign" | "altered" | "expired" | "clock set back" | "voided";

/** The approvals that wait for a decision or hold one, in this process's memory and nowhere else. */
export class ApprovalStore {
  readonly #now: () => number;
  readonly #time: Timekeeper;
  readonly #limits: QuestionLimits;
  readonly #secretKey = randomBytes(32);
  /** By the thing that they are about: there is one for each. */
  readonly #pending = new Map<string, PendingApproval>();
  /** By the digest of the token. */
  readonly #tokens = new Map<string, PendingApproval>();
  /** By the thing that was carried out. */
  readonly #executions = new Map<string, Execution>();
  /** By the thing that was asked. */
  readonly #unused = new Map<string, PendingApproval>();
  /** By the plan's id. */
  readonly #plans = new Map<string, PendingApproval>();

  /**
   * @param now milliseconds since the epoch
   * @param monotonic milliseconds on a clock that only goes forward
   */
  constructor(now: () => number, monotonic: () => number = () => performance.now()) {
    this.#now = now;
    this.#time = new Timekeeper({ wall: now, monotonic });
    this.#limits = new QuestionLimits(monotonic);
  }

  bind(call: BoundCall): ApprovalBinding {
    return bindingOf(call, this.#secretKey);
  }

  /** What pends about the same thing: being planned, asked, approved and not used, or being carried out. */
  find({ thing }: ApprovalBinding): PendingApproval | undefined {
    const pending = this.#pending.get(thing);
    if (pending?.over) {
      this.discard(pending);
      return undefined;
    }
    return pending;
  }

  /** Counts a question that is about to be put; says so where it must not be. */
  admit({ thing }: ApprovalBinding): LimitReached | undefined {
    this.#forgetOld();
    const open = [...this.#pending.values()].filter((pending) => !pending.byToken && pending.open);
    const left = open.map(({ openedAt }) => openedAt + approvalLifetime - this.#time.elapsed);
    return this.#limits.admit(thing, left);
  }

  /** Takes the place of all that is about this thing, before anything is known of it. */
  reserve(binding: ApprovalBinding, byToken: boolean, call: WaitingCaller): PendingApproval {
    const deadline = this.#time.deadline(approvalLifetime);
    const pending = new PendingApproval(binding, this.#time.elapsed, deadline, byToken);
    pending.join(call);
    this.#pending.set(binding.thing, pending);
    this.#forgetOld();
    return pending;
  }

  /** Makes a question of what was planned, which a person can decide from now on. */
  open(pending: PendingApproval, plans: Plans, snapshot: StateSnapshot, language: Language = "en"): ApprovalRequest {
    const { deadline } = pending;
    const now = () => (deadline.passed ? Number.POSITIVE_INFINITY : this.#now());
    const request = new ApprovalRequest(plans, deadline.at, now, language);
    pending.question = { request, snapshot };
    this.#plans.set(plans.en.id, pending);
    forgetFirst(this.#plans, kept.plans);
    if (!pending.byToken) {
      void request.decided().then(() => {
        const { verdict } = request;
        if (verdict !== undefined && !pending.signal.aborted) this.#limits.decided(pending.binding.thing, verdict);
      });
    }
    this.#forgetOld();
    return request;
  }

  /** Drops one that was put to nobody, as if it had not been. */
  dropUnasked(pending: PendingApproval): void {
    if (!pending.byToken) this.#limits.withdraw();
    this.discard(pending);
  }

  /** Drops one that leads to nothing, so that the same call begins anew. */
  discard(pending: PendingApproval): void {
    pending.void();
    const { thing } = pending.binding;
    if (this.#pending.get(thing) !== pending) return;
    this.#pending.delete(thing);
    if (pending.question === undefined || pending.execution !== undefined || pending.byToken) return;
    this.#unused.delete(thing);
    this.#unused.set(thing, pending);
    forgetFirst(this.#unused, kept.unused);
  }

  /** The last question about the same thing, where it came to nothing not long ago; told once. */
  takeUnused({ thing }: ApprovalBinding): PendingApproval | undefined {
    const unused = this.#unused.get(thing);
    this.#unused.delete(thing);
    return unused === undefined || this.age(unused) > 2 * approvalLifetime ? undefined : unused;
  }

  /** The approval whose plan has this id. */
  byPlan(id: string): PendingApproval | undefined {
    return this.#plans.get(id);
  }

  /** For how much longer it can be decided or used, in milliseconds. */
  left(pending: PendingApproval): number {
    return Math.max(0, approvalLifetime - this.age(pending));
  }

  /** Uses up a claimed approval; undefined when it has ended meanwhile. */
  consume(pending: PendingApproval, effect: Plan["effect"]): Execution | undefined {
    if (!pending.claimed || pending.over || pending.execution !== undefined) return undefined;
    const execution = new Execution(effect);
    pending.begin(execution);
    return execution;
  }

  /** What was approved has been carried out, as far as it ever will be. */
  end(pending: PendingApproval): void {
    pending.end(this.#time.elapsed);
    this.discard(pending);
    const { execution } = pending;
    if (execution === undefined || execution.changed === "no" || !["create", "purchase"].includes(execution.effect))
      return;
    this.#executions.delete(pending.binding.thing);
    this.#executions.set(pending.binding.thing, execution);
    forgetFirst(this.#executions, kept.executions);
  }

  /** The same purchase or creation as it was last made, and how long ago. */
  sameBefore({ thing }: ApprovalBinding): { readonly execution: Execution; readonly ago: number } | undefined {
    const execution = this.#executions.get(thing);
    const ago = execution && this.since(execution);
    return execution === undefined || ago === undefined || ago > SAME_AGAIN ? undefined : { execution, ago };
  }

  /** Milliseconds since its end. */
  since({ endedAt }: Execution): number | undefined {
    return endedAt === undefined ? undefined : this.#time.elapsed - endedAt;
  }

  /** Milliseconds since the first call that wanted it. */
  age({ openedAt }: PendingApproval): number {
    return Math.max(0, Math.round(this.#time.elapsed - openedAt));
  }

  /** A new token that stands for it. */
  issueToken(pending: PendingApproval): string {
    const token = `apr_${randomBytes(32).toString("base64url")}`;
    this.#tokens.set(digest(token), pending);
    forgetFirst(this.#tokens, kept.tokens);
    return token;
  }

  /** What `token` stands for, used or not, if the call is the one that it was issued for. */
  redeem(token: string, { exact }: ApprovalBinding): PendingApproval | InvalidApprovalToken {
    const pending = this.#tokens.get(digest(token));
    if (pending === undefined) return "foreign";
    if (pending.binding.exact !== exact) return "altered";
    if (pending.execution !== undefined) return pending;
    if (pending.deadline.clockSetBack) return "clock set back";
    if (pending.deadline.passed) return "expired";
    return pending.voided === undefined ? pending : "voided";
  }

  /** Forgets what is over, and of the rest the oldest that nobody waits for, where there is too much. */
  #forgetOld(): void {
    for (const pending of this.#pending.values()) if (pending.over) this.discard(pending);
    const idle = [...this.#pending.values()].filter(({ busy }) => !busy);
    let text = [...this.#pending.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const pending of idle) {
      if (this.#pending.size <= kept.pending && text <= kept.planText) return;
      text -= pending.bytes;
      this.discard(pending);
    }
  }
}

function forgetFirst(entries: Map<string, unknown>, most: number): void {
  for (const first of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(first);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
