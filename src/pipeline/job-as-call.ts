import { z } from "zod";
import { type GatedCall, type PlannedCall, withoutWatchTimes } from "../approval/call-binding.js";
import type { CurrentState } from "../catalogue/current-state-types.js";
import type { ChangeEffect, Warning } from "../catalogue/operation.js";
import { sensitiveValues } from "../catalogue/sensitive.js";
import type { Signers } from "../catalogue/services.js";
import { worstFirst } from "../catalogue/warnings.js";
import type { CloudClient } from "../cloud/cloud-client.js";
import { below, type JsonObject } from "../lib/json.js";
import { groupedBy } from "../lib/lists.js";
import { andMore, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import type { JobPlan, JobTool, Step } from "./tool.js";

/* A job as the gate sees it: one call. */

/** A job by its name and its own arguments. */
export type NamedJob = Pick<JobTool, "name" | "title" | "service" | "effect" | "params">;

/** The part of a job's plan that a person is asked to approve, and the steps that may then be sent. */
export type JobToApprove = Pick<JobPlan, "question" | "warnings" | "notes" | "rollout" | "readFacts" | "waves"> & {
  readonly steps: readonly Step[];
};

/** A preflight warning about a step. */
export interface StepWarning {
  readonly label: SafeText;
  readonly warning: Warning;
}

/** Merges equal warnings about several steps; the most severe of them counts. */
function mergeWarnings(found: readonly StepWarning[]): readonly Warning[] {
  const all = groupedBy(found, ({ warning }) => String(warning.says));
  return worstFirst(found.map(({ warning }) => warning)).map(({ severity, says }) => {
    const steps = new Map((all.get(String(says)) ?? []).map(({ label }) => [String(label), label]));
    return { severity, says: safe`${listSteps([...steps.values()])}: ${says}` };
  });
}

/** How many steps a sentence names at most. */
const MAX_NAMED = 3;

/** The first steps, and how many more there are. */
export const listSteps = (steps: readonly SafeText[]) => andMore(steps, MAX_NAMED, (step) => step);

/** Pending values in a step's parameters: dotted path, and what a person is shown there. */
export function pendingTexts({ params, pendingValues = [] }: Step, above = ""): ReadonlyMap<string, SafeText> {
  const words = new Map(pendingValues.map(({ placeholder, says }) => [placeholder, says]));
  const within = (value: unknown, path: string): (readonly [string, SafeText])[] => {
    const says = typeof value === "string" ? words.get(value) : undefined;
    if (says !== undefined) return [[path, says]];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) => within(member, below(path, name)));
  };
  return new Map(words.size === 0 ? [] : within(params, above));
}

/** Who makes a change: the ids of the credentials that sign it, or this computer's user. */
export function describeSigners(signers: Signers): string {
  return [...new Set(Object.values(signers))].join(", ") || "local user";
}

/** The most severe last; a job is as severe as its most severe step. */
const bySeverity: readonly ChangeEffect[] = ["create", "change", "key-export", "traffic", "destroy", "purchase"];

/**
 * The job as a call for the gate: its arguments are those of all steps, by step name, and the job's settings. All of
 * the job's own arguments are bound too, but for how long it watches where no wave has to be proven within that time.
 */
export function jobAsCall(
  { name, title, service, effect, params: ownSchema }: NamedJob,
  { question, steps, warnings, notes, rollout, readFacts, waves }: JobToApprove,
  found: readonly StepWarning[],
  { sources, params: given }: Pick<GatedCall, "sources" | "params">,
  { cloud }: { readonly cloud: Pick<CloudClient, "signersFor"> },
): Omit<PlannedCall, "redactor"> {
  const unique = (texts: readonly string[]) => [...new Set(texts)].join(", ");
  const effects = new Set([effect, ...steps.map(({ operation }) => operation.effect)]);
  const signers = cloud.signersFor(steps.map(({ operation }) => operation.service));
  const bound = waves === undefined ? withoutWatchTimes(ownSchema, given) : given;
  const params = {
    ...Object.fromEntries(steps.map((step) => [step.name, step.params])),
    ...settingsIn(ownSchema, bound),
  };
  const schema = z.object(Object.fromEntries(steps.map((step) => [step.name, step.operation.params])));
  return {
    operation: {
      name,
      title,
      service: { id: service.id, title: unique(steps.map(({ operation }) => operation.service.title)) },
      params: schema,
      effect: bySeverity.findLast((each) => effects.has(each)) ?? effect,
      approvalQuestion: () => question,
      ...confirmationOf(steps),
      plannedChanges: () =>
        steps.flatMap(({ operation, changes, params: own }) => changes ?? operation.plannedChanges(own)),
      warnings: (_params: unknown, state?: CurrentState) => [
        ...warnings,
        ...mergeWarnings([
          ...found,
          ...steps.flatMap(({ name: step, label = verbatim(step), operation, params: own }) =>
            (operation.warnings?.(own, state) ?? []).map((warning) => ({ label, warning })),
          ),
        ]),
      ],
    },
    parts: steps.map(({ operation }) => operation),
    jobArguments: { schema: ownSchema, params: bound },
    rollout,
    params,
    account: describeSigners(signers),
    signers,
    ...(readFacts && { readFacts }),
    ...(notes && { notes }),
    sources: sourcesOf(schema, params, given, sources),
    stepLabels: new Map(steps.map(({ name: step, label = verbatim(step) }) => [step, label])),
    pendingValues: new Map(steps.flatMap((step) => [...pendingTexts(step, step.name)])),
  };
}

/** What a person types before steps that cannot be undone: what the only one asks for, or the number of them. */
function confirmationOf(steps: readonly Step[]): { confirmationText?(): SafeText } {
  const texts = steps.flatMap(({ operation, params }) => operation.confirmationText?.(params) ?? []);
  const [only] = texts;
  if (only === undefined) return {};
  return { confirmationText: () => (texts.length === 1 ? only : safe`${texts.length}`) };
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
