import { taskResults } from "../../catalogue/tencent-ssl/binding-replies.js";
import { describeCertificateBindResourceTaskResult } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { bindingsIn } from "../inventory/binding-tasks.js";
import { readAs } from "../read-with-retry.js";
import type { PollResult } from "./poll.js";

/** Checks a task that looks up which resources use a certificate. */
export function lookAtBindings(taskId: string, context: ToolContext): () => Promise<PollResult> {
  return async () => {
    const params = { TaskIds: [taskId] };
    const answer = await readAs(context, describeCertificateBindResourceTaskResult, params, taskResults);
    const [result] = answer.SyncTaskBindResourceResult;
    const bindings = result && bindingsIn(result);
    const at = bindings?.state === "unknown" ? undefined : bindings?.at;
    const dated = at === undefined ? {} : { bindings_as_of: at };
    switch (bindings?.state) {
      case undefined:
        return { state: "still running", says: `Task ${taskId} is still looking for resources.` };
      case "in use":
        return {
          state: "done",
          says: `Task ${taskId} found ${bindings.counts}.`,
          details: { bindings: bindings.counts, ...dated },
        };
      case "unused":
        return { state: "done", says: `Task ${taskId} found no resource.`, details: { bindings: "none", ...dated } };
      case "unknown":
        return { state: "failed", says: `Task ${taskId}: ${bindings.why}.` };
    }
  };
}
