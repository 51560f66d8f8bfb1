import { z } from "zod";
import type { PreparedCall } from "../approval/call-binding.js";
import type { SentElsewhere } from "../approval/current-state/reading.js";
import type { Gate } from "../approval/gate.js";
import type { Permit } from "../approval/permit.js";
import { altersAccount, type Operation } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { sensitiveValues } from "../catalogue/sensitive.js";
import type { CloudClient } from "../cloud/cloud-client.js";
import type { Job } from "../jobs/job.js";
import { type JsonObject, mapTexts } from "../lib/json.js";
import { groupedBy } from "../lib/lists.js";
import { memoize } from "../lib/memoize.js";
import { type SafeText, verbatim } from "../lib/safe-text.js";
import { becauseOfDefect, ToolError, unsent } from "../lib/tool-error.js";
import type { StoredSecrets } from "../secrets/vault/store-secrets.js";
import { describeIssue } from "./arguments/describe-issue.js";
import type { CallContext } from "./call-context.js";
import {
  type JobToApprove,
  jobAsCall,
  listSteps,
  type NamedJob,
  pendingTexts,
  type StepWarning,
} from "./job-as-call.js";
import type { Placeholders, Step, Supplied, Supply, ToolContext } from "./tool.js";
import { checkArguments, checkStoredIn } from "./validate-arguments.js";

/* The steps of a job: checked, shown to a person as one plan, and then sent one by one. */

/** What is needed to get the steps of a job approved and to send them. */
export interface StepRunnerDeps extends Pick<CallContext, "operations" | "now" | "report">, Pick<ToolContext, "read"> {
  readonly gate: Pick<Gate, "approve">;
  readonly cloud: Pick<CloudClient, "signersFor" | "signerChange" | "exclusionOf" | "sendApproved">;
  readonly tlsCheck: Pick<ToolContext["tlsCheck"], "roots">;
  /** Has the redactor mask these from now on. */
  addSecrets(secrets: readonly string[]): void;
  readonly storeReplySecrets: StoreReplySecrets;
}

/** Moves a reply's secrets into the vault, with a sentence for each. */
export type StoreReplySecrets = (
  described: Pick<Operation, "name" | "result">,
  result: JsonObject,
  params: JsonObject,
) => Pick<StoredSecrets, "result" | "notes">;

/**
 * Checks the steps and gets them approved. Without steps nobody is asked.
 * @throws {ToolError} unless they were approved; in that case nothing was sent
 */
export async function approveSteps(
  tool: NamedJob,
  asked: JobToApprove,
  call: PreparedCall,
  deps: StepRunnerDeps,
): Promise<ApprovedSteps> {
  if (asked.steps.length === 0) return new ApprovedSteps(tool, [], call.caller.sending, undefined, deps);
  const stepWarnings = await checkSteps(asked.steps, deps);
  const permit = await deps.gate.approve({ ...call, ...jobAsCall(tool, asked, stepWarnings, call, deps) });
  return new ApprovedSteps(tool, asked.steps, call.caller.sending, permit, deps);
}

/** Sends the steps that were approved and nothing else, each once, and knows what was sent. */
export class ApprovedSteps {
  readonly #tool: NamedJob;
  readonly #sending: AbortSignal;
  readonly #permit: Permit | undefined;
  readonly #deps: StepRunnerDeps;
  readonly #unsent: Set<Step>;
  readonly #done = new Set<Step>();
  readonly #unclear = new Set<Step>();
  readonly #placeholders = new Map<string, string>();

  constructor(
    tool: NamedJob,
    steps: readonly Step[],
    sending: AbortSignal,
    permit: Permit | undefined,
    deps: StepRunnerDeps,
  ) {
    this.#tool = tool;
    this.#sending = sending;
    this.#permit = permit;
    this.#deps = deps;
    this.#unsent = new Set(steps);
  }

  /** The approval; undefined if none was needed. */
  get permit(): Pick<Permit, "planId" | "renew" | "end"> | undefined {
    return this.#permit;
  }

