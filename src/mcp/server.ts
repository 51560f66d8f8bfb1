import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  type Prompt as ListedPrompt,
  ListPromptsRequestSchema,
  ListToolsRequestSchema,
  type Tool,
} from "@modelcontextprotocol/sdk/types.js";
import { showsViews, withView } from "./app-view.js";
import { prompts } from "./prompts/index.js";
import type { Prompt } from "./prompts/prompt.js";

interface ServerOptions {
  readonly version: string;
  readonly instructions: string;
  /** Those of the one client, or those that the client of the moment may call. */
  readonly tools: readonly Tool[] | (() => readonly Tool[]);
}

/** An MCP server that only lists what it has, as clients need at startup; `registerHandlers` adds the rest. */
export function createServer({ version, instructions, tools }: ServerOptions): Server {
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions,
    },
  );
  const offered = typeof tools === "function" ? tools : () => tools;
  const promptList = { prompts: prompts.map(listed) };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: showsViews(server) ? offered().map(withView) : [...offered()],
  }));
  server.setRequestHandler(ListPromptsRequestSchema, () => promptList);
  return server;
}

/** Requests that a server answers without `registerHandlers`. */
export const answeredAtOnce: ReadonlySet<string> = new Set([
  "initialize",
  "notifications/initialized",
  "ping",
  "tools/list",
  "prompts/list",
]);

function listed({ name, title, description, arguments: known }: Prompt): ListedPrompt {
  return {
    name,
    title,
    description,
    arguments: Object.entries(known).map(([argument, { description: what, required }]) => ({
      name: argument,
      description: what,
      required,
    })),
  };
}
