import { setMaxListeners } from "node:events";
import type { ToolError } from "../lib/tool-error.js";
import type { ApprovalBinding } from "./binding.js";
import { type Caller, replyTo } from "./channel.js";
import type { StateSnapshot } from "./current-state/current-state.js";
import type { ApprovalDeadline } from "./deadlines.js";
import type { Execution } from "./execution.js";
import type { ApprovalRequest } from "./request.js";

/** What was put forward, and what it was read from. */
interface Question {
  readonly request: ApprovalRequest;
  /** What the person was shown as "now". */
  readonly snapshot: StateSnapshot;
}

/** A call that waits for the decision. */
export interface WaitingCaller {
  readonly caller: Caller;
}

/**
 * One approval from the first call that wants it to the end of what was carried out with it. All calls for the same
 * thing share it; one of them, at most, carries it out.
 */
export class PendingApproval {
  readonly binding: ApprovalBinding;
  /** On the clock that only goes forward. */
  readonly openedAt: number;
  readonly deadline: ApprovalDeadline;
  /** Whether the approval comes as a token with the call, so that no person is asked from here. */
  readonly byToken: boolean;
  /** Settles when the question has been put, or could not be. A client's form is put until it is answered. */
  presented: Promise<void> = Promise.resolve();
  /** Resolves when the plan is made and can be decided, or could not be made. */
  readonly planned: Promise<void>;
  /** Why the question could not be put. */
  failure: unknown;
  /** Settles when the decision has been written down. */
  recorded: Promise<void> | undefined;
  /** What is carried out with it; its approval is used up. */
  execution: Execution | undefined;
  #question: Question | undefined;
  #claimed = false;
  #voided: ToolError | true | undefined;
  #bytes = 0;
  readonly #calls = new Set<WaitingCaller>();
  readonly #gone = new AbortController();
  #endPlanning = () => {};
  #listeners: (() => void)[] = [];
  #ends: (() => void)[] = [];

  constructor(binding: ApprovalBinding, openedAt: number, deadline: ApprovalDeadline, byToken: boolean) {
    this.binding = binding;
    this.openedAt = openedAt;
    this.deadline = deadline;
    this.byToken = byToken;
    this.planned = new Promise((resolve) => {
      this.#endPlanning = resolve;
    });
    // A plan reads many things at once, each of which ends with it.
    setMaxListeners(0, this.#gone.signal);
  }

  /** Aborts when no call waits for a plan that is being made, and when it has become void. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** All who wait for it as one caller, for the channels. */
  get caller(): Caller {
    const offering = [...this.#calls].map(({ caller }) => caller).find(({ offerLink }) => offerLink !== undefined);
    return {
      signal: this.signal,
      sending: this.signal,
      progress: (message) => {
        for (const { caller } of this.#calls) caller.progress(message);
      },
      ...(offering?.offerLink && { offerLink: offering.offerLink.bind(offering) }),
    };
  }

  get question(): Question | undefined {
    return this.#question;
  }

  set question(question: Question) {
    this.#question = question;
    this.#bytes = JSON.stringify([
      question.request.planIn("en"),
      question.request.planIn("zh-CN"),
      question.snapshot,
    ]).length;
    this.#endPlanning();
  }

  /** How much of a plan is kept, about, in characters. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether a person may still decide it. */
  get open(): boolean {
    return !this.over && this.execution === undefined && (this.#question?.request.open ?? true);
  }

  /** Whether it can lead to nothing any more. */
  get over(): boolean {
    if (this.execution !== undefined) return this.execution.endedAt !== undefined;
    return this.#voided !== undefined || this.deadline.passed;
  }

  /** Whether clients wait for it or one call carries it out. */
  get busy(): boolean {
    return this.#claimed || [...this.#calls].some(({ caller }) => replyTo(caller).awaited);
  }

  /** Why it became void, where there is more to say of it. */
  get voided(): ToolError | true | undefined {
    return this.#voided;
  }

  join(call: WaitingCaller): void {
    this.#calls.add(call);
  }

  /**
   * A question that has been put stays where it is: an answer waits for the same call.
   * @returns whether a plan that was being made has lost the last who wanted it
   */
  leave(call: WaitingCaller): boolean {
    this.#calls.delete(call);
    return this.#calls.size === 0 && this.#question === undefined;
  }

  /** Says that there will be no question. */
  fail(why: unknown): void {
    this.failure = why;
    this.#endPlanning();
  }

  /** Takes it up on behalf of one call; false when another has, or when it is good for nothing any more. */
  claim(): boolean {
    if (this.#claimed || this.over) return false;
    this.#claimed = true;
    return true;
  }

  get claimed(): boolean {
    return this.#claimed;
  }

  /** Gives it back unused, to others who wait for it. */
  release(): void {
    this.#claimed = false;
    this.#tell();
  }

  /** Makes it good for nothing, and withdraws the question if it is open. */
  void(why: ToolError | true = true): void {
    if (this.execution !== undefined || this.#voided !== undefined) return;
    this.#voided = why;
    this.#claimed = false;
    this.#gone.abort();
    const { request } = this.#question ?? {};
    // One that has expired stays what it is.
    if (request?.open) request.dismiss("none");
    this.#forgetPlan();
    this.#tell();
  }

  /** Uses it up. */
  begin(execution: Execution): void {
    this.execution = execution;
    this.#forgetPlan();
  }

  end(now: number): void {
    this.execution?.end(now);
    this.#tell();
  }

  /** Resolves when a claim was given back, or what it was for has ended. */
  settled(): Promise<void> {
    if (this.over || !this.#claimed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
    });
  }

  /** Resolves when it leads to nothing any more, other than by the passing of time. */
  ended(): Promise<void> {
    if (this.over) return Promise.resolve();
    return new Promise((resolve) => {
      this.#ends.push(resolve);
    });
  }

  /** A plan may be long, and channels remember the request for a while. */
  #forgetPlan(): void {
    const { request } = this.#question ?? {};
    request?.forgetPlan();
    if (request !== undefined) this.#question = { request, snapshot: { rows: [], facts: [] } };
    this.#bytes = 0;
  }

  #tell(): void {
    for (const listener of this.#listeners.splice(0)) listener();
    if (this.over) for (const end of this.#ends.splice(0)) end();
  }
}
