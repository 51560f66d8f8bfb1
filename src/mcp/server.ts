import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  type ListToolsResult,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { type CallContext, call } from "../call.js";
import type { Operation } from "../catalogue/operation.js";
import { Failure } from "../failure.js";
import { Gate } from "../guard/gate.js";
import { ElicitationApprover } from "./elicitation.js";
import { failed, succeeded } from "./reply.js";
import { toolOf } from "./tools.js";

export interface ServerOptions extends Pick<CallContext, "cloud" | "seal"> {
  readonly version: string;
  readonly instructions: string;
  readonly operations: readonly Operation[];
  readonly readOnly: boolean;
  /** How long a person may take to answer, in milliseconds. */
  readonly approvalTimeout: number;
  /** Aborts when the server is going away. */
  readonly lifetime: AbortSignal;
  /** Where a defect of this program is reported; never stdout. */
  readonly log: (line: string) => void;
}

/** An MCP server that offers `operations` as tools. The list is made here, once. */
export function createServer(options: ServerOptions): Server {
  const { version, instructions, operations, lifetime } = options;
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    { capabilities: { tools: {} }, instructions },
  );
  const approver = new ElicitationApprover(server, options.approvalTimeout);
  const context: CallContext = { ...options, gate: new Gate(approver, options) };
  const list: ListToolsResult = { tools: operations.map(toolOf) };
  const byName = new Map(operations.map((operation) => [operation.name, operation]));

  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const operation = byName.get(params.name);
    if (operation === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    try {
      return succeeded(await call(operation, params.arguments ?? {}, context, AbortSignal.any([signal, lifetime])));
    } catch (error) {
      if (error instanceof Failure) return failed(error.facts);
      options.log(options.seal.text(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return failed(defect(operation));
    }
  });
  return server;
}

function defect(operation: Operation): Failure["facts"] {
  return {
    kind: "configuration",
    happened: `${operation.name} met a defect of this server; the operator finds it in the server's log.`,
    changed: operation.effect === "read" ? "no" : "unknown",
    next: "Tell the person; read the present state before calling again.",
  };
}
