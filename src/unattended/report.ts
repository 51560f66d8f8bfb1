import { z } from "zod";
import type { Plan } from "../approval/plan.js";
import { detailLines, type Layout, planLines, tableOf } from "../approval/terminal/layout.js";
import type { JsonObject } from "../lib/json.js";
import type { Reader } from "../lib/language.js";
import { escapeInvisible, type SafeText, safe } from "../lib/safe-text.js";
import { withoutEmpty } from "../reply/empty.js";
import type { CallOutcome } from "./call.js";
import { exitCodes, type Outcome } from "./outcome.js";

/* What programs and people are told of calls. */

/** One line for a program. */
export function asJson({ tool, outcome, plan, waits: _, job: __, ...told }: CallOutcome): JsonObject {
  return { tool, outcome, exit_code: exitCodes[outcome], ...told, ...(plan && { plan: planInJson(plan) }) };
}

function planInJson(plan: Plan): JsonObject {
  const { id, question, effect, warnings, rows, details, digest, where, account, environment } = plan;
  // Every argument that would be sent, by step.
  const steps = Object.fromEntries(details);
  return { id, question, effect, warnings, rows, steps, where, account, environment, digest };
}

const plain: Layout = { width: 100, paint: (_, text) => text };

/** The plan, as in a terminal where it is asked. */
export function planInLines(plan: Plan): string[] {
  return [...planLines(plan, plain), "", ...detailLines(plan, plain), ""];
}

const row = z.object({
  target: z.string(),
  state: z.string(),
  says: z.string().optional(),
  code: z.string().optional(),
});
const jobReply = z.object({
  summary: z.string().optional(),
  stopped: z.string().optional(),
  targets: z.array(row.passthrough()),
  next: z.string().optional(),
});
const sentences = z.array(z.string());

/**
 * A job's targets as a table, and what it says beside them, such as what it left as it is, and why; undefined for any
 * other reply.
 */
function jobInLines(result: JsonObject): string[] | undefined {
  const job = jobReply.safeParse(result);
  if (!job.success) return undefined;
  const { summary, stopped, targets, next } = job.data;
  const said = Object.values(result).flatMap((member) => sentences.safeParse(member).data ?? []);
  const cells = targets.map(({ target, state, says, code }) => [
    target,
    state,
    [code, says].filter((text) => text !== undefined).join(": "),
  ]);
  return [
    ...(targets.length === 0 ? [summary] : tableOf(cells.map((each) => each.map(escapeInvisible)))),
    ...said.map(escapeInvisible),
    stopped && escapeInvisible(stopped),
    next,
  ].filter((line) => line !== undefined);
}

/** How a call ended, in a sentence. */
const outcomeTexts: Readonly<Record<Outcome, SafeText>> = {
  done: safe`Done.`,
  failed: safe`Failed.`,
  "not usable": safe`Not carried out: the arguments or the settings do not allow it.`,
  "needs a person": safe`Not carried out: nobody has approved it.`,
  accepted: safe`Accepted by the cloud, and not seen at the edge in the time allowed.`,
  interrupted: safe`Ended by a signal.`,
};

const asText = (result: JsonObject) => JSON.stringify(withoutEmpty(result), null, 2);

/** Everything about a call, for a person. `hasJson`: whether the reply is written elsewhere as JSON. */
export function callInLines(
  call: CallOutcome,
  reader: Reader,
  { isDryRun, hasJson }: { readonly isDryRun: boolean; readonly hasJson: boolean },
): string[] {
  const { outcome, result, notes = [], error, plan } = call;
  const said = isDryRun && plan ? safe`A dry run: nobody was asked, and nothing was sent.` : outcomeTexts[outcome];
  return [
    ...(plan ? planInLines(plan) : []),
    ...((result && jobInLines(result)) ?? (result && !hasJson ? [asText(result)] : [])),
    ...notes.map(escapeInvisible),
    // In one language, which is that of the errors. Beside a plan, the last line says what happened.
    ...(error && plan === undefined ? [error.happened] : []),
    ...(error ? [`Next: ${error.next}`] : []),
    said.for(reader),
  ];
}
