import { z } from "zod";
import type { Gate, GatedCall } from "../approval/gate.js";
import type { CurrentState } from "../catalogue/current-state.js";
import { altersAccount, type ChangeEffect, type Effect, type Operation, type Warning } from "../catalogue/operation.js";
import { isSecret } from "../catalogue/params.js";
import { sensitiveValues } from "../catalogue/sensitive.js";
import { worstFirst } from "../catalogue/warnings.js";
import type { CloudClient } from "../cloud/client.js";
import { joined, ownWords, type SafeText, safe } from "../lib/escape-text.js";
import { mapTexts } from "../lib/json.js";
import { ToolError } from "../lib/tool-error.js";
import type { ExecuteStep, JobPlan, JobTool, JsonObject, Step, ToolContext } from "./tool.js";
import { checkArguments, checkStoredIn } from "./validate-arguments.js";

/** Runs a job: its steps are checked, shown to a person as one plan, and sent one by one. */

type Slots = ReadonlyMap<string, string>;
type Steps = ReadonlySet<Step>;

interface JobRunnerDeps {
  readonly gate: Pick<Gate, "approve">;
  readonly cloud: Pick<CloudClient, "accountOf" | "exclusionOf" | "send">;
  /** The operations that the operator offers. */
  readonly operations: readonly Operation[];
  readonly now: () => Date;
  readonly read: ToolContext["read"];
  /** Reports a defect of this program. */
  report(error: unknown): void;
  /** Masks these everywhere from now on. */
  addSecrets(secrets: readonly string[]): void;
  /** Moves the secrets of a reply into the vault. */
  storeReplySecrets(
    operation: Pick<Operation, "name" | "result">,
    result: JsonObject,
    params: JsonObject,
  ): { readonly result: JsonObject };
}

/**
 * Carries out a job under one approval. Only the steps that were shown are sent, each once.
 * @throws {ToolError} before anything is sent, unless the job's own `run` passes one on
 */
export async function runJob(
  tool: JobTool,
  jobPlan: JobPlan,
  call: Omit<GatedCall, "operation">,
  deps: JobRunnerDeps,
): Promise<JsonObject> {
  const { steps, run } = jobPlan;
  if (steps.length === 0) return run(nothingToSend);
  const found = await checked(steps, deps);
  const approvedCall = await deps.gate.approve({ ...call, ...asOneCall(tool, jobPlan, found, call, deps) });
  const left = new Set(steps);
  const done = new Set<Step>();
  const unclear = new Set<Step>();
  const carryOut: ExecuteStep = async (step, placeholders = new Map()) => {
    if (!left.has(step)) throw new Error(`${step.name} is not a step that was approved, or has been sent`);
    if (step.pollUntilDone !== true) left.delete(step);
    const { operation } = step;
    const params = mapTexts(step.params, (text) => placeholders.get(text) ?? text);
    checkFilled(step, params, placeholders, deps);
    const send = () => deps.cloud.send(operation, params, call.caller.sending);
    try {
      const answer = await approvedCall.carryOut(send, `${step.name}, ${operation.name}`);
      done.add(step);
      return deps.storeReplySecrets(operation, answer.result, params).result;
    } catch (error) {
      if (!(error instanceof ToolError) || error.details.changed !== "no") unclear.add(step);
      throw error;
    }
  };
  try {
    return await run(carryOut);
  } catch (error) {
    if (error instanceof ToolError) throw cutShort(tool, error, done, unclear);
    // What was sent before a defect must still be reported.
    if (done.size + unclear.size === 0) throw error;
    deps.report(error);
    throw cutShort(tool, defectBetween, done, unclear);
  } finally {
    approvedCall.end();
  }
}

const defectBetween = new ToolError({
  kind: "configuration",
  happened: "This server hit a defect of its own; the operator finds it in the server's log.",
  changed: "no",
  next: "Tell the person.",
});

/**
 * Checks a step once its pending values are known.
 * @throws {ToolError} if the cloud would certainly refuse it
 */
