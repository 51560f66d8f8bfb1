import type { Tool } from "@modelcontextprotocol/sdk/types.js";

export const approvalDescription = "Token of the approved plan";

/** The tool as shown if an approval comes as an argument. */
export function withApproval(tool: Tool): Tool {
  const { inputSchema } = tool;
  const approval = { type: "string", description: approvalDescription };
  return { ...tool, inputSchema: { ...inputSchema, properties: { ...inputSchema.properties, approval } } };
}
