import { ToolError } from "../lib/tool-error.js";
import type { JudgedCall } from "../standing-approvals/facts.js";
import type { StandingApprovals } from "../standing-approvals/store.js";
import type { ApprovalRequest } from "./request.js";

/** A call that a standing approval decided, from the decision to each request. */

export interface InAdvance extends Pick<StandingApprovals, "anyOpen" | "judge" | "confirm"> {
  /** As in {@link StandingApprovals}; `request` is the plan that it lets through. */
  use(id: string, planId: string, call: JudgedCall, request: ApprovalRequest | undefined): Promise<unknown>;
}

/** A standing approval that approves a call. */
export interface ApprovedInAdvance {
  readonly id: string;
  readonly call: JudgedCall;
}

/** The channel of a decision that was made in advance, in the audit log. */
export const channelOf = ({ id }: ApprovedInAdvance) => `standing approval ${id}`;

interface Decided {
  readonly inAdvance: ApprovedInAdvance | undefined;
  readonly question: { readonly request: ApprovalRequest } | undefined;
}

/**
 * Uses what approved it in advance, if anything did.
 * @param withdrawn called with the reason before it is thrown
 * @throws {ToolError} if that approves it no more
 */
export async function useInAdvance(
  { inAdvance: approved, question }: Decided,
  planId: string,
  standing: InAdvance | undefined,
  withdrawn: (why: ToolError) => void,
): Promise<void> {
  try {
    if (approved !== undefined) await standing?.use(approved.id, planId, approved.call, question?.request);
  } catch (error) {
    if (error instanceof ToolError) withdrawn(error);
    throw error;
  }
}

/** @throws {ToolError} if what approved it in advance was revoked or became void since */
export async function confirmed(
  { inAdvance: approved }: Pick<Decided, "inAdvance">,
  standing: InAdvance | undefined,
): Promise<void> {
  if (approved !== undefined) await standing?.confirm(approved.id);
}
