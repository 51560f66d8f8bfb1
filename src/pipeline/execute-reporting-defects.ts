import { altersAccount } from "../catalogue/operation.js";
import { ToolError } from "../lib/tool-error.js";
import type { Reply } from "../reply/format-reply.js";
import { type AnyTool, type CallContext, executeCall, type ToolCall } from "./execute-call.js";
import { isCustomTool, isJob } from "./tool.js";
import { WatchedCloud } from "./watched-cloud.js";

/**
 * A call, for whoever makes it: a defect of this program is reported to the operator and ends the call like a failure.
 * @throws {ToolError} and nothing else
 */
export async function carryOutCall(toolCall: ToolCall, context: CallContext): Promise<Reply> {
  const { tool } = toolCall;
  const cloud = new WatchedCloud(context.cloud, () => context.recentReads.forget());
  try {
    return await executeCall(toolCall, { ...context, cloud });
  } catch (error) {
    if (error instanceof ToolError) throw error;
    context.report(error);
    throw new ToolError(
      defect(tool, cloud.mayHaveAltered || (isCustomTool(tool) && !isJob(tool) && altersAccount(tool))),
    );
  }
}

function defect(tool: AnyTool, mayHaveAltered: boolean): ToolError["details"] {
  return {
    kind: "configuration",
    happened: `${tool.name} hit a defect of this server; the operator finds it in the server's log.`,
    changed: mayHaveAltered ? "unknown" : "no",
    next: "Tell the person; read the present state before calling again.",
  };
}
