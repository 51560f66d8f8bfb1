import { checkArguments, parseArguments } from "./arguments.js";
import { operations } from "./catalogue/index.js";
import type { Operation, ReadOperation } from "./catalogue/operation.js";
import { secretNames } from "./catalogue/sensitive.js";
import type { CloudClient } from "./cloud/client.js";
import type { Edge } from "./edge/edge.js";
import { Failure } from "./failure.js";
import type { Caller } from "./guard/channel.js";
import type { Gate } from "./guard/gate.js";
import type { Journal } from "./jobs/journal.js";
import type { OwnTool, OwnToolContext } from "./own-tool.js";
import type { References } from "./secrets/references/resolve.js";
import type { Seal } from "./secrets/seal.js";
import { keepSecrets } from "./secrets/vault/keep.js";
import type { Vault } from "./secrets/vault/vault.js";
import { withhold } from "./secrets/withhold.js";
import { type Reply, type ShapeOptions, shape, withinLimit } from "./shape/index.js";

/** What every call stands on; made once, when the server starts. */
export interface CallContext {
  readonly gate: Pick<Gate, "carryOut">;
  readonly cloud: Pick<CloudClient, "accountOf" | "send">;
  readonly seal: Seal;
  readonly references: Pick<References, "resolve" | "directories">;
  readonly vault: Vault;
  readonly edge: Edge;
  readonly journal: Journal;
  readonly maskPersonal: boolean;
  readonly now: () => Date;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A documented operation, or a tool of our own. */
export type AnyTool = Operation | OwnTool;

/** One call of a tool. */
export interface ToolCall {
  readonly tool: AnyTool;
  readonly args: Readonly<Record<string, unknown>>;
  /** The approval that came with the call, where the operator chose that. */
  readonly approval?: string | undefined;
  /** How much of a long reply is wanted. */
  readonly detail?: ShapeOptions["detail"] | undefined;
  readonly caller: Caller;
}

/** Members that are secret in any operation are kept out of the reply of every one. */
const secretMembers: ReadonlySet<string> = new Set(
  operations.flatMap(({ params, result }) => [...secretNames(params), ...secretNames(result)]),
);

/**
 * The one straight path from a tool's arguments to its reply.
 * @throws {Failure} sealed; anything else is a defect of this program
 */
export async function call(toolCall: ToolCall, context: CallContext): Promise<Reply> {
  const { tool, args, approval, caller } = toolCall;
  let { seal } = context;
  try {
    const given = parseArguments(tool, args);
    const account = accountFor(tool, context);
    const { params, secrets, sources, notes } = await context.references.resolve(tool, given);
    seal = seal.with(secrets);
    const warnings = [...(isOwn(tool) ? [] : checkArguments(tool, params, context.now())), ...notes];
    const send = () => perform(tool, params, context, caller);
    const answer =
      tool.effect === "read"
        ? await send()
        : await context.gate.carryOut(
            { operation: tool, params, account, seal, sources, warnings, approval, caller },
            send,
          );
    const kept = keepSecrets(tool, answer.result, context.vault, { names: secretMembers, owner: ownerIn(params) });
    seal = seal.with(kept.secrets);
    const members = seal.members(kept.result);
    const said = [...kept.notes, ...notes];
    if (isOwn(tool)) return withinLimit({ result: members, notes: said });
    const { detail = "summary" } = toolCall;
    const { maskPersonal, now } = context;
    return shape(tool, members, answer.requestId, { detail, maskPersonal, now: now(), params, notes: said });
  } catch (error) {
    throw error instanceof Failure ? sealed(error, seal) : error;
  }
}

/** A documented read that the program makes for itself: for the "now" of a plan, for a tool of our own. */
export async function readFor(
  cloud: Pick<CloudClient, "send">,
  operation: ReadOperation,
  params: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { result } = await cloud.send(operation, params, signal);
  return withhold(result, secretMembers);
}

function isOwn(tool: AnyTool): tool is OwnTool {
  return "run" in tool;
}

/** On whose behalf it is done: the credential's id, or this machine's user. Fails where a call could not be signed. */
function accountFor(tool: AnyTool, { cloud }: CallContext): string {
  return isOwn(tool) ? "local user" : cloud.accountOf(tool.service);
}

async function perform(
  tool: AnyTool,
  params: Readonly<Record<string, unknown>>,
  context: CallContext,
  { signal, progress }: Caller,
): Promise<{ readonly result: Readonly<Record<string, unknown>>; readonly requestId?: string }> {
  if (!isOwn(tool)) return context.cloud.send(tool, params, signal);
  const own: OwnToolContext = {
    vault: context.vault,
    directories: context.references.directories,
    read: (operation, readParams) => readFor(context.cloud, operation, readParams, signal),
    now: context.now,
    edge: context.edge,
    journal: context.journal,
    signal,
    progress,
    pause: (ms) => context.pause(ms, signal),
  };
  return { result: await tool.run(params, own) };
}

/** The certificate or CSR that was asked for, to which a secret in the reply belongs. */
function ownerIn({ CertificateId, CSRId }: Readonly<Record<string, unknown>>): string | undefined {
  const id = CertificateId ?? CSRId;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}

function sealed(failure: Failure, seal: Seal): Failure {
  const { happened, next, code, requestId } = failure.facts;
  return new Failure({
    ...failure.facts,
    happened: seal.text(happened),
    next: seal.text(next),
    // What a cloud calls a code or an id is text of its choosing, too.
    ...(code !== undefined && { code: seal.text(code) }),
    ...(requestId !== undefined && { requestId: seal.text(requestId) }),
  });
}
