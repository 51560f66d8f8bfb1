import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  type CallToolRequest,
  CallToolRequestSchema,
  type CallToolResult,
  type CompleteRequest,
  CompleteRequestSchema,
  type CompleteResult,
  type GetPromptRequest,
  GetPromptRequestSchema,
  type GetPromptResult,
  ListResourcesRequestSchema,
  type ListResourcesResult,
  ListResourceTemplatesRequestSchema,
  type ListResourceTemplatesResult,
  type ReadResourceRequest,
  ReadResourceRequestSchema,
  type ReadResourceResult,
} from "@modelcontextprotocol/sdk/types.js";

export type HandlerExtra = Parameters<Parameters<Server["setRequestHandler"]>[1]>[1];

/** What can be asked of an account, or of several together. */
export interface Handlers {
  callTool(params: CallToolRequest["params"], extra: HandlerExtra): Promise<CallToolResult>;
  listResources(): Promise<ListResourcesResult>;
  listResourceTemplates(): Promise<ListResourceTemplatesResult>;
  readResource(params: ReadResourceRequest["params"], extra: HandlerExtra): Promise<ReadResourceResult>;
  complete(params: CompleteRequest["params"]): Promise<CompleteResult>;
  getPrompt(params: GetPromptRequest["params"]): Promise<GetPromptResult>;
}

/** Makes `server` answer what it does not answer by itself. */
export function registerHandlers(server: Server, handlers: Handlers): void {
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) => handlers.callTool(params, extra));
  server.setRequestHandler(ListResourcesRequestSchema, () => handlers.listResources());
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => handlers.listResourceTemplates());
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, extra) => handlers.readResource(params, extra));
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => handlers.complete(params));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => handlers.getPrompt(params));
}
