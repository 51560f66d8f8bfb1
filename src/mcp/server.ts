import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  type ListToolsResult,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type AnyTool, type CallContext, call } from "../call.js";
import { Failure } from "../failure.js";
import type { Channel } from "../guard/channel.js";
import type { Gate } from "../guard/gate.js";
import { callerOf } from "./caller.js";
import { ElicitationChannel } from "./elicitation.js";
import { failed, succeeded } from "./reply.js";
import { ownArguments, toolOf } from "./tools.js";

export interface ServerOptions extends Omit<CallContext, "gate"> {
  readonly version: string;
  readonly instructions: string;
  readonly tools: readonly AnyTool[];
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

/** An MCP server that offers `tools`. The list is made here, once. */
export function createServer(options: ServerOptions): { server: Server; gate: Gate } {
  const { version, instructions, tools, lifetime, approvalByToken, log, seal } = options;
  const server = new Server(
    { name: "cloudcert-mcp", title: "Cloud certificates", version },
    { capabilities: { tools: {} }, instructions },
  );
  const gate = options.gateWith(new ElicitationChannel(server, options.approvalWait, Date.now));
  const context: CallContext = { ...options, gate };
  const list: ListToolsResult = { tools: tools.map((tool) => toolOf(tool, approvalByToken)) };
  const byName = new Map(tools.map((tool) => [tool.name, tool]));

  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = byName.get(params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    const caller = callerOf(server, extra, AbortSignal.any([extra.signal, lifetime]));
    try {
      const given = takeOwnArguments(tool, params.arguments ?? {}, approvalByToken);
      return succeeded(await call({ tool, caller, ...given }, context));
    } catch (error) {
      if (error instanceof Failure) return failed(error.facts);
      log(seal.text(error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return failed(defect(tool));
    }
  });
  return { server, gate };
}

const ownValues = z.object({ approval: z.string().optional(), detail: z.enum(["summary", "full"]).optional() });

/** The tool's own arguments, and those of ours that came beside them. One that this tool does not take stays among them. */
function takeOwnArguments(tool: AnyTool, given: Readonly<Record<string, unknown>>, approvalByToken: boolean) {
  const ours = Object.keys(ownArguments(tool, approvalByToken)).filter((name) => given[name] !== null);
  const isOurs = ([name]: readonly [string, unknown]) => ours.includes(name);
  const entries = Object.entries(given);
  const own = ownValues.safeParse(Object.fromEntries(entries.filter(isOurs)));
  if (!own.success) return { args: given };
  return { args: Object.fromEntries(entries.filter((entry) => !isOurs(entry))), ...own.data };
}

function defect({ name, effect }: AnyTool): Failure["facts"] {
  return {
    kind: "configuration",
    happened: `${name} met a defect of this server; the operator finds it in the server's log.`,
    changed: effect === "read" ? "no" : "unknown",
    next: "Tell the person; read the present state before calling again.",
  };
}
