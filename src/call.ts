import type { z } from "zod";
import { operations } from "./catalogue/index.js";
import type { Operation, ReadOperation } from "./catalogue/operation.js";
import { isSecret } from "./catalogue/params.js";
import { secretNames, sensitiveValues } from "./catalogue/sensitive.js";
import type { CloudClient } from "./cloud/client.js";
import { Failure } from "./failure.js";
import type { Caller } from "./guard/channel.js";
import type { Gate } from "./guard/gate.js";
import type { Seal } from "./secrets/seal.js";
import { withhold } from "./secrets/withhold.js";
import { type Reply, shape } from "./shape.js";

/** What every call stands on; made once, when the server starts. */
export interface CallContext {
  readonly gate: Pick<Gate, "carryOut">;
  readonly cloud: Pick<CloudClient, "accountOf" | "send">;
  readonly seal: Seal;
}

/** One call of a tool. */
export interface ToolCall {
  readonly operation: Operation;
  readonly args: Readonly<Record<string, unknown>>;
  /** The approval that came with the call, where the operator chose that. */
  readonly approval?: string | undefined;
  readonly caller: Caller;
}

/** Members that are secret in any operation are withheld from the reply of every one. */
const secretMembers: ReadonlySet<string> = new Set(
  operations.flatMap(({ params, result }) => [...secretNames(params), ...secretNames(result)]),
);

/**
 * The one straight path from a tool's arguments to its reply.
 * @throws {Failure} sealed; anything else is a defect of this program
 */
export async function call({ operation, args, approval, caller }: ToolCall, context: CallContext): Promise<Reply> {
  const { cloud, gate } = context;
  const seal = context.seal.with(secretsIn(operation, args));
  try {
    const params = parse(operation, args);
    const account = cloud.accountOf(operation.service);
    const send = () => cloud.send(operation, params, caller.signal);
    const answer =
      operation.effect === "read"
        ? await send()
        : await gate.carryOut({ operation, params, account, seal, approval, caller }, send);
    return shape(operation, seal.value(withhold(answer.result, secretMembers)), answer.requestId);
  } catch (error) {
    throw error instanceof Failure ? sealed(error, seal) : error;
  }
}

/** Reads what a plan shows as "now": the same way as a call that reads, without a caller's arguments. */
export async function readFor(
  cloud: Pick<CloudClient, "send">,
  operation: ReadOperation,
  params: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { result } = await cloud.send(operation, params, signal);
  return withhold(result, secretMembers);
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
  return sensitiveValues(operation.params, args).flatMap(({ content, value }) => (isSecret(content) ? [value] : []));
}

function sealed(failure: Failure, seal: Seal): Failure {
  const { happened, next } = failure.facts;
  return new Failure({ ...failure.facts, happened: seal.text(happened), next: seal.text(next) });
}
