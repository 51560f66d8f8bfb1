import type { z } from "zod";
import type { ApprovalProgress } from "../approval/approval-status.js";
import type { ReadDecisions, RecordedDecision } from "../approval/recorded-decisions.js";
import type {
  Changeable,
  ChangeEffect,
  ChangeOperation,
  Operation,
  PlannedChange,
  ReadOperation,
  Warning,
} from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import type { Service, Signers } from "../catalogue/services.js";
import type { Job, JobTarget } from "../jobs/job.js";
import type { Journal } from "../jobs/journal.js";
import type { PreviousRuns } from "../jobs/previous-runs.js";
import type { SeenServed } from "../jobs/sightings.js";
import type { JsonObject } from "../lib/json.js";
import type { SafeText } from "../lib/safe-text.js";
import type { TimeSource } from "../lib/time-source.js";
import type { PolicyViolation } from "../lib/tool-error.js";
import type { Directories } from "../secrets/references/directories.js";
import type { Vault } from "../secrets/vault/vault.js";
import type { CallFacts } from "../standing-approvals/facts.js";
import type { StandingApprovals } from "../standing-approvals/store.js";
import type { TlsCheck } from "../tls-check/tls-check.js";
import type { RecentReply } from "./recent-reads.js";

export type { ApprovalProgress, RecordedDecision };

/** The context of our own tools. Nothing here signs, sends a change or asks a person. */
export interface ToolContext extends Pick<TimeSource, "now" | "elapsed"> {
  readonly vault: Vault;
  readonly directories: Directories;
  /**
   * Carries out a documented read as a separate call; secrets in the reply are withheld.
   * @param within a limit in milliseconds, if shorter than that for every call
   * @throws {PolicyViolation} if the operator's policy excludes it
   */
  read(operation: ReadOperation, params: JsonObject, within?: number): Promise<JsonObject>;
  /**
   * Like {@link read}, but a reply since `notBefore` (milliseconds) will do, unless this program has sent a change
   * meanwhile. To keep little, it has only what the operation's `result` declares: reads of one name and service share
   * that.
   */
  readSince(notBefore: number, ...of: Parameters<ToolContext["read"]>): Promise<RecentReply>;
  /** Why the operator's policy excludes an operation; undefined if it does not. */
  exclusionOf(operation: Operation): PolicyViolation | undefined;
  /**
   * The text behind a reference.
   * @throws {ToolError} of kind input if there is nothing suitable behind it
   */
  resolve(reference: string, content: "certificate" | "private key"): Promise<string>;
  /** The text with every secret known to this call masked, for records. */
  redacted(text: string): string;
  /** Sources of arguments given by reference, by dotted path. */
  readonly sources: ReadonlyMap<string, string>;
  /** The services that this server is set up for. */
  readonly services: ReadonlySet<Service>;
  /** The Huawei Cloud project that the operator configured. */
  readonly huaweiProjectId: string | undefined;
  /** The other accounts of this server that the caller may read, each with a context of its own. */
  readonly otherAccounts: readonly {
    readonly name: string;
    within<Found>(work: (context: ToolContext) => Promise<Found>): Promise<Found>;
  }[];
  /** Letters and digits unique to this process, for new names. */
  readonly nonce: string;
  readonly tlsCheck: TlsCheck;
  readonly journal: Journal;
  /** What persons approved in advance. */
  readonly standingApprovals: StandingApprovals;
  /** How approved plans were decided, as the audit log has it. */
  readonly decisionsOn: ReadDecisions;
  /** The id of the approved plan; absent before approval. */
  readonly planId?: string | undefined;
  /** The credentials that a change is about, of the services in {@link RunnableTool.signsFor}: as its plan shows them. */
  readonly signers: Signers;
  /** Keeps sightings of what the targets of a job serve, in journal and audit log. It never fails. */
  recordSightings(seen: readonly SeenServed[]): Promise<void>;
  /** Aborts when the caller cancels the call or the server shuts down. */
  readonly signal: AbortSignal;
  /** Reports progress to the client. */
  progress(message: SafeText): void;
  /** Records the stage that a job has reached, for a reply that is due before the job ends. */
  recordStage(job: string, position: string): void;
  /** Waits; rejects when `signal` aborts. */
  pause(ms: number): Promise<void>;
  /** Time left until the client must be answered, in milliseconds. */
  timeLeft(): number;
  /** The state of the approval with this id; undefined if there is none or it was forgotten. */
  approvalProgress(id: string): Promise<ApprovalProgress | undefined>;
  /** The id of an approval that a call of this operation waits for, with this value among its arguments. */
  approvalFor(operation: ChangeOperation, argument: string): string | undefined;
  /** Checks whether this server can work and what prevents it. */
  examineSetup(): Promise<JsonObject>;
}

