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
import type { Channel } from "../guard/channel.js";
import type { Gate } from "../guard/gate.js";
import { callerOf } from "./caller.js";
import { ElicitationChannel } from "./elicitation.js";
import { failed, succeeded } from "./reply.js";
import { approvalArgument, toolOf } from "./tools.js";

export interface ServerOptions extends Pick<CallContext, "cloud" | "seal"> {
  readonly version: string;
  readonly instructions: string;
  readonly operations: readonly Operation[];
  /** Makes the gate, given the channel that asks through this server's client. */
  readonly gateWith: (elicitation: Channel) => Gate;
  /** Whether changes take an approval as an argument. */
  readonly approvalByToken: boolean;
  /** How long a question in the client's form may stand, in milliseconds. */
  readonly approvalWait: number;
  /** Aborts when the server is going away. */
  readonly lifetime: AbortSignal;
  /** Where a defect of this program is reported; never stdout. */
  readonly log: (line: string) => void;
}

/** An MCP server that offers `operations` as tools. The list is made here, once. */
export function createServer(options: ServerOptions): { server: Server; gate: Gate } {
  const { version, instructions, operations, lifetime, approvalByToken } = options;
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    { capabilities: { tools: {} }, instructions },
  );
  const gate = options.gateWith(new ElicitationChannel(server, options.approvalWait, Date.now));
  const context: CallContext = { gate, cloud: options.cloud, seal: options.seal };
  const list: ListToolsResult = { tools: operations.map((operation) => toolOf(operation, approvalByToken)) };
  const byName = new Map(operations.map((operation) => [operation.name, operation]));

  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const operation = byName.get(params.name);
    if (operation === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    const given = takeApproval(params.arguments ?? {}, approvalByToken);
    const caller = callerOf(server, extra, AbortSignal.any([extra.signal, lifetime]));
    try {
      return succeeded(await call({ operation, caller, ...given }, context));
    } catch (error) {
      if (error instanceof Failure) return failed(error.facts);
      options.log(options.seal.text(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return failed(defect(operation));
    }
  });
  return { server, gate };
}

/** The arguments of the operation itself, and the approval that came beside them. */
function takeApproval(given: Readonly<Record<string, unknown>>, approvalByToken: boolean) {
  const { [approvalArgument]: approval, ...args } = given;
  if (!approvalByToken || typeof approval !== "string") return { args: given };
  return { args, approval };
}

function defect(operation: Operation): Failure["facts"] {
  return {
    kind: "configuration",
    happened: `${operation.name} met a defect of this server; the operator finds it in the server's log.`,
    changed: operation.effect === "read" ? "no" : "unknown",
    next: "Tell the person; read the present state before calling again.",
  };
}
