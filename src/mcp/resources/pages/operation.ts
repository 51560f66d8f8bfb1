import { explainError } from "../../../catalogue/errors/index.js";
import type { Effect, Operation, RetryClass } from "../../../catalogue/operation.js";
import type { Service } from "../../../catalogue/services.js";
import type { JsonObject } from "../../../lib/json.js";
import { parameterLines, resultLines } from "./members.js";

/** What an operation does to the account, and who approves it. */
const describeEffect: Readonly<Record<Effect, string>> = {
  read: "Reads and changes nothing; nobody has to approve it.",
  "key-export":
    "Changes nothing in the account, but takes a private key out of it into this server. A person approves it first.",
  create: "Adds something; live traffic stays as it is. A person approves it first.",
  change: "Changes a record or the state of an order; live traffic stays as it is. A person approves it first.",
  traffic: "Changes what live domains serve. A person approves it first, and is shown what is now and what will be.",
  destroy: "Cannot be undone. A person approves it first, by typing a name back.",
  purchase:
    "Spends money or quota. The operator has to allow purchases; then a person approves it, by typing a name back.",
};

/** What to do after a request without a clear answer. */
const describeRetry: Readonly<Record<RetryClass, string>> = {
  read: "May be repeated at any time.",
  idempotent: "May be repeated with the same arguments: the outcome is the same.",
  "not-found-is-success": "May be repeated: an answer that the object is gone means that it is done.",
  "verify-first": "Read the object's state before calling again: a repeat can do it twice, or fail because it is done.",
  never: "Never repeated once it was sent: each call makes something new.",
};

/** All that is known about an operation, in Markdown. */
export function operationPage(operation: Operation): string {
  const { name, example } = operation;
  return [
    `# ${operation.title}: ${name}`,
    operation.summary,
    facts(operation, example),
    section("Parameters", parameterLines(operation.params), "It takes none."),
    section("Reply", resultLines(operation.result, operation.replyFacts?.meanings ?? {}), "Empty."),
    "Any member of a reply may be null or missing.",
    ...(example === undefined ? [] : [exampleOf(operation, example)]),
    errorsOf(operation),
  ].join("\n\n");
}

function facts(operation: Operation, example: JsonObject | undefined): string {
  const { service, sites, effect } = operation;
  return [
    `- Service: ${service.title} (${service.id}), API version ${service.version}`,
    ...(sites === undefined ? [] : [`- Sites: ${sites.join(", ")} only`]),
    `- Effect: ${describeEffect[effect]}`,
    `- Repeating: ${repeating(operation, example)}`,
    `- Rate limit: ${rateOf(service)}`,
  ].join("\n");
}

function repeating({ retry, params }: Operation, example: JsonObject | undefined): string {
  if (typeof retry !== "function") return describeRetry[retry];
  const parsed = params.safeParse(example);
  const here = parsed.success ? ` With those of the example: ${describeRetry[retry(parsed.data)]}` : "";
  return `Depends on the arguments.${here}`;
}

function rateOf({ rate: { calls, perSeconds, per } }: Service): string {
  const period = perSeconds === 1 ? "a second" : `in ${perSeconds} seconds`;
  return `${calls} calls ${period}, counted ${per === "operation" ? "for this operation" : "over the whole account"}`;
}

function exampleOf(operation: Operation, example: JsonObject): string {
  const call = ["## Example", "```json", JSON.stringify(example, null, 2), "```"].join("\n");
  if (operation.effect === "read") return call;
  const parsed = operation.params.safeParse(example);
  if (!parsed.success) return call;
  const warnings = operation.warnings?.(parsed.data) ?? [];
  const warned = warnings.length > 0 ? `The person is warned: ${warnings.join(" ")}` : undefined;
  return [
    call,
    `The person is asked: ${operation.approvalQuestion(parsed.data)}`,
    ...(warned === undefined ? [] : [warned]),
  ].join("\n\n");
}

function errorsOf({ service, errors }: Operation): string {
  const lines = errors.map((code) => `- \`${code}\`: ${explainError(service, code)?.means ?? "not explained here."}`);
  const more = `Codes of the whole service apply as well. More on each: cloudcert://errors/${service.id}/CODE.`;
  return [section("Documented errors", lines, "None of its own."), more].join("\n\n");
}

function section(title: string, lines: readonly string[], none: string): string {
  return [`## ${title}`, ...(lines.length > 0 ? lines : [none])].join("\n");
}
