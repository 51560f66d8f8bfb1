import { z } from "zod";
import { checkArguments } from "./arguments.js";
import type { CurrentState } from "./catalogue/current-state.js";
import { altersAccount, type Effect, type Operation } from "./catalogue/operation.js";
import { sensitiveValues } from "./catalogue/sensitive.js";
import type { CloudClient } from "./cloud/client.js";
import { Failure } from "./failure.js";
import type { Gate, GatedCall } from "./guard/gate.js";
import type { CarryOut, JobTool, Members, Step, Undertaking } from "./own-tool.js";
import { ownWords, type SafeText, safe } from "./visible.js";

/** A job on the straight path: its steps are checked, put to a person as one plan, and sent one by one. */

type Slots = ReadonlyMap<string, string>;
type Steps = ReadonlySet<Step>;

interface Ground {
  readonly gate: Pick<Gate, "approve">;
  readonly cloud: Pick<CloudClient, "accountOf" | "exclusionOf" | "send">;
  /** What the operator offers. */
  readonly operations: readonly Operation[];
  readonly now: () => Date;
  /** Has these masked from now on, wherever they turn up. */
  learn(secrets: readonly string[]): void;
  /** Puts the secrets of a reply into the vault. */
  keep(operation: Pick<Operation, "name" | "result">, result: Members, params: Members): { readonly result: Members };
}

/**
 * Carries out a job under one approval. Nothing is sent but the steps that were shown, each once.
 * @throws {Failure} before anything is sent, unless the job's own `run` lets one through
 */
export async function undertake(
  tool: JobTool,
  undertaking: Undertaking,
  call: Omit<GatedCall, "operation">,
  ground: Ground,
): Promise<Members> {
  const { steps, run } = undertaking;
  if (steps.length === 0) return run(nothingToSend);
  const warnings = [...checked(steps, ground), ...(call.warnings ?? [])];
  const permit = await ground.gate.approve({ ...call, ...asOneCall(tool, undertaking, call, ground), warnings });
  const left = new Set(steps);
  const done = new Set<Step>();
  const unclear = new Set<Step>();
  const carryOut: CarryOut = async (step, slots = new Map()) => {
    if (!left.has(step)) throw new Error(`${step.name} is not a step that was approved, or has been sent`);
    if (step.repeats !== true) left.delete(step);
    const { operation } = step;
    const params = filled(step.params, slots);
    checkFilled(step, params, slots, ground);
    const send = () => ground.cloud.send(operation, params, call.caller.sending);
    try {
      const answer = await permit.carryOut(send, `${step.name}, ${operation.name}`);
      done.add(step);
      return ground.keep(operation, answer.result, params).result;
    } catch (error) {
      if (!(error instanceof Failure) || error.facts.changed !== "no") unclear.add(step);
      throw error;
    }
  };
  try {
    return await run(carryOut);
  } catch (error) {
    throw error instanceof Failure ? cutShort(tool, error, done, unclear) : error;
  } finally {
    permit.end();
  }
}

/**
 * What was pending when the step was checked is there now.
 * @throws {Failure} where the cloud would refuse it for certain
 */
function checkFilled(
  { name, operation, pending = [] }: Step,
  params: Members,
  slots: Slots,
  { now, learn }: Ground,
): void {
  if (pending.some(({ placeholder }) => !slots.has(placeholder)))
    throw new Error(`${name} lacks what an earlier step gives`);
  if (pending.length === 0) return;
  learn([...slots.values()]);
  checkArguments(operation, params, now());
}

/** What ended a job knows nothing of the steps before it; those that alter nothing do not count. */
function cutShort({ name }: JobTool, last: Failure, sent: Steps, lost: Steps): Failure {
  const altering = (steps: Steps) => new Set([...steps].filter(({ operation }) => altersAccount(operation)));
  const [done, unclear] = [altering(sent), altering(lost)] as const;
  if (done.size + unclear.size === 0) return last;
  const named = (what: string, steps: Steps) =>
    steps.size === 0 ? "" : ` ${what}: ${[...steps].map((step) => step.name).join(", ")}.`;
  return new Failure({
    ...last.facts,
    happened: `${name} was cut short.${named("Accepted by the cloud", done)}${named("Outcome unknown", unclear)} ${last.facts.happened}`,
    changed: done.size > 0 ? "partly" : "unknown",
    sent: true,
    next: "Look at list_jobs for what became of each target. The same call again does only what is left.",
  });
}

async function nothingToSend(step: Step): Promise<never> {
  throw new Error(`${step.name} was not among the steps`);
}

