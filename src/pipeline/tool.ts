import type { z } from "zod";
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
import type { Service } from "../catalogue/services.js";
import type { Journal } from "../jobs/journal.js";
import type { SafeText } from "../lib/escape-text.js";
import type { PolicyViolation } from "../lib/tool-error.js";
import type { Directories } from "../secrets/references/directories.js";
import type { Vault } from "../secrets/vault/vault.js";
import type { TlsCheck } from "../tls-check/tls-check.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a tool of our own stands on. Nothing here signs, sends a change or asks a person by itself. */
export interface ToolContext {
  readonly vault: Vault;
  readonly directories: Directories;
  /**
   * Carries out a documented read, as a call of its own; secrets in the reply are withheld.
   * @throws {PolicyViolation} where the operator's policy excludes it
   */
  read(operation: ReadOperation, params: JsonObject): Promise<JsonObject>;
  /** Why the operator's policy excludes an operation; undefined where it may be used. */
  exclusionOf(operation: Operation): PolicyViolation | undefined;
  /**
   * The text that a reference leads to.
   * @throws {ToolError} of kind input where it leads to nothing that fits
   */
  resolve(reference: string, content: "certificate" | "private key"): Promise<string>;
  /** The text with every secret masked that this call has met: for what is written down. */
  redacted(text: string): string;
  /** Where arguments came from that were given by reference: dotted path and source. */
  readonly sources: ReadonlyMap<string, string>;
  /** Those that this server was set up for. */
  readonly services: ReadonlySet<Service>;
  /** The Huawei Cloud project that the operator configured. */
  readonly huaweiProjectId: string | undefined;
  readonly now: () => Date;
  /** Letters and digits that no other process has, for names that have to be new. */
  readonly nonce: string;
  readonly tlsCheck: TlsCheck;
  readonly journal: Journal;
  /** Aborts when the caller takes the call back, or the server goes away. */
  readonly signal: AbortSignal;
  /** Tells the client that the call is alive, and how far it is. */
  progress(message: string): void;
  /** Waits; rejects when `signal` aborts. */
  pause(ms: number): Promise<void>;
  /** How much longer the call may take before its client has to be answered, in milliseconds. */
  timeLeft(): number;
  /** How the approval with this id stands; undefined where there is none, or none any more. */
  approval(id: string): ApprovalStatus | undefined;
  /** Looks whether this server can work, and what stands in its way. */
  examineSetup(): Promise<JsonObject>;
}

/** How an approval stands: whether it waits, and in words. */
export interface ApprovalStatus {
  readonly state: "waiting" | "approved" | "over" | "being carried out" | "carried out";
  readonly says: string;
}

/** The service under which policy and audit log know what happens on this machine. */
export const thisComputer = { id: "this-computer", title: "This computer" } as const;

/** The service of the tools that reach out to clouds and their edges, and are no single operation. */
export const jobs = { id: "jobs", title: "Whole jobs" } as const;

interface Described<Params extends z.AnyZodObject> {
  readonly name: string;
  readonly title: string;
  readonly service: { readonly id: string; readonly title: string };
  /** For the model: what it does, what to know before calling. */
  readonly summary: string;
  readonly params: Params;
  readonly result: z.AnyZodObject;
  /** Every documented operation that it may use; none when absent. */
  readonly uses?: readonly Operation[];
}

interface Running<Params extends z.AnyZodObject> {
  /** Does the work; its arguments have been parsed, their references read, and a change approved. */
  run(params: z.output<Params>, context: ToolContext): Promise<JsonObject>;
  /**
   * Looks before a person is asked whether it can be done.
   * @throws {ToolError} where it cannot: nobody is asked then
   */
  check?(params: z.output<Params>, context: ToolContext): Promise<void>;
}

/** A value of a step that an earlier step gives, after the approval. */
export interface PendingValue {
  /** Takes its place in the step's parameters; it names all that is known of the value, which the approval so binds. */
  readonly placeholder: string;
  /** What a person is shown in its place. */
  readonly says: SafeText;
}

/** One documented change that a job makes, complete before anybody is asked but for what is pending. */
export interface Step {
  /** Names it in plan, progress and audit log; no two steps of a job have the same name. */
  readonly name: string;
  /** The name as a person reads it in the plan; the name itself when absent. */
  readonly called?: SafeText;
  readonly operation: ChangeOperation;
  readonly params: JsonObject;
  /** Now → then, where the job can see more than the operation by itself. */
  readonly changes?: readonly PlannedChange[];
  /** What an earlier step has to give before this one can be sent. */
  readonly pending?: readonly PendingValue[];
  /** Meant to be sent again, unchanged, while its reply says that it is not finished (docs/cloud-behaviour.md 3.5). */
  readonly pollUntilDone?: boolean;
}

/**
 * Sends a step of the plan that was approved, once, and gives its reply. `placeholders` has the values that take the place of
 * texts in the step's parameters, where an earlier step had to give them first.
 */
export type ExecuteStep = (step: Step, placeholders?: Placeholders) => Promise<JsonObject>;

/** What a job would do: all of it is put to a person before any of it is done. */
export interface JobPlan {
  readonly question: SafeText;
  /** None where there is nothing to send: then nobody is asked. */
  readonly steps: readonly Step[];
  readonly warnings: readonly Warning[];
  /** What was sent before to what the steps are about. */
  readonly rollout?: Rollout;
  run(carryOut: ExecuteStep): Promise<JsonObject>;
}

interface Preparing<Params extends z.AnyZodObject> {
  readonly effect: ChangeEffect;
  /** Finds out, by reads alone, what there is to do. */
  prepare(params: z.output<Params>, context: ToolContext): Promise<JobPlan>;
}

/** A whole job, made of documented changes. */
export type JobTool<Params extends z.AnyZodObject = z.AnyZodObject> = Described<Params> & Preparing<Params>;

/** A tool that does its work by itself. */
export type PlainTool<Params extends z.AnyZodObject = z.AnyZodObject> = Described<Params> &
  Running<Params> &
  ({ readonly effect: "read" } | Changeable<Params>);

/** A tool that is not a documented operation. */
export type CustomTool<Params extends z.AnyZodObject = z.AnyZodObject> = PlainTool<Params> | JobTool<Params>;

/** Declares a tool of our own. */
export function defineTool<Params extends z.AnyZodObject>(tool: CustomTool<Params>): CustomTool<Params> {
  return tool;
}

export function isCustomTool(tool: Operation | CustomTool): tool is CustomTool {
  return isJob(tool) || "run" in tool;
}

export function isJob(tool: Operation | CustomTool): tool is JobTool {
  return "prepare" in tool;
}

export type Placeholders = ReadonlyMap<string, string>;
