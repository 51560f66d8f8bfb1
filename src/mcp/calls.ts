import { z } from "zod";
import { type CallSignals, type PendingReply, replyTo } from "../approval/channel.js";
import { endedWithToken } from "../approval/refusals.js";
import { altersAccount, type Operation } from "../catalogue/operation.js";
import { struct } from "../catalogue/params.js";
import type { Service } from "../catalogue/services.js";
import type { CallerIdentity } from "../identity/person.js";
import { TokenWithdrawn } from "../identity/token.js";
import type { JsonObject } from "../lib/json.js";
import { partition } from "../lib/lists.js";
import { ToolError, unsent } from "../lib/tool-error.js";
import type { AnyTool, CallContext } from "../pipeline/call-context.js";
import type { ToolCall } from "../pipeline/execute-call.js";
import { executeReportingDefects } from "../pipeline/execute-reporting-defects.js";
import { isOwnTool } from "../pipeline/tool.js";
import { parseArguments } from "../pipeline/validate-arguments.js";
import type { Reply } from "../reply/format-reply.js";
import { createCaller, type WithCaller } from "./caller.js";
import { completionHandler } from "./completion.js";
import { type Client, connectedTo } from "./connected-client.js";
import type { HandlerExtra, Handlers } from "./handlers.js";
import { promptHandler } from "./prompts/serve-prompts.js";
import { noSuchTool } from "./protocol-errors.js";
import { failed, succeeded } from "./reply.js";
import { createResourceTypes, type ResourceDeps } from "./resources/resource-types.js";
import { resourceHandlers } from "./resources/serve-resources.js";
import { serverArguments } from "./tools.js";
import { elapsed, type Workspace } from "./workspace.js";

/** How a client reaches a workspace, at the time of one request. */
interface Connection {
  /** Who calls; absent for the user of this computer. */
  readonly identity?: CallerIdentity;
  /** Whether the caller is still allowed to call; if absent, always. */
  readonly isStillAdmitted?: () => Promise<boolean>;
  /** The tools that this client may call, of those of the workspace. */
  readonly tools: readonly AnyTool[];
  /** Time left to answer the client, in milliseconds; unlimited if absent. */
  readonly timeLeft?: number;
  /** Aborts when the client has disconnected or its token was withdrawn, without having cancelled the call. */
  readonly disconnected?: AbortSignal;
}

/** The handlers of one account. @param connection is asked anew for each request */
export function handlersOf(client: Client, workspace: Workspace, connection: () => Connection): Handlers {
  const { callsInFlight, approvalByToken, report, cloud, status, accountCache, ongoingCalls, callTime } = workspace;
  const examineSetup = (signal: AbortSignal) => workspace.examine(connectedTo(client), signal);
  const context: CallContext = { ...workspace.context, examineSetup };
  const withCaller: WithCaller = (extra, work) => {
    const { identity, disconnected } = connection();
    const caller = (signals: CallSignals) => ({
      ...createCaller(client, extra, signals),
      ...(identity && { identity }),
    });
    return callsInFlight.track(extra.signal, (signals) => work(caller(signals)), disconnected);
  };

  const execute = async (toolCall: ToolCall) => {
    try {
      return await executeReportingDefects(toolCall, context);
    } finally {
      if (altersAccount(toolCall.tool)) accountCache.forget();
    }
  };

  const answer = (tool: AnyTool, given: SplitArguments, time: number, extra: HandlerExtra): Promise<Reply> => {
    if (tool.effect === "read") {
      const reply = replyWithin(time);
      return withCaller(extra, (caller) => execute({ tool, caller: { ...caller, reply }, ...given }));
    }
    const { signal } = extra;
    const { identity, isStillAdmitted, disconnected } = connection();
    const identified = identity && { identity };
    const request = {
      signal,
      isStillAdmitted,
      disconnected,
      time,
      client: createCaller(client, extra, { signal, sending: signal }),
    };
    return ongoingCalls.answer(tool.name, given.args, request, (caller, taken) =>
      callsInFlight.track(taken, (signals) =>
        execute({ tool, caller: { ...caller, ...signals, ...identified }, ...given }),
      ),
    );
  };

  const callTool: Handlers["callTool"] = async (params, extra) => {
    const { identity, tools, timeLeft = Number.POSITIVE_INFINITY, disconnected } = connection();
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) throw noSuchTool(params.name, tools);
    if (callsInFlight.shutdownSignal.aborted) {
      const happened = `${tool.name} was not carried out: this server is shutting down.`;
      return failed(unsent("cancelled", happened, "Call again once the server has been restarted.").details);
    }
    const began = elapsed();
    const takesProgress = extra._meta?.progressToken !== undefined;
    const name = identity?.client ?? connectedTo(client).name;
    const time = Math.min(callTime.timeLimitFor({ name, takesProgress }), timeLeft);
    let outcome = "defect";
    try {
      const given = splitArguments(tool, params.arguments ?? {}, approvalByToken);
      const reply = succeeded(await answer(tool, given, time, extra));
      outcome = "ok";
      return reply;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const { details } =
        disconnected?.reason instanceof TokenWithdrawn ? endedWithToken({ operation: tool }, error) : error;
      const { kind, ongoing, approval } = details;
      outcome = ongoing !== undefined || approval !== undefined ? "goes on" : kind;
      return failed(details);
    } finally {
      workspace.onAnswered?.(tool, outcome, elapsed() - began);
      if (extra.signal.aborted) callTime.recordGivenUp(elapsed() - began, extra.signal.reason);
    }
  };

  const redact = (text: string) => context.redactor.redact(text);
  const deps: ResourceDeps = { ...workspace, context, operations: workspace.tools.filter(isOperation) };
  const resourceTypes = createResourceTypes(deps);
  return {
    callTool,
    ...resourceHandlers(client, { resourceTypes, status, withCaller, report, redact }),
    complete: completionHandler(resourceTypes, deps, report),
    getPrompt: promptHandler({
      tools: () => connection().tools,
      hasCredentials: (service) => hasCredentials(cloud, service),
      report,
    }),
  };
}

function hasCredentials(cloud: Workspace["cloud"], service: Service): boolean {
  try {
    cloud.credentialIdOf(service);
    return true;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}

/** The pending reply of a read. It only has a time limit: a read can safely be repeated. */
function replyWithin(time: number): PendingReply {
  const answerBy = elapsed() + time;
  return {
    ...replyTo({}),
    get timeLeft() {
      return Math.max(0, answerBy - elapsed());
    },
  };
}

function isOperation(tool: AnyTool): tool is Operation {
  return !isOwnTool(tool);
}

type SplitArguments = Pick<ToolCall, "args" | "approval" | "detail">;

const serverArgumentValues = z.object({
  approval: z.string().optional(),
  detail: z.enum(["summary", "full"]).optional(),
});

/** Separates the tool's arguments from the server's, which are read as leniently. @throws {ToolError} if the latter do not fit */
function splitArguments(tool: AnyTool, given: JsonObject, approvalByToken: boolean): SplitArguments {
  const own = serverArguments(tool, approvalByToken);
  const [ours, others] = partition(Object.entries(given), ([name]) => Object.hasOwn(own, name));
  if (ours.length === 0) return { args: given };
  const values = parseArguments(
    { name: tool.name, params: struct(own), effect: tool.effect },
    Object.fromEntries(ours),
  );
  return { args: Object.fromEntries(others), ...serverArgumentValues.parse(values) };
}
