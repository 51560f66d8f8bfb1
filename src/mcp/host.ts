import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { getLiteralValue, getObjectShape, safeParse } from "@modelcontextprotocol/sdk/server/zod-compat.js";
import { ErrorCode, McpError, type Result } from "@modelcontextprotocol/sdk/types.js";

/** The part of an MCP server that handlers need. */
export type McpHost = Pick<Server, "setRequestHandler" | "getClientCapabilities" | "getClientVersion" | "elicitInput">;

export type HandlerExtra = Parameters<Parameters<McpHost["setRequestHandler"]>[1]>[1];

type Handler = (request: unknown, extra: HandlerExtra) => Promise<Result>;

/**
 * Collects handlers, so that a caller with several sets of them can choose one for each request.
 * @param server the one that the client is connected to
 * @returns where handlers are registered, and what has a request handled by the handler of its method
 */
export function capturedHandlers(server: McpHost) {
  const handlers = new Map<string, Handler>();
  const host: McpHost = {
    setRequestHandler: (schema, handler) => {
      const method = String(getLiteralValue(getObjectShape(schema)?.method ?? schema));
      handlers.set(method, async (request, extra) => {
        const parsed = safeParse(schema, request);
        if (!parsed.success) throw new McpError(ErrorCode.InvalidParams, `Invalid ${method} request`);
        return handler(parsed.data, extra);
      });
    },
    getClientCapabilities: () => server.getClientCapabilities(),
    getClientVersion: () => server.getClientVersion(),
    elicitInput: (params, options) => server.elicitInput(params, options),
  };
  const handle = async (request: { readonly method: string; readonly params?: unknown }, extra: HandlerExtra) => {
    const handler = handlers.get(request.method);
    if (handler === undefined) throw new Error(`nothing handles ${request.method}`);
    return handler(request, extra);
  };
  return { host, handle };
}
