import type { ApprovalStatus, ToolContext } from "../../pipeline/tool.js";
import { unusable } from "../read-with-retry.js";
import type { PollResult } from "./poll.js";

const stateOf: Readonly<Record<ApprovalStatus["state"], PollResult["state"]>> = {
  waiting: "still running",
  "being carried out": "still running",
  approved: "done",
  "carried out": "done",
  over: "failed",
};

/** Checks whether a person has decided on a waiting call. It executes nothing: repeating the call does. */
export function lookAtApproval(id: string, context: ToolContext): () => Promise<PollResult> {
  return async () => {
    const standing = context.approval(id);
    if (standing === undefined) {
      throw unusable(`There is no approval ${id}, or it has been forgotten.`, "Repeat the call that it was for.");
    }
    return { state: stateOf[standing.state], says: standing.says };
  };
}
