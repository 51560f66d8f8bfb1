import type { Warning } from "../catalogue/operation.js";
import type { ApprovalProgress } from "./approval-status.js";
import type { ApprovalBinding, BoundCall } from "./binding.js";
import type { Caller } from "./channel.js";
import type { Plans } from "./plan.js";
import type { ApprovalRequest } from "./request.js";

/** A question as the gate will ask it. */
export interface Prepared {
  /** The plans to show. */
  readonly plans: Plans;
  /** How long the question that is joined can be decided, in milliseconds; absent if there is none. */
  readonly left?: number;
  /** Tells which request it became. */
  opened(request: ApprovalRequest): void;
}

export type CallToAsk = BoundCall & { readonly caller: Caller };

/** The gate's side of a team's decisions, at one of several servers. */
export interface TeamGate {
  /** @throws {ToolError} if the rules do not let this person ask for it now */
  admit(call: CallToAsk): void;
  /**
   * Warnings about other questions for the same change, asked by anybody at any server.
   * @param known whether this server itself did the same for this person a short time ago
   * @throws {ToolError} if the same creation or purchase waits for somebody else
   */
  sameElsewhere(call: CallToAsk, binding: ApprovalBinding, known: boolean): Promise<readonly Warning[]>;
  /** Finds the person's own question that says the same and still stands, asked at any server. */
  prepare(call: CallToAsk, binding: ApprovalBinding, plans: Plans): Promise<Prepared>;
  /**
   * Uses the approval, once for all servers.
   * @throws {ToolError} if another call has used it, or it is not valid any more
   */
  use(call: CallToAsk, request: ApprovalRequest): Promise<void>;
  /** The progress of a plan that was asked at another server. */
  progressOf(planId: string): Promise<ApprovalProgress | undefined>;
}