  /**
   * Records as which job the steps are sent.
   * @throws {ToolError} if that cannot be recorded; nothing may be sent then
   */
  async recordJob({ id, kind, of, certificate }: Job): Promise<void> {
    if (kind === "operation") throw new Error("a single operation is no job");
    const job = { job: id, kind, ...(of !== undefined && { of }), certificate: certificate.sha256 };
    await this.#permit?.recordJob(job);
  }

  /**
   * Makes sure that a step may still be sent.
   * @throws {ToolError} if what a person was shown there has changed since, or too much time has passed
   */
  async requireCurrent(step: Step, elsewhere: SentElsewhere): Promise<void> {
    const { operation, params, changes = operation.plannedChanges(params) } = step;
    const part = { name: auditName(step), isSignerCurrent: () => this.isSignerCurrent(step) };
    await this.#permit?.requireCurrent(part, changes, elsewhere);
  }

  /** Sends a step once, with the values that have been supplied so far. */
  async send(step: Step): Promise<JsonObject> {
    const { operation } = step;
    const permit = this.#unsent.has(step) ? this.#permit : undefined;
    if (permit === undefined) throw new Error(`${step.name} is not a step that was approved, or has been sent`);
    if (step.pollUntilDone !== true) this.#unsent.delete(step);
    const params = mapTexts(step.params, (text) => this.#placeholders.get(text) ?? text);
    checkCompleted(step, params, this.#placeholders, this.#deps);
    const { cloud } = operation.service;
    const signer = permit.signerFor(cloud);
    const send = () => this.#deps.cloud.sendApproved(operation, params, signer, this.#sending);
    try {
      const answer = await permit.execute(send, { name: auditName(step), cloud });
      this.#done.add(step);
      return this.#deps.storeReplySecrets(operation, answer.result, params).result;
    } catch (error) {
      if (!(error instanceof ToolError) || error.details.changed !== "no") this.#unclear.add(step);
      throw error;
    }
  }

  /** Whether what signs at the step's cloud now is still what was approved: another account would not know of it. */
  isSignerCurrent({ operation }: Step): boolean {
    const { cloud } = operation.service;
    const signers = this.#permit && { [cloud]: this.#permit.signerFor(cloud) };
    return signers !== undefined && this.#deps.cloud.signerChange(operation, signers) === undefined;
  }

  /** Records that a check found a step carried out whose answer was not clear. */
  async recordVerified(step: Step): Promise<void> {
    await this.#permit?.recordVerified(auditName(step));
  }

  /** Sends the step that supplies values to others; every later call gets the same result or failure. */
  readonly sendSupply = memoize(async (supply: Supply): Promise<Supplied> => {
    const supplied = await supply.read(await this.send(supply.step));
    for (const [placeholder, value] of supplied.placeholders) this.#placeholders.set(placeholder, value);
    return supplied;
  });

  /** The error that ends the job, extended by what had been sent before. */
  errorAfterSteps(error: unknown): unknown {
    if (error instanceof ToolError) return this.#afterEarlierSteps(error);
    // What was sent before a defect must still be reported.
    if (this.#done.size + this.#unclear.size === 0) return error;
    this.#deps.report(error);
    return this.#afterEarlierSteps(defectBetween);
  }

  /** Adds the earlier steps to the error that ended a job. Steps that change nothing do not count. */
  #afterEarlierSteps(last: ToolError): ToolError {
    const altering = (steps: ReadonlySet<Step>) => [...steps].filter(({ operation }) => altersAccount(operation));
    const [done, unclear] = [altering(this.#done), altering(this.#unclear)];
    if (done.length + unclear.length === 0) return last;
    const named = (what: string, steps: readonly Step[]) =>
      steps.length === 0 ? "" : ` ${what}: ${steps.map(({ name }) => name).join(", ")}.`;
    return new ToolError({
      ...last.details,
      happened: `${this.#tool.name} was cut short.${named("Accepted by the cloud", done)}${named("Outcome unknown", unclear)} ${last.details.happened}`,
      changed: done.length > 0 ? "partly" : "unknown",
      sent: true,
      next: "See list_jobs for the result of each target. The same call again does only what is left.",
    });
  }
}

const auditName = ({ name, operation }: Step) => `${name}, ${operation.name}`;

const defectBetween = new ToolError({
  kind: "configuration",
  happened: `The rest failed ${becauseOfDefect}`,
  changed: "no",
  next: "Tell the person.",
});

/**
 * Checks a step once its pending values are known.
 * @throws {ToolError} if the cloud would certainly refuse it
 */
function checkCompleted(
  { name, operation, pendingValues = [] }: Step,
  params: JsonObject,
  placeholders: Placeholders,
  { now, addSecrets, tlsCheck: { roots } }: StepRunnerDeps,
): void {
  if (pendingValues.some(({ placeholder }) => !placeholders.has(placeholder)))
    throw new Error(`${name} lacks what an earlier step gives`);
  if (pendingValues.length === 0) return;
  addSecrets(
    sensitiveValues(operation.params, params)
      .filter(({ content }) => isSecret(content))
      .map(({ value }) => value),
  );
  checkArguments(operation, params, { now: now(), roots });
}

/**
 * Checks the steps' arguments.
 * @throws {ToolError} if a step would certainly be refused, or its operation is not offered
 */
async function checkSteps(
  steps: readonly Step[],
  { cloud, operations, now, read, tlsCheck: { roots } }: StepRunnerDeps,
): Promise<readonly StepWarning[]> {
  for (const { operation } of steps) {
    const excluded = cloud.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
  }
  const notOfferedStep = steps.find(({ operation }) => !operations.includes(operation));
  if (notOfferedStep !== undefined) throw notOffered(notOfferedStep);
  const faults: { readonly label: SafeText; readonly error: ToolError }[] = [];
  const stepWarnings: StepWarning[] = [];
  // Steps of a job often name the same certificate.
  const readOnce = memoize(read, ({ name }, params) => `${name} ${JSON.stringify(params)}`);
  for (const step of steps) {
    const { name, label = verbatim(name), operation, params, checkedParams = [] } = step;
    const pending = new Set(pendingTexts(step).keys());
    const clients = { now: now(), roots };
    try {
      const warnings = [
        ...checkArguments(operation, params, clients, pending),
        ...(await checkStoredIn(operation, params, readOnce, clients, new Set([...pending, ...checkedParams]))),
      ];
      stepWarnings.push(...warnings.map((warning) => ({ label, warning })));
    } catch (error) {
      const fault = error instanceof z.ZodError ? unfitStep(step, error) : error;
      if (!(fault instanceof ToolError) || fault.details.kind === "cancelled") throw error;
      faults.push({ label, error: fault });
    }
  }
  const [first] = faults;
  if (first === undefined) return stepWarnings;
  throw new ToolError({ ...first.error.details, happened: mergeFaults(faults) });
}

/** Steps are made from what clouds reply, which the documents do not bound. */
function unfitStep({ name, operation }: Step, { issues }: z.ZodError): ToolError {
  const problems = issues.map((issue) => describeIssue(issue, operation)).join("; ");
  return unsent(
    "configuration",
    `${name}: what the cloud shows does not fit the arguments of ${operation.name}: ${problems}. Nothing was sent.`,
    "Leave that target out, or narrow it down to the rest (resource_types, domains), and tell the person.",
  );
}

/** Says once what is wrong with several steps. */
function mergeFaults(faults: readonly { readonly label: SafeText; readonly error: ToolError }[]): string {
  return [...groupedBy(faults, ({ error }) => error.details.happened)]
    .map(([happened, all]) => {
      const steps = all.map(({ label }) => label);
      return steps.length === 1 ? happened : `${happened} (The same for all of these: ${listSteps(steps)}.)`;
    })
    .join(" ");
}

function notOffered({ name, operation }: Step): ToolError {
  const happened = `${name} needs ${operation.name} of ${operation.service.title}, which this server does not offer.`;
  return unsent(
    "configuration",
    happened,
    "Leave that target out, or ask the operator to change what the server offers.",
  );
}
