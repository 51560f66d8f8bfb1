import { altersAccount } from "../catalogue/operation.js";
import { ToolError } from "../lib/tool-error.js";
import type { Reply } from "../reply/format-reply.js";
import { type AnyTool, type CallContext, executeCall, type ToolCall } from "./execute-call.js";
import { isCustomTool, isJob } from "./tool.js";
import { WatchedCloud } from "./watched-cloud.js";

/**
 * Executes a call. A defect of this program is reported to the operator, and ends the call with an error like any other.
 * @throws {ToolError} and nothing else
 */
export async function executeReportingDefects(toolCall: ToolCall, context: CallContext): Promise<Reply> {
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
    happened: `${tool.name} failed because of a defect of this server; the operator can find it in the server's log.`,
    changed: mayHaveAltered ? "unknown" : "no",
    next: "Tell the person, and read the present state before calling again.",
  };
}