/** The service for what happens on this machine, in policy and audit log. */
export const thisComputerService = { id: "this-computer", title: "This computer" } as const;

/** The service of tools that use clouds and their edges but are not single operations. */
export const jobsService = { id: "jobs", title: "Whole jobs" } as const;

interface ToolDescription<Params extends z.AnyZodObject> {
  readonly name: string;
  readonly title: string;
  readonly service: { readonly id: string; readonly title: string };
  /** For the model: what it does, what to know before calling. */
  readonly summary: string;
  readonly params: Params;
  readonly result: z.AnyZodObject;
  /** Every documented operation that it may use; none if absent. */
  readonly uses?: readonly Operation[];
}

interface RunnableTool<Params extends z.AnyZodObject> {
  /**
   * Does the work. Arguments are parsed, references resolved, and a change is approved: it is the one that was shown,
   * so nothing that the plan told may be found out anew here.
   */
  run(params: z.output<Params>, context: ToolContext): Promise<JsonObject>;
  /**
   * Finds out before a person is asked whether it can be done, and what exactly it would do. `params` are the arguments
   * with what they stand for here in their place, `question` and `changes` replace what the arguments alone tell.
   * @throws {ToolError} if it cannot; then nobody is asked
   */
  check?(
    params: z.output<Params>,
    context: ToolContext,
  ): Promise<{
    readonly params?: z.output<Params>;
    readonly question?: SafeText;
    readonly changes?: readonly PlannedChange[];
  }>;
  /** The services whose credentials the change is about, although it calls none of them. */
  signsFor?(params: z.output<Params>): readonly Service[];
}

/** A value that an earlier step provides after the approval. */
export interface PendingValue {
  /** Its placeholder in the step's parameters, with all that is known of the value, to bind the approval to it. */
  readonly placeholder: string;
  /** Shown to a person instead. */
  readonly says: SafeText;
}

/** One documented change of a job, complete before anyone is asked, except for pending values. */
export interface Step {
  /** Its name in plan, progress and audit log; unique within the job. */
  readonly name: string;
  /** The name in the plan; `name` if absent. */
  readonly label?: SafeText;
  readonly operation: ChangeOperation;
  readonly params: JsonObject;
  /** Now → then, if the job knows more than the operation. */
  readonly changes?: readonly PlannedChange[];
  /** What earlier steps must provide before this one can be sent. */
  readonly pendingValues?: readonly PendingValue[];
  /** Parameters that name a stored certificate which the job has looked at itself. */
  readonly checkedParams?: readonly string[];
  /** Whether to send it again, unchanged, until its reply says that it is finished (docs/cloud-behaviour.md 3.5). */
  readonly pollUntilDone?: boolean;
}

/** The values of pending texts in the steps' parameters. */
export type Placeholders = ReadonlyMap<string, string>;

/** A step that gives other steps their pending values: the id of an upload, or a private key. */
export interface Supply {
  readonly step: Step;
  /** Whether it is sent before anything else: if it fails, nothing has been sent to any target. */
  readonly beforeTargets: boolean;
  /**
   * Reads what the cloud replied.
   * @throws {ToolError} if that is not what was approved
   */
  read(reply: JsonObject): Promise<Supplied>;
}

/** What a supply gave. */
export interface Supplied {
  readonly placeholders: Placeholders;
  /** The id under which the job's certificate is now stored at Tencent Cloud SSL. */
  readonly certificateId?: string;
  /** The copy that it left there, in words. */
  readonly copy?: string;
}

/** One target of a job. */
export interface PlannedTarget {
  readonly target: JobTarget;
  /** Absent if there is nothing to send. */
  readonly step?: Step;
  /** What the step needs first. */
  readonly supply?: Supply | undefined;
}

/** Targets that are sent together, once those of the waves before are proven. */
export interface Wave {
  /** As the person was shown it, from 1. */
  readonly number: number;
  /** Ids of its targets. If none of them has a step, they were sent earlier and only have to be proven. */
  readonly ids: readonly string[];
}