function checkFilled(
  { name, operation, pending = [] }: Step,
  params: JsonObject,
  placeholders: Slots,
  { now, addSecrets }: JobRunnerDeps,
): void {
  if (pending.some(({ placeholder }) => !placeholders.has(placeholder)))
    throw new Error(`${name} lacks what an earlier step gives`);
  if (pending.length === 0) return;
  addSecrets(
    sensitiveValues(operation.params, params)
      .filter(({ content }) => isSecret(content))
      .map(({ value }) => value),
  );
  checkArguments(operation, params, now());
}

/** Adds the earlier steps to the error that ended a job. Steps that change nothing do not count. */
function cutShort({ name }: JobTool, last: ToolError, sent: Steps, lost: Steps): ToolError {
  const altering = (steps: Steps) => new Set([...steps].filter(({ operation }) => altersAccount(operation)));
  const [done, unclear] = [altering(sent), altering(lost)] as const;
  if (done.size + unclear.size === 0) return last;
  const named = (what: string, steps: Steps) =>
    steps.size === 0 ? "" : ` ${what}: ${[...steps].map((step) => step.name).join(", ")}.`;
  return new ToolError({
    ...last.details,
    happened: `${name} was cut short.${named("Accepted by the cloud", done)}${named("Outcome unknown", unclear)} ${last.details.happened}`,
    changed: done.size > 0 ? "partly" : "unknown",
    sent: true,
    next: "See list_jobs for the result of each target. The same call again does only what is left.",
  });
}

async function nothingToSend(step: Step): Promise<never> {
  throw new Error(`${step.name} was not among the steps`);
}

/**
 * Checks the steps' arguments.
 * @throws {ToolError} if a step would certainly be refused, or its operation is not offered
 */
async function checked(
  steps: readonly Step[],
  { cloud, operations, now, read }: JobRunnerDeps,
): Promise<readonly Found[]> {
  for (const { operation } of steps) {
    const excluded = cloud.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
  }
  const foreign = steps.find(({ operation }) => !operations.includes(operation));
  if (foreign !== undefined) throw notOffered(foreign);
  const faults: ToolError[] = [];
  const found: Found[] = [];
  const readOnce = once(read);
  for (const step of steps) {
    const { name, called = ownWords(name), operation, params } = step;
    const pending = new Set(pendingIn(step).keys());
    try {
      const warnings = [
        ...checkArguments(operation, params, now(), pending),
        ...(await checkStoredIn(operation, params, readOnce, now(), pending)),
      ];
      found.push(...warnings.map((warning) => ({ called, warning })));
    } catch (error) {
      if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
      faults.push(error);
    }
  }
  const [first] = faults;
  if (first === undefined) return found;
  throw new ToolError({ ...first.details, happened: faults.map(({ details }) => details.happened).join(" ") });
}

interface Found {
  /** The step. */
  readonly called: SafeText;
  readonly warning: Warning;
}

/** Merges equal findings of several steps; the gravest of them counts. */
function together(found: readonly Found[]): readonly Warning[] {
  const steps = new Map<string, SafeText[]>();
  for (const { called, warning } of found) {
    const says = String(warning.says);
    const known = steps.get(says) ?? [];
    if (!known.some((each) => String(each) === String(called))) steps.set(says, [...known, called]);
  }
  return worstFirst(found.map(({ warning }) => warning)).map(({ severity, says }) => ({
    severity,
    says: safe`${listed(steps.get(String(says)) ?? [])}: ${says}`,
  }));
}

/** How many steps a warning names. */
const NAMED = 3;

function listed(steps: readonly SafeText[]): SafeText {
  const named = joined(steps.slice(0, NAMED));
  return steps.length > NAMED ? safe`${named} and ${steps.length - NAMED} more` : named;
}

/** Sends equal reads once: steps of a job often name the same certificate. */
function once(read: ToolContext["read"]): ToolContext["read"] {
  const asked = new Map<string, ReturnType<typeof read>>();
  return (operation, params) => {
    const question = `${operation.name} ${JSON.stringify(params)}`;
    const answer = asked.get(question) ?? read(operation, params);
    asked.set(question, answer);
    return answer;
  };
}

