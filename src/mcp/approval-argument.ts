import type { Tool } from "@modelcontextprotocol/sdk/types.js";

/** What the argument is for that carries an approval. */
export const approvalDescription = "Token of the approved plan";

/** The tool as it is shown where an approval comes as an argument. */
export function withApproval(tool: Tool): Tool {
  const { inputSchema } = tool;
  const approval = { type: "string", description: approvalDescription };
  return { ...tool, inputSchema: { ...inputSchema, properties: { ...inputSchema.properties, approval } } };
}
