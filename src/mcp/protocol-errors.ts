import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { quoted } from "../lib/safe-text.js";
import { becauseOfDefect, ToolError } from "../lib/tool-error.js";
import { closestTo } from "../pipeline/arguments/describe-issue.js";
import { legible } from "./reply.js";

/** From the protocol's section on resources; the SDK has no constant for it. */
const RESOURCE_NOT_FOUND = -32002;

/** Of a tool that does not exist, in characters. */
const MAX_NAME_LENGTH = 100;

export function resourceNotFound(uri: string): McpError {
  return new McpError(RESOURCE_NOT_FOUND, "There is no such resource", { uri });
}

/**
 * The name is the client's, and as long as a message may be.
 * @param tools those that there are; some clients put the server's name, or a word of theirs, before a tool's, as in
 *   mcp__server__name, server:name and functions.name
 */
export function noSuchTool(name: string, tools: readonly { readonly name: string }[]): McpError {
  const names = tools.map((tool) => tool.name);
  const meant = closestTo(name.slice(0, MAX_NAME_LENGTH).replace(/^.*(?:__|[:.])/s, ""), names);
  const instead = meant === undefined ? "" : `, did you mean ${meant}?`;
  return new McpError(ErrorCode.InvalidParams, `There is no tool ${quoted(name, MAX_NAME_LENGTH)}${instead}`);
}

/**
 * The answer where the protocol has only errors. A failure has the same text as for a tool; a defect of this program
 * goes to `report`, because its text is not redacted.
 */
export function protocolError(error: unknown, report: (error: unknown) => void): McpError {
  if (error instanceof McpError) return error;
  if (error instanceof ToolError) {
    const { kind, happened, next } = legible(error.details);
    const code = kind === "input" ? ErrorCode.InvalidParams : ErrorCode.InternalError;
    return new McpError(code, `${happened} Nothing was changed. Next: ${next}`);
  }
  report(error);
  return new McpError(ErrorCode.InternalError, `It failed ${becauseOfDefect}`);
}
