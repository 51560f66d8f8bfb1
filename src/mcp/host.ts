import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { getLiteralValue, getObjectShape, safeParse } from "@modelcontextprotocol/sdk/server/zod-compat.js";
import { ErrorCode, McpError, type Result } from "@modelcontextprotocol/sdk/types.js";

/** The part of an MCP server that handlers need. */
export type McpHost = Pick<Server, "setRequestHandler" | "getClientCapabilities" | "getClientVersion" | "elicitInput">;

export type HandlerExtra = Parameters<Parameters<McpHost["setRequestHandler"]>[1]>[1];

type Handler = (request: unknown, extra: HandlerExtra) => Promise<Result>;

/** Collects handlers, so that a caller with several sets of them can choose one for each request. */
export class CapturedHandlers implements McpHost {
  readonly #handlers = new Map<string, Handler>();
  readonly #server: McpHost;

  /** @param server the one that the client is connected to */
  constructor(server: McpHost) {
    this.#server = server;
  }

  readonly setRequestHandler: McpHost["setRequestHandler"] = (schema, handler) => {
    const method = getLiteralValue(getObjectShape(schema)?.method ?? schema);
    this.#handlers.set(String(method), async (request, extra) => {
      const parsed = safeParse(schema, request);
      if (!parsed.success) throw new McpError(ErrorCode.InvalidParams, `Invalid ${String(method)} request`);
      return handler(parsed.data, extra);
    });
  };

  getClientCapabilities() {
    return this.#server.getClientCapabilities();
  }

  getClientVersion() {
    return this.#server.getClientVersion();
  }

  readonly elicitInput: McpHost["elicitInput"] = (params, options) => this.#server.elicitInput(params, options);

  /** Has a request handled by the handler of its method. */
  async handle(request: { readonly method: string; readonly params?: unknown }, extra: HandlerExtra): Promise<Result> {
    const handler = this.#handlers.get(request.method);
    if (handler === undefined) throw new Error(`nothing handles ${request.method}`);
    return handler(request, extra);
  }
}
