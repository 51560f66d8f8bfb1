import type { Gate } from "../approval/gate.js";
import { systemTimer } from "../approval/waiting.js";
import { stackOf } from "../lib/failure.js";
import type { JsonObject } from "../lib/json.js";
import { type AnyTool, type CallContext, readWithoutSecrets } from "../pipeline/call-context.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import type { OwnTool } from "../pipeline/tool.js";
import { AccountCache } from "./account-cache.js";
import { CallTime, type CallTimeSettings } from "./call-time.js";
import type { CallsInFlight } from "./calls-in-flight.js";
import type { ConnectedClient } from "./connected-client.js";
import { OngoingCalls } from "./ongoing-calls.js";

export interface WorkspaceOptions extends Omit<CallContext, "gate" | "examineSetup" | "recentReads" | "report"> {
  readonly gate: Gate;
  /** The tools that clients are shown. */
  readonly tools: readonly AnyTool[];
  /** How the server is set up, without secrets; see statusOf. */
  readonly status: JsonObject;
  /** Lists the jobs of the journal, if the operator allows that. */
  readonly listJobs: OwnTool | undefined;
  /** Whether changes take an approval as an argument. */
  readonly approvalByToken: boolean;
  /** The operator's limits on how long calls may take. */
  readonly callTime: CallTimeSettings;
  readonly callsInFlight: CallsInFlight;
  /** Checks whether this server can work with this client and what prevents it. */
  readonly examine: (client: ConnectedClient, signal: AbortSignal) => Promise<JsonObject>;
  /** Whether the same call made again takes over one that still runs; see OngoingCalls. */
  readonly takesOver?: boolean;
  /** Is told how each call of a tool was answered, and after how many milliseconds. */
  readonly onAnswered?: ((tool: AnyTool, outcome: string, ms: number) => void) | undefined;
  /** Reports a defect of this program; never to stdout. */
  readonly log: (line: string) => void;
}

/**
 * One person's work with one account: questions, calls that outlive their requests, and what was read. It outlives the
 * connections over which it is reached.
 */
export interface Workspace extends Omit<WorkspaceOptions, "callTime" | "log"> {
  /** What all its calls share; each connection adds its client. */
  readonly context: Omit<CallContext, "examineSetup">;
  readonly accountCache: AccountCache;
  readonly ongoingCalls: OngoingCalls;
  readonly callTime: CallTime;
  readonly report: (error: unknown) => void;
}

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { tools, cloud, callsInFlight, now, pause } = options;
  const report = (error: unknown) => options.log(stackOf(error));
  return {
    ...options,
    context: { ...options, recentReads: new RecentReads(now), report },
    // Reads for lists and completion are shared by all requests, so they end with the server and not with one request.
    accountCache: new AccountCache({
      read: (operation, params) => readWithoutSecrets(cloud, operation, params, callsInFlight.shutdownSignal),
      isOffered: (operation) => tools.includes(operation),
      now,
      pause,
      report,
    }),
    ongoingCalls: new OngoingCalls({ elapsed, timer: systemTimer, takesOver: options.takesOver ?? false }),
    callTime: new CallTime(options.callTime),
    report,
  };
}

/** Milliseconds on a monotonic clock. */
export const elapsed = () => performance.now();
