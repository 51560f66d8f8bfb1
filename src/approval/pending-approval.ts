import { EventEmitter, once, setMaxListeners } from "node:events";
import type { ToolError } from "../lib/tool-error.js";
import type { JudgedCall } from "../standing-approvals/facts.js";
import type { ApprovalBinding, GatedCall } from "./call-binding.js";
import { type Caller, replyTo } from "./channel.js";
import type { StateSnapshot } from "./current-state/read-current-state.js";
import type { ApprovalDeadline } from "./deadlines.js";
import type { Execution } from "./execution.js";
import type { ApprovalRequest } from "./request.js";

/** What the person was asked, and the state that it is based on. */
export interface ApprovalQuestion {
  readonly request: ApprovalRequest;
  /** Shown to the person as "now". */
  readonly snapshot: StateSnapshot;
}

/** A standing approval that approves a call. */
export interface StandingApprovalMatch {
  readonly id: string;
  readonly call: JudgedCall;
}

/** The channel of a decision that was made in advance, in the audit log. */
export const channelOf = ({ id }: StandingApprovalMatch) => `standing approval ${id}`;

/** A call that waits for the decision. */
export type WaitingCaller = Pick<GatedCall, "caller">;

/**
 * One approval, from the first call that needs it to the end of its execution. All calls for the same thing share it;
 * at most one of them carries it out.
 */
export class PendingApproval {
  readonly binding: ApprovalBinding;
  /** On the monotonic clock. */
  readonly openedAt: number;
  readonly deadline: ApprovalDeadline;
  /** Whether the approval comes as a token with the call; then nobody is asked from here. */
  readonly byToken: boolean;
  /** Settles when the question has been asked or could not be. A client's form settles only when answered. */
  presented: Promise<void> = Promise.resolve();
  /** Resolves when the plan can be decided or could not be made. */
  readonly planned: Promise<void>;
  /** The standing approval that decided it; nobody was asked then. */
  standingApproval: StandingApprovalMatch | undefined;
  /** Why the question could not be asked. */
  failure: unknown;
  /** Settles when the decision has been recorded. */
  decisionRecorded: Promise<void> | undefined;
  /** Set once the approval is used up. */
  execution: Execution | undefined;
  #question: ApprovalQuestion | undefined;
  #claimed = false;
  #voided: ToolError | true | undefined;
  #planSize = 0;
  readonly #calls = new Set<WaitingCaller>();
  readonly #abort = new AbortController();
  #endPlanning = () => {};
  readonly #events = new EventEmitter().setMaxListeners(0);

  constructor(binding: ApprovalBinding, openedAt: number, deadline: ApprovalDeadline, byToken: boolean) {
    this.binding = binding;
    this.openedAt = openedAt;
    this.deadline = deadline;
    this.byToken = byToken;
    this.planned = new Promise((resolve) => {
      this.#endPlanning = resolve;
    });
    // A plan makes many parallel reads, each of which listens to this signal.
    setMaxListeners(0, this.#abort.signal);
  }

  /** Aborts when the last call that waits for the plan leaves before it is made, and when the approval becomes void. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** All waiting calls as one caller, for the channels. */
  get caller(): Caller {
    const [identity] = [...this.#calls].flatMap(({ caller }) => caller.identity ?? []);
    const offering = [...this.#calls].map(({ caller }) => caller).find(({ offerLink }) => offerLink !== undefined);
    return {
      signal: this.signal,
      sending: this.signal,
      progress: (message) => {
        for (const { caller } of this.#calls) caller.progress(message);
      },
      ...(identity && { identity }),
      ...(offering?.offerLink && { offerLink: offering.offerLink.bind(offering) }),
    };
  }

  get question(): ApprovalQuestion | undefined {
    return this.#question;
  }

  set question(question: ApprovalQuestion) {
    this.#question = question;
    this.#planSize = JSON.stringify([
      question.request.planIn("en"),
      question.request.planIn("zh-CN"),
      question.snapshot,
    ]).length;
    this.#endPlanning();
  }

  /** Approximate size of the plan, in characters. */
  get planSize(): number {
    return this.#planSize;
  }

  /** Whether a person may still decide it. */
  get open(): boolean {
    return !this.over && this.execution === undefined && (this.#question?.request.open ?? true);
  }

  /** Whether it can no longer be approved or used. */
  get over(): boolean {
    if (this.execution !== undefined) return this.execution.endedAt !== undefined;
    return this.#voided !== undefined || this.deadline.passed;
  }

  /** Whether a client waits for it or a call carries it out. */
  get busy(): boolean {
    return this.#claimed || [...this.#calls].some(({ caller }) => replyTo(caller).awaited);
  }

  /** Why it became void: an error if there is one, else true. */
  get voided(): ToolError | true | undefined {
    return this.#voided;
  }

  join(call: WaitingCaller): void {
    this.#calls.add(call);
  }

  /**
   * A question that has been asked stays open: its answer waits for the same call.
   * @returns whether a plan in the making has lost its last caller
   */
  leave(call: WaitingCaller): boolean {
    this.#calls.delete(call);
    return this.#calls.size === 0 && this.#question === undefined;
  }

  /** Records that there will be no question. */
  fail(why: unknown): void {
    this.failure = why;
    this.#endPlanning();
  }

  /** Claims it for one call; false if another call has, or it is over. */
  claim(): boolean {
    if (this.#claimed || this.over) return false;
    this.#claimed = true;
    return true;
  }

  get claimed(): boolean {
    return this.#claimed;
  }

  /** Gives it back unused to the other callers. */
  release(): void {
    this.#claimed = false;
    this.#notify();
  }

  /** Makes it void and withdraws the question if it is open. */
  void(why: ToolError | true = true): void {
    if (this.execution !== undefined || this.#voided !== undefined) return;
    this.#voided = why;
    this.#claimed = false;
    this.#abort.abort();
    const { request } = this.#question ?? {};
    // An expired request stays expired.
    if (request?.open) request.dismiss("none");
    this.#forgetPlan();
    this.#notify();
  }

  /** Uses it up. */
  begin(execution: Execution): void {
    this.execution = execution;
    this.#forgetPlan();
  }

  end(now: number): void {
    this.execution?.end(now);
    this.#notify();
  }

  /** Resolves when the claim is given back or its execution has ended. */
  async settled(): Promise<void> {
    if (!this.over && this.#claimed) await once(this.#events, "settled");
  }

  /** Resolves when it is over for a reason other than time. */
  async ended(): Promise<void> {
    if (!this.over) await once(this.#events, "ended");
  }

  /** Plans may be long, and channels keep the request for a while. */
  #forgetPlan(): void {
    const { request } = this.#question ?? {};
    request?.forgetPlan();
    if (request !== undefined) this.#question = { request, snapshot: { rows: [], facts: [] } };
    this.#planSize = 0;
  }

  #notify(): void {
    this.#events.emit("settled");
    if (this.over) this.#events.emit("ended");
  }
}