/**
 * The warnings of all steps.
 * @throws {Failure} where one would be refused for certain, or belongs to what is not offered
 */
function checked(steps: readonly Step[], { cloud, operations, now }: Ground): string[] {
  for (const { operation } of steps) {
    const excluded = cloud.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
  }
  const foreign = steps.find(({ operation }) => !operations.includes(operation));
  if (foreign !== undefined) throw notOffered(foreign);
  const faults: Failure[] = [];
  const warnings = steps.flatMap((step) => {
    const { name, operation, params } = step;
    try {
      return checkArguments(operation, params, now(), new Set(pendingIn(step).keys())).map(
        (warning) => `${name}: ${warning}`,
      );
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(error);
      return [];
    }
  });
  const [first] = faults;
  if (first === undefined) return warnings;
  throw new Failure({ ...first.facts, happened: faults.map(({ facts }) => facts.happened).join(" ") });
}

/** Where in a step's parameters something is pending: dotted path, and what a person is shown there. */
function pendingIn({ operation, params, pending = [] }: Step, above = ""): ReadonlyMap<string, SafeText> {
  const words = new Map(pending.map(({ placeholder, says }) => [placeholder, says]));
  return new Map(
    sensitiveValues(operation.params, params, above).flatMap(({ path, value }) => {
      const says = words.get(value);
      return says === undefined ? [] : [[path, says] as const];
    }),
  );
}

/** How grave a change is; a job is as grave as its gravest step. */
const gravity: readonly Effect[] = ["read", "create", "change", "key-export", "traffic", "destroy", "purchase"];

/**
 * The job as the gate knows a call: its arguments are those of all steps, under the steps' names, and the settings that
 * say how the job goes about them. All of the job's own arguments are bound besides.
 */
function asOneCall(
  { name, title, service, effect, params: ownSchema }: JobTool,
  { question, steps, warnings, rollout }: Undertaking,
  { sources, params: given }: Pick<GatedCall, "sources" | "params">,
  { cloud }: Ground,
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
      effect: steps.reduce<Exclude<Effect, "read">>(
        (gravest, { operation }) =>
          gravity.indexOf(operation.effect) > gravity.indexOf(gravest) ? operation.effect : gravest,
        effect,
      ),
      ask: () => question,
      changes: () => steps.flatMap(({ operation, changes, params: own }) => changes ?? operation.changes(own)),
      warn: (_params: unknown, found?: CurrentState) => [
        ...warnings,
        ...steps.flatMap(({ name: step, operation, params: own }) =>
          (operation.warn?.(own, found) ?? []).map(({ severity, says }) => ({
            severity,
            says: safe`${ownWords(step)}: ${says}`,
          })),
        ),
      ],
    },
    parts: steps.map(({ operation }) => operation),
    own: { schema: ownSchema, params: given },
    rollout,
    params,
    account: unique(steps.map(({ operation }) => cloud.accountOf(operation.service))),
    sources: sourcesOf(schema, params, given, sources),
    pending: new Map(steps.flatMap((step) => [...pendingIn(step, step.name)])),
  };
}

/** Those of a job's own arguments that are single values, such as on_failure: no step shows them. */
function settingsIn(schema: z.AnyZodObject, given: Members): Members {
  const sensitive = new Set(sensitiveValues(schema, given).map(({ path }) => path));
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => typeof value !== "object" && !sensitive.has(name)),
  );
}

/** Where the steps' secrets and documents came from: they are the texts that the job's own arguments led to. */
function sourcesOf(schema: z.ZodTypeAny, params: Members, given: Members, sources: GatedCall["sources"]) {
  const known = new Map([...(sources ?? [])].map(([path, source]) => [given[path], source]));
  return new Map(
    sensitiveValues(schema, params).flatMap(({ path, value }) => {
      const source = known.get(value);
      return source === undefined ? [] : [[path, source] as const];
    }),
  );
}

/** A copy in which each text that is a slot has its value. */
function filled(params: Members, slots: Slots): Members {
  const within = (value: unknown): unknown => {
    if (typeof value === "string") return slots.get(value) ?? value;
    if (Array.isArray(value)) return value.map(within);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, within(member)]));
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, within(value)]));
}

function notOffered({ name, operation }: Step): Failure {
  return new Failure({
    kind: "configuration",
    happened: `${name} needs ${operation.name} of ${operation.service.title}, which this server does not offer.`,
    changed: "no",
    sent: false,
    next: "Leave that target out, or a person changes what the server offers.",
  });
}