/** How a job sends to many targets. */
export interface Waves {
  readonly order: readonly Wave[];
  /**
   * Looks at the targets of a wave before it is sent; `prove` compares with that.
   * @returns why nothing may be sent: they are not as the person was shown them
   */
  ready(ids: readonly string[]): Promise<string | undefined>;
  /** Watches the targets that were sent until each is proven, or it is known why the next wave must not be sent. */
  prove(job: Job, ids: readonly string[]): Promise<{ readonly job: Job; readonly stopped?: string | undefined }>;
}

/** What a job would do. A person is shown all of it before any of it is done. */
export interface JobPlan {
  readonly question: SafeText;
  readonly warnings: readonly Warning[];
  /** What a person may want to know beside the changes, by name; nothing to be warned of. */
  readonly notes?: readonly (readonly [name: SafeText, says: SafeText])[];
  /** What was sent earlier to the same objects. */
  readonly rollout?: Rollout;
  /** In the order in which they are sent. */
  readonly targetPlans: readonly PlannedTarget[];
  readonly about: Pick<Job, "kind" | "of" | "key" | "certificate" | "withoutWaves">;
  /** What the journal contained when the plan was made. */
  readonly earlier: Pick<PreviousRuns, "newest" | "job" | "newestRequests" | "nextOrder" | "unreadable">;
  /** Reads the facts that standing approvals are judged by; absent if none can cover the job. */
  readonly readFacts?: () => Promise<CallFacts>;
  /** Whether the remaining targets are processed after one failed. */
  readonly continueOnFailure: boolean;
  /** Absent if everything is sent at once. */
  readonly waves?: Waves | undefined;
  /** How long to watch the edge afterwards, in milliseconds. */
  readonly watchMs: number;
  /** What the job leaves as it is, or did not look for, one sentence each; absent if there is nothing of the kind. */
  readonly left?: readonly string[] | undefined;
  /** Further members of the report. */
  readonly remarks?: JsonObject;
  /** What may be done about what the job leaves as it is, in a sentence after what the report says is next. */
  readonly next?: string | undefined;
  /** Whether a request with unknown outcome took effect; undefined if that cannot be seen. */
  verifyApplied?(target: JobTarget, job: Job): Promise<Partial<JobTarget> | undefined>;
}

/** What the cloud replied to the step of a target. */
export interface StepReply {
  readonly target: JobTarget;
  readonly step: Step;
  readonly reply: JsonObject;
  /** How often it was sent before. */
  readonly attempt: number;
  /** How long ago it was sent first, in milliseconds. */
  readonly waited: number;
  /** The job's certificate at Tencent Cloud SSL, if it is stored there. */
  readonly certificateId: string | undefined;
}

/** A job, or the equivalent if nothing had to be sent. */
export type ReportedJob = Pick<Job, "kind" | "certificate" | "targets"> &
  Partial<Pick<Job, "id" | "of" | "stopped">> &
  Pick<JobPlan, "left">;

/** How watching the edge ended. */
export interface WatchResult {
  readonly why: string;
  /** Whether looking again may show more. */
  readonly canShowMore: boolean;
}

/** A job made of documented changes: what `runJob` calls, in this order. */
export interface JobTool<Params extends z.AnyZodObject = z.AnyZodObject> extends ToolDescription<Params> {
  readonly effect: ChangeEffect;
  /** Plans the job with reads only. */
  prepare(params: z.output<Params>, context: ToolContext): Promise<JobPlan>;
  /** What a reply tells about the target; undefined if the step has to be sent again, after a pause made here. */
  interpretReply(sent: StepReply, context: ToolContext): Promise<Partial<JobTarget> | undefined>;
  /** Watches the targets that the cloud accepted; each check updates the journal. */
  watch(
    job: Job,
    context: ToolContext,
    timeoutMs: number,
  ): Promise<{ readonly job: Job; readonly watched: WatchResult }>;
  /** The outcome, for the model. */
  report(job: ReportedJob, now: Date, watched?: WatchResult): JsonObject;
}

/** A tool that is not a documented operation: it does its work itself, or is a job. */
export type OwnTool<Params extends z.AnyZodObject = z.AnyZodObject> =
  | (ToolDescription<Params> & RunnableTool<Params> & ({ readonly effect: "read" } | Changeable<Params>))
  | JobTool<Params>;

export function defineTool<Params extends z.AnyZodObject>(tool: OwnTool<Params>): OwnTool<Params> {
  return tool;
}

export function isOwnTool(tool: Operation | OwnTool): tool is OwnTool {
  return isJob(tool) || "run" in tool;
}

export function isJob(tool: Operation | OwnTool): tool is JobTool {
  return "prepare" in tool;
}
