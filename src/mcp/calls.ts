import { CallToolRequestSchema, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import { type AnyTool, type CallContext, call, readFor, type ToolCall } from "../call.js";
import { altersAccount, type Operation } from "../catalogue/operation.js";
import { Failure } from "../failure.js";
import { type Channel, type PendingReply, replyTo } from "../guard/channel.js";
import type { Gate } from "../guard/gate.js";
import { systemTimer } from "../guard/waiting.js";
import type { Lifetime } from "../lifetime.js";
import { isJob, isOwn, type Members, type OwnTool } from "../own-tool.js";
import type { Reply } from "../shape/index.js";
import { AccountView } from "./account-view.js";
import { CallTime, type CallTimeSettings } from "./call-time.js";
import { callerOf, type Extra, type OnBehalf } from "./caller.js";
import { type ConnectedClient, connectedTo } from "./client.js";
import { serveCompletion } from "./completion.js";
import { ElicitationChannel } from "./elicitation.js";
import { OngoingCalls } from "./ongoing-calls.js";
import { servePrompts } from "./prompts.js";
import { failed, succeeded } from "./reply.js";
import { type Pages, type ResourceGround, resourceFamilies } from "./resource-families.js";
import { serveResources } from "./resources.js";
import type { Listing } from "./server.js";
import { suggestionsFrom } from "./suggestions.js";
import { ownArguments } from "./tools.js";
import { WatchedCloud } from "./watched-cloud.js";

export interface CallOptions extends Omit<CallContext, "gate" | "examineSetup" | "report"> {
  /** Those that the client is shown. */
  readonly tools: readonly AnyTool[];
  /** How the server is set up, without secrets; see statusOf. */
  readonly status: Readonly<Record<string, unknown>>;
  readonly pages: Pages;
  /** Tells the jobs of the journal, where the operator lets them be read. */
  readonly listJobs: OwnTool | undefined;
  /** Makes the gate, given the channel that asks through this server's client. */
  readonly gateWith: (elicitation: Channel) => Gate;
  /** Whether changes take an approval as an argument. */
  readonly approvalByToken: boolean;
  /** How long calls may take, as far as the operator has set it. */
  readonly callTime: CallTimeSettings;
  readonly lifetime: Lifetime;
  /** Looks whether this server can work with this client, and what stands in its way. */
  readonly examine: (client: ConnectedClient, signal: AbortSignal) => Promise<Members>;
  /** Where a defect of this program is reported; never stdout. */
  readonly log: (line: string) => void;
}

/** Makes `server` carry out calls, read resources, give prompts and complete arguments. Gives the gate, to be closed. */
export function serveCalls({ server, forms }: Listing, options: CallOptions): Gate {
  forms.use(new AjvJsonSchemaValidator());
  const { tools, lifetime, approvalByToken, log, cloud, status } = options;
  const gate = options.gateWith(new ElicitationChannel(server, elapsed));
  const examineSetup = (signal: AbortSignal) => options.examine(connectedTo(server), signal);
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const onBehalf: OnBehalf = (extra, work) =>
    lifetime.during(extra.signal, (signals) => work(callerOf(server, extra, signals)));
  const report = (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const context: CallContext = { ...options, gate, examineSetup, report };
  const account = accountSeen(options, report);
  const ongoing = new OngoingCalls({ elapsed, timer: systemTimer });
  const callTime = new CallTime(options.callTime);

  /** @throws {Failure} and nothing else */
  const carryOut: typeof call = async (toolCall) => {
    const { tool } = toolCall;
    const cloud = new WatchedCloud(context.cloud);
    try {
      return await call(toolCall, { ...context, cloud });
    } catch (error) {
      if (error instanceof Failure) throw error;
      report(error);
      throw new Failure(defect(tool, cloud.mayHaveAltered || (isOwn(tool) && !isJob(tool) && altersAccount(tool))));
    } finally {
      if (altersAccount(tool)) account.forget();
    }
  };

  const answer = (tool: AnyTool, given: Given, time: number, extra: Extra): Promise<Reply> => {
    if (tool.effect === "read") {
      const reply = timeLimit(time, elapsed);
      return onBehalf(extra, (caller) => carryOut({ tool, caller: { ...caller, reply }, ...given }, context));
    }
    const { signal } = extra;
    const request = { signal, time, client: callerOf(server, extra, { signal, sending: signal }) };
    return ongoing.answer(tool.name, given.args, request, (caller, taken) =>
      lifetime.during(taken, (signals) => carryOut({ tool, caller: { ...caller, ...signals }, ...given }, context)),
    );
  };

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const tool = byName.get(params.name);
    if (tool === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}`);
    if (lifetime.ending.aborted) return failed(goingAway(tool));
    const given = takeOwnArguments(tool, params.arguments ?? {}, approvalByToken);
    const began = elapsed();
    const takesProgress = extra._meta?.progressToken !== undefined;
    try {
      return succeeded(
        await answer(tool, given, callTime.of({ name: connectedTo(server).name, takesProgress }), extra),
      );
    } catch (error) {
      if (error instanceof Failure) return failed(error.facts);
      throw error;
    } finally {
      if (extra.signal.aborted) callTime.gaveUp(elapsed() - began, extra.signal.reason);
    }
  });

  const ground: ResourceGround = { ...options, context, account, operations: tools.filter(isOperation) };
  const families = resourceFamilies(ground);
  servePrompts(server, { tools: byName, cloud, report });
  serveResources(server, { families, status, onBehalf, report });
  serveCompletion(server, { families, suggest: suggestionsFrom(ground), report });
  return gate;
}

const elapsed = () => performance.now();

/** The reply to a read, which is no worse for being made again. */
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
  return !isOwn(tool);
}

/** What is read for lists and completion is shared by all requests, so it ends with the server and not with one of them. */
function accountSeen({ tools, cloud, lifetime, now, pause }: CallOptions, report: (error: unknown) => void) {
  return new AccountView({
    read: (operation, params) => readFor(cloud, operation, params, lifetime.ending),
    isOffered: (operation) => tools.includes(operation),
    now,
    pause,
    report,
  });
}

type Given = Pick<ToolCall, "args" | "approval" | "detail">;

const ownValues = z.object({ approval: z.string().optional(), detail: z.enum(["summary", "full"]).optional() });

/** The tool's own arguments, and those of ours that came beside them. One that this tool does not take stays among them. */
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

function goingAway({ name }: AnyTool): Failure["facts"] {
  return {
    kind: "cancelled",
    happened: `${name} was not carried out: this server is going away.`,
    changed: "no",
    sent: false,
    next: "Call again once the server has been started anew.",
  };
}

function defect(tool: AnyTool, mayHaveAltered: boolean): Failure["facts"] {
  return {
    kind: "configuration",
    happened: `${tool.name} met a defect of this server; the operator finds it in the server's log.`,
    changed: mayHaveAltered ? "unknown" : "no",
    next: "Tell the person; read the present state before calling again.",
  };
}
