import type { z } from "zod";
import { operations } from "./catalogue/index.js";
import type { Operation } from "./catalogue/operation.js";
import { secretNames, sensitiveValues } from "./catalogue/sensitive.js";
import type { CloudClient } from "./cloud/client.js";
import { Failure } from "./failure.js";
import type { Gate } from "./guard/gate.js";
import type { Seal } from "./secrets/seal.js";
import { withhold } from "./secrets/withhold.js";
import { type Reply, shape } from "./shape.js";

/** What every call stands on; made once, when the server starts. */
export interface CallContext {
  readonly gate: Gate;
  readonly cloud: Pick<CloudClient, "requireCredentials" | "send">;
  readonly seal: Seal;
}

/** Members that are secret in any operation are withheld from the reply of every one. */
const secretMembers: ReadonlySet<string> = new Set(
  operations.flatMap(({ params, result }) => [...secretNames(params), ...secretNames(result)]),
);

/**
 * The one straight path from a tool's arguments to its reply.
 * @throws {Failure} sealed; anything else is a defect of this program
 */
export async function call(
  operation: Operation,
  args: Readonly<Record<string, unknown>>,
  context: CallContext,
  signal: AbortSignal,
): Promise<Reply> {
  const seal = context.seal.with(secretsIn(operation, args));
  try {
    const params = parse(operation, args);
    context.cloud.requireCredentials(operation.service);
    if (operation.effect !== "read") await context.gate.pass(operation, params, seal, signal);
    const answer = await context.cloud.send(operation, params, signal);
    const result = withhold(answer.result, secretMembers);
    return shape(operation, seal.value(result), answer.requestId);
  } catch (error) {
    throw error instanceof Failure ? sealed(error, seal) : error;
  }
}

/** The arguments as the API wants them. A null stands for an argument that was left out: models send it for that. */
function parse(operation: Operation, args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  const parsed = operation.params.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => inWords(issue, operation)).join("; ");
  throw new Failure({
    kind: "input",
    happened: `The arguments of ${operation.name} do not fit: ${problems}.`,
    changed: "no",
    next: "Correct them and call again.",
  });
}

function inWords(issue: z.ZodIssue, operation: Operation): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = path === "" ? ` (known: ${Object.keys(operation.params.shape).join(", ")})` : "";
    return `${issue.keys.join(", ")} is not a member of ${path || operation.name}${known}`;
  }
  return `${path}: ${issue.message}`;
}

/** The secrets among the arguments; their schema marks them, so it is asked before they are known to be valid. */
function secretsIn(operation: Operation, args: Readonly<Record<string, unknown>>): string[] {
  return sensitiveValues(operation.params, args).flatMap(({ sensitivity, value }) =>
    sensitivity === "secret" ? [value] : [],
  );
}

function sealed(failure: Failure, seal: Seal): Failure {
  const { happened, next } = failure.facts;
  return new Failure({ ...failure.facts, happened: seal.text(happened), next: seal.text(next) });
}
