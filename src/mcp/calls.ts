import { CallToolRequestSchema, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import { type Channel, type PendingReply, replyTo } from "../approval/channel.js";
import type { Gate } from "../approval/gate.js";
import { systemTimer } from "../approval/waiting.js";
import { altersAccount, type Operation } from "../catalogue/operation.js";
import { stackOf } from "../lib/failure.js";
import { ToolError } from "../lib/tool-error.js";
import { carryOutCall } from "../pipeline/carry-out.js";
import { type AnyTool, type CallContext, readWithoutSecrets, type ToolCall } from "../pipeline/execute-call.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import { type CustomTool, isCustomTool, type JsonObject } from "../pipeline/tool.js";
import type { Reply } from "../reply/format-reply.js";
import { AccountView } from "./account-view.js";
import { CallTime, type CallTimeSettings } from "./call-time.js";
import { callContext, type Extra, type WithCaller } from "./caller.js";
import type { CallsInFlight } from "./calls-in-flight.js";
import { type ConnectedClient, connectedTo } from "./client.js";
import { serveCompletion } from "./completion.js";
import { ElicitationChannel } from "./elicitation.js";
import { OngoingCalls } from "./ongoing-calls.js";
import { servePrompts } from "./prompts.js";
import { failed, succeeded } from "./reply.js";
import { createResourceTypes, type Pages, type ResourceDeps } from "./resource-types.js";
import { serveResources } from "./resources.js";
import type { Listing } from "./server.js";
import { suggestionsFrom } from "./suggestions.js";
import { ownArguments } from "./tools.js";

export interface CallOptions extends Omit<CallContext, "gate" | "examineSetup" | "recentReads" | "report"> {
  /** The tools that the client is shown. */
  readonly tools: readonly AnyTool[];
  /** How the server is set up, without secrets; see statusOf. */
  readonly status: Readonly<Record<string, unknown>>;
  readonly pages: Pages;
  /** Lists the jobs of the journal, if the operator allows that. */
  readonly listJobs: CustomTool | undefined;
  /** Creates the gate with the channel that asks through this server's client. */
  readonly gateWith: (elicitation: Channel) => Gate;
  /** Whether changes take an approval as an argument. */
  readonly approvalByToken: boolean;
  /** The operator's limits on how long calls may take. */
  readonly callTime: CallTimeSettings;
  readonly callsInFlight: CallsInFlight;
  /** Checks whether this server can work with this client and what prevents it. */
  readonly examine: (client: ConnectedClient, signal: AbortSignal) => Promise<JsonObject>;
  /** Reports a defect of this program; never to stdout. */
  readonly log: (line: string) => void;
}

/** Makes `server` handle calls, resources, prompts and completion. Returns the gate, to be closed by the caller. */
export function registerToolHandlers({ server, forms }: Listing, options: CallOptions): Gate {
  forms.use(new AjvJsonSchemaValidator());
  const { tools, callsInFlight, approvalByToken, log, cloud, status } = options;
  const gate = options.gateWith(new ElicitationChannel(server, elapsed));
  const examineSetup = (signal: AbortSignal) => options.examine(connectedTo(server), signal);
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const withCaller: WithCaller = (extra, work) =>
    callsInFlight.track(extra.signal, (signals) => work(callContext(server, extra, signals)));
  const report = (error: unknown) => log(stackOf(error));
  const recentReads = new RecentReads(options.now);
  const context: CallContext = { ...options, recentReads, gate, examineSetup, report };
  const account = accountSeen(options, report);
  const ongoing = new OngoingCalls({ elapsed, timer: systemTimer });
  const callTime = new CallTime(options.callTime);

  const carryOut: typeof carryOutCall = async (toolCall) => {
    try {
      return await carryOutCall(toolCall, context);
    } finally {
      if (altersAccount(toolCall.tool)) account.forget();
    }
  };

  const answer = (tool: AnyTool, given: Given, time: number, extra: Extra): Promise<Reply> => {
    if (tool.effect === "read") {
      const reply = timeLimit(time, elapsed);
      return withCaller(extra, (caller) => carryOut({ tool, caller: { ...caller, reply }, ...given }, context));
    }
    const { signal } = extra;
    const request = { signal, time, client: callContext(server, extra, { signal, sending: signal }) };
    return ongoing.answer(tool.name, given.args, request, (caller, taken) =>
      callsInFlight.track(taken, (signals) => carryOut({ tool, caller: { ...caller, ...signals }, ...given }, context)),
    );
  };

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = byName.get(params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    if (callsInFlight.shutdownSignal.aborted) return failed(goingAway(tool));
    const given = takeOwnArguments(tool, params.arguments ?? {}, approvalByToken);
    const began = elapsed();
    const takesProgress = extra._meta?.progressToken !== undefined;
    try {
      return succeeded(
        await answer(tool, given, callTime.of({ name: connectedTo(server).name, takesProgress }), extra),
      );
    } catch (error) {
      if (error instanceof ToolError) return failed(error.details);
      throw error;
    } finally {
      if (extra.signal.aborted) callTime.gaveUp(elapsed() - began, extra.signal.reason);
    }
  });

  const deps: ResourceDeps = { ...options, context, account, operations: tools.filter(isOperation) };
  const resourceTypes = createResourceTypes(deps);
  servePrompts(server, { tools: byName, cloud, report });
  serveResources(server, { resourceTypes, status, withCaller, report });
  serveCompletion(server, { resourceTypes, suggest: suggestionsFrom(deps), report });
  return gate;
}

