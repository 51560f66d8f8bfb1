import type { JudgedCall } from "../standing-approvals/facts.js";
import type { StandingApprovals } from "../standing-approvals/store.js";
import type { ApprovalRequest } from "./request.js";

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
