import type { OwnToolContext, Standing } from "../../own-tool.js";
import { unusable } from "../reading.js";
import type { Finding } from "./poll.js";

const stateOf: Readonly<Record<Standing["state"], Finding["state"]>> = {
  waiting: "still running",
  "being carried out": "still running",
  approved: "done",
  "carried out": "done",
  over: "failed",
};

/** Looks whether a person has decided what a call waits for. It carries nothing out: the same call does. */
export function lookAtApproval(id: string, context: OwnToolContext): () => Promise<Finding> {
  return async () => {
    const standing = context.approval(id);
    if (standing === undefined) {
      throw unusable(`There is no approval ${id}, or it has been forgotten.`, "Make the call again that it was about.");
    }
    return { state: stateOf[standing.state], says: standing.says };
  };
}
