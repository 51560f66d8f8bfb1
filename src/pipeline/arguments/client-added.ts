import type { JsonObject } from "../../lib/json.js";
import { closestTo } from "./closest.js";

/**
 * Members that clients are known to add to the arguments of a call. The model did not write them and cannot omit them,
 * so a refusal would only repeat. No other unknown member is ignored: it may be a mistake.
 */
const clientAdded: ReadonlySet<string> = new Set([
  // Cline's list of steps (cline/cline#8256, #9684, #10426).
  "task_progress",
  // n8n's agent and chat nodes (n8n-io/n8n#21500, #21716, #22787; makenotion/notion-mcp-server#146).
  "toolCallId",
  "sessionId",
  "action",
  "chatInput",
  // Gemini CLI's scheduler (google-gemini/gemini-cli#27403).
  "wait_for_previous",
  // What belongs next to the arguments, and what describes the call (cyanheads/mcp-ts-core#453).
  "_meta",
  "tool_call_description",
  "_as_extra",
  // Amazon Q and Kiro.
  "__tool_use_purpose",
  // Placeholders for tools without parameters: Cursor, and bridges to models that take no empty schema
  // (code-yeongyu/oh-my-openagent#639, NoeFabris/opencode-antigravity-auth#229).
  "random_string",
  "dummy",
  "_placeholder",
  "reason",
  // Why the model calls: Cursor, OpenHands, Letta.
  "explanation",
  "reasoning",
  "security_risk",
  "summary",
  "inner_thoughts",
  "request_heartbeat",
]);

/** The arguments without what a client added; a name that may misspell one of `known` is kept. */
export function withoutClientAdded(given: JsonObject, known: readonly string[]): JsonObject {
  const isAdded = (name: string) => clientAdded.has(name) && !known.includes(name) && !closestTo(name, known);
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isAdded(name)));
}