/** Pending values in a step's parameters: dotted path, and what a person is shown there. */
function pendingIn({ params, pending = [] }: Step, above = ""): ReadonlyMap<string, SafeText> {
  const words = new Map(pending.map(({ placeholder, says }) => [placeholder, says]));
  const within = (value: unknown, path: string): (readonly [string, SafeText])[] => {
    const says = typeof value === "string" ? words.get(value) : undefined;
    if (says !== undefined) return [[path, says]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) => within(member, path === "" ? name : `${path}.${name}`));
  };
  return new Map(words.size === 0 ? [] : within(params, above));
}

/** From least to most severe; a job is as severe as its most severe step. */
const gravity: readonly Effect[] = ["read", "create", "change", "key-export", "traffic", "destroy", "purchase"];

/**
 * The job as a call for the gate: its arguments are those of all steps, by step name, and the job's settings. All of
 * the job's own arguments are bound too.
 */
function asOneCall(
  { name, title, service, effect, params: ownSchema }: JobTool,
  { question, steps, warnings, rollout }: JobPlan,
  found: readonly Found[],
  { sources, params: given }: Pick<GatedCall, "sources" | "params">,
  { cloud }: JobRunnerDeps,
) {
  const unique = (texts: readonly string[]) => [...new Set(texts)].join(", ");
  const params = {
    ...Object.fromEntries(steps.map((step) => [step.name, step.params])),
    ...settingsIn(ownSchema, given),
  };
  const schema = z.object(Object.fromEntries(steps.map((step) => [step.name, step.operation.params])));
  return {
    operation: {
      name,
      title,
      service: { id: service.id, title: unique(steps.map(({ operation }) => operation.service.title)) },
      params: schema,
      effect: steps.reduce<ChangeEffect>(
        (gravest, { operation }) =>
          gravity.indexOf(operation.effect) > gravity.indexOf(gravest) ? operation.effect : gravest,
        effect,
      ),
      approvalQuestion: () => question,
      plannedChanges: () =>
        steps.flatMap(({ operation, changes, params: own }) => changes ?? operation.plannedChanges(own)),
      warnings: (_params: unknown, state?: CurrentState) => [
        ...warnings,
        ...together([
          ...found,
          ...steps.flatMap(({ name: step, called = ownWords(step), operation, params: own }) =>
            (operation.warnings?.(own, state) ?? []).map((warning) => ({ called, warning })),
          ),
        ]),
      ],
    },
    parts: steps.map(({ operation }) => operation),
    own: { schema: ownSchema, params: given },
    rollout,
    params,
    account: unique(steps.map(({ operation }) => cloud.accountOf(operation.service))),
    sources: sourcesOf(schema, params, given, sources),
    members: new Map(steps.map(({ name: step, called = ownWords(step) }) => [step, called])),
    pending: new Map(steps.flatMap((step) => [...pendingIn(step, step.name)])),
  };
}

/** The job's own arguments that are single values, such as on_failure: no step shows them. */
function settingsIn(schema: z.AnyZodObject, given: JsonObject): JsonObject {
  const sensitive = new Set(sensitiveValues(schema, given).map(({ path }) => path));
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => typeof value !== "object" && !sensitive.has(name)),
  );
}

/** Sources of the steps' secrets and documents, which come from the job's own arguments. */
function sourcesOf(schema: z.ZodTypeAny, params: JsonObject, given: JsonObject, sources: GatedCall["sources"]) {
  const known = new Map([...(sources ?? [])].map(([path, source]) => [given[path], source]));
  return new Map(
    sensitiveValues(schema, params).flatMap(({ path, value }) => {
      const source = known.get(value);
      return source === undefined ? [] : [[path, source] as const];
    }),
  );
}

function notOffered({ name, operation }: Step): ToolError {
  return new ToolError({
    kind: "configuration",
    happened: `${name} needs ${operation.name} of ${operation.service.title}, which this server does not offer.`,
    changed: "no",
    sent: false,
    next: "Leave that target out, or a person changes what the server offers.",
  });
}