const elapsed = () => performance.now();

/** The reply to a read, which can safely be repeated. */
function timeLimit(time: number, elapsed: () => number): PendingReply {
  const answerBy = elapsed() + time;
  return {
    ...replyTo({}),
    get timeLeft() {
      return Math.max(0, answerBy - elapsed());
    },
  };
}

function isOperation(tool: AnyTool): tool is Operation {
  return !isCustomTool(tool);
}

/** Reads for lists and completion are shared by all requests, so they end with the server and not with one request. */
function accountSeen({ tools, cloud, callsInFlight, now, pause }: CallOptions, report: (error: unknown) => void) {
  return new AccountView({
    read: (operation, params) => readWithoutSecrets(cloud, operation, params, callsInFlight.shutdownSignal),
    isOffered: (operation) => tools.includes(operation),
    now,
    pause,
    report,
  });
}

type Given = Pick<ToolCall, "args" | "approval" | "detail">;

const ownValues = z.object({ approval: z.string().optional(), detail: z.enum(["summary", "full"]).optional() });

/** Separates the tool's own arguments from ours. One of ours that this tool does not take stays with its own. */
function takeOwnArguments(tool: AnyTool, given: Readonly<Record<string, unknown>>, approvalByToken: boolean): Given {
  const ours = Object.keys(ownArguments(tool, approvalByToken)).filter((name) => Object.hasOwn(given, name));
  if (ours.length === 0) return { args: given };
  const isOurs = ([name]: readonly [string, unknown]) => ours.includes(name);
  const isLeftOut = ([, value]: readonly [string, unknown]) => value === null || value === "";
  const entries = Object.entries(given).filter((entry) => !isOurs(entry) || !isLeftOut(entry));
  const own = ownValues.safeParse(Object.fromEntries(entries.filter(isOurs)));
  if (!own.success) return { args: given };
  return { args: Object.fromEntries(entries.filter((entry) => !isOurs(entry))), ...own.data };
}

function goingAway({ name }: AnyTool): ToolError["details"] {
  return {
    kind: "cancelled",
    happened: `${name} was not carried out: this server is shutting down.`,
    changed: "no",
    sent: false,
    next: "Call again once the server has been restarted.",
  };
}
