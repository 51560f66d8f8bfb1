import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { ListPromptsRequestSchema, ListToolsRequestSchema, type Tool } from "@modelcontextprotocol/sdk/types.js";
import { FormValidator } from "./form-validator.js";
import { listedPrompts } from "./prompt-list.js";

export interface ServerOptions {
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly Tool[];
}

export interface Listing {
  readonly server: Server;
  /** To be given what checks answers before anything is asked. */
  readonly forms: FormValidator;
}

/**
 * An MCP server that tells what there is, and so much only: what it takes to be listed in a client. Whatever does
 * something is added by `registerToolHandlers`, once it is asked for.
 */
export function createServer({ version, instructions, tools }: ServerOptions): Listing {
  const forms = new FormValidator();
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions,
      jsonSchemaValidator: forms,
    },
  );
  const toolList = { tools: [...tools] };
  const promptList = { prompts: [...listedPrompts] };
  server.setRequestHandler(ListToolsRequestSchema, () => toolList);
  server.setRequestHandler(ListPromptsRequestSchema, () => promptList);
  return { server, forms };
}

/** Requests that a server answers as it was created. */
export const answeredAtOnce: ReadonlySet<string> = new Set([
  "initialize",
  "notifications/initialized",
  "ping",
  "tools/list",
  "prompts/list",
]);
