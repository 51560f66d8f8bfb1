import { ToolError } from "../lib/tool-error.js";
import type { JudgedCall } from "../standing-approvals/facts.js";
import type { StandingApprovals } from "../standing-approvals/store.js";

/** A call that a standing approval decided, from the decision to each request. */

export type InAdvance = Pick<StandingApprovals, "judge" | "use" | "confirm">;

/** A standing approval that approves a call. */
export interface ApprovedInAdvance {
  readonly id: string;
  readonly call: JudgedCall;
}

/** The channel of a decision that was made in advance, in the audit log. */
export const channelOf = ({ id }: ApprovedInAdvance) => `standing approval ${id}`;

interface Decided {
  readonly inAdvance: ApprovedInAdvance | undefined;
}

/** Uses what approved it in advance, if anything did; returns why that approves it no more. */
export async function useInAdvance(
  { inAdvance: approved }: Decided,
  planId: string,
  standing: InAdvance | undefined,
): Promise<ToolError | undefined> {
  try {
    if (approved !== undefined) await standing?.use(approved.id, planId, approved.call);
    return undefined;
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}

/** @throws {ToolError} if what approved it in advance was revoked or became void since */
export async function confirmed({ inAdvance: approved }: Decided, standing: InAdvance | undefined): Promise<void> {
  if (approved !== undefined) await standing?.confirm(approved.id);
}
