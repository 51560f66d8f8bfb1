import { explainError } from "../../../catalogue/errors/index.js";
import type { Operation } from "../../../catalogue/operation.js";
import type { Service } from "../../../catalogue/services.js";
import type { JsonObject } from "../../../lib/json.js";
import { describeEffect, describeRetry } from "./descriptions.js";
import { parameterLines, resultLines } from "./members.js";

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
