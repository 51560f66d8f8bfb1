import { altersAccount } from "../catalogue/operation.js";
import { becauseOfDefect, ToolError } from "../lib/tool-error.js";
import type { CallContext } from "./call-context.js";
import { type ExecutedCall, executeCall, type ToolCall } from "./execute-call.js";
import { isJob, isOwnTool } from "./tool.js";

/**
 * Executes a call. A defect of this program is reported to the operator, and ends the call with an error like any other.
 * @throws {ToolError} and nothing else
 */
export async function executeReportingDefects(toolCall: ToolCall, context: CallContext): Promise<ExecutedCall> {
  const { tool } = toolCall;
  const cloud = watchForChanges(context.cloud, () => context.recentReads.forget());
  try {
    return await executeCall(toolCall, { ...context, cloud });
  } catch (error) {
    if (error instanceof ToolError) throw error;
    context.report(error);
    const mayHaveAltered = cloud.mayHaveAltered || (isOwnTool(tool) && !isJob(tool) && altersAccount(tool));
    throw new ToolError({
      kind: "configuration",
      happened: `${tool.name} failed ${becauseOfDefect}`,
      changed: mayHaveAltered ? "unknown" : "no",
      next: "Tell the person, and read the current state before calling again.",
    });
  }
}

/**
 * The cloud, which notices when a change is sent: until then a failure has changed nothing, and cached reads stay valid.
 * @param onChange called when a change is sent, and again when it is answered
 */
export function watchForChanges(cloud: CallContext["cloud"], onChange: () => void) {
  const watching: CallContext["cloud"] & { mayHaveAltered: boolean } = {
    mayHaveAltered: false,
    credentialIdOf: (service) => cloud.credentialIdOf(service),
    exclusionOf: (operation) => cloud.exclusionOf(operation),
    signersFor: (services) => cloud.signersFor(services),
    signerChange: (operation, signers) => cloud.signerChange(operation, signers),
    send: (...read) => cloud.send(...read),
    sendApproved: async (operation, ...rest) => {
      if (!altersAccount(operation)) return cloud.sendApproved(operation, ...rest);
      watching.mayHaveAltered = true;
      onChange();
      try {
        return await cloud.sendApproved(operation, ...rest);
      } finally {
        onChange();
      }
    },
  };
  return watching;
}
