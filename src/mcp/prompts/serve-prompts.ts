import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Service } from "../../catalogue/services.js";
import type { AnyTool } from "../../pipeline/call-context.js";
import { isOwnTool } from "../../pipeline/tool.js";
import type { Handlers } from "../handlers.js";
import { protocolError } from "../protocol-errors.js";
import { prompts } from "./index.js";
import { promptText, toolsIn } from "./prompt.js";

interface PromptOptions {
  readonly tools: () => readonly AnyTool[];
  readonly hasCredentials: (service: Service) => boolean;
  readonly report: (error: unknown) => void;
}

/** Answers with prompts. A prompt says which of its tools are missing. */
export function promptHandler({ tools, hasCredentials, report }: PromptOptions): Handlers["getPrompt"] {
  return async ({ name, arguments: given = {} }) => {
    const prompt = prompts.find((candidate) => candidate.name === name);
    if (prompt === undefined) throw new McpError(ErrorCode.InvalidParams, "There is no such prompt");
    try {
      const steps = promptText(prompt, given);
      const text = [steps, ...missing(steps, tools(), hasCredentials)].join("\n\n");
      return { description: prompt.description, messages: [{ role: "user", content: { type: "text", text } }] };
    } catch (error) {
      throw protocolError(error, report);
    }
  };
}

/** What a text names but this server cannot do, by its configuration or without credentials. */
function missing(text: string, tools: readonly AnyTool[], hasCredentials: PromptOptions["hasCredentials"]): string[] {
  const named = toolsIn(text);
  const find = (wanted: string) => tools.find(({ name }) => name === wanted);
  const absent = named.filter((name) => find(name) === undefined);
  const locked = named.flatMap((name) => {
    const tool = find(name);
    return tool === undefined || isOwnTool(tool) || hasCredentials(tool.service) ? [] : tool.service.title;
  });
  return [
    ...(absent.length > 0
      ? [
          `Not offered by this server (not configured, or switched off by its operator): ${absent.join(", ")}. Tell the person before you begin; STOP at a step that needs one.`,
        ]
      : []),
    ...(locked.length > 0
      ? [
          `No credentials are set for ${[...new Set(locked)].join(", ")}. Tell the person before you begin; a call answers which variables to set.`,
        ]
      : []),
  ];
}
