import { setImmediate } from "node:timers/promises";
import { checkArguments, checkStoredIn, parseArguments } from "./arguments.js";
import { operations } from "./catalogue/index.js";
import type { Operation, ReadOperation, Warning } from "./catalogue/operation.js";
import { certificate, privateKey, struct } from "./catalogue/params.js";
import { withoutPersonalData } from "./catalogue/personal.js";
import type { Rollout } from "./catalogue/rollout.js";
import { secretNames } from "./catalogue/sensitive.js";
import type { Service } from "./catalogue/services.js";
import type { CloudClient } from "./cloud/client.js";
import type { Edge } from "./edge/edge.js";
import { servedAs } from "./edge/served.js";
import { Excluded, Failure } from "./failure.js";
import { type Caller, replyTo } from "./guard/channel.js";
import type { Gate, GatedCall } from "./guard/gate.js";
import type { Journal } from "./jobs/journal.js";
import { sendRecorded } from "./jobs/operation.js";
import { rolloutBefore } from "./jobs/rollout.js";
import { isJob, isOwn, type Members, type OwnTool, type OwnToolContext } from "./own-tool.js";
import type { References } from "./secrets/references/resolve.js";
import type { Seal } from "./secrets/seal.js";
import { type Kept, keepSecrets } from "./secrets/vault/keep.js";
import type { Vault } from "./secrets/vault/vault.js";
import { withhold } from "./secrets/withhold.js";
import { type Reply, type ShapeOptions, shape, withinLimit } from "./shape/index.js";
import { undertake } from "./undertake.js";

/** What every call stands on; made once, when the server starts. */
export interface CallContext {
  readonly gate: Pick<Gate, "carryOut" | "approve" | "standing">;
  readonly cloud: Pick<CloudClient, "accountOf" | "exclusionOf" | "send">;
  readonly seal: Seal;
  readonly references: Pick<References, "resolve" | "directories">;
  readonly vault: Vault;
  /** Those that this server was set up for. */
  readonly services: ReadonlySet<Service>;
  readonly edge: Edge;
  readonly journal: Journal;
  /** The operations that the operator offers; a job is made of no others. */
  readonly operations: readonly Operation[];
  readonly huaweiProjectId: string | undefined;
  readonly maskPersonal: boolean;
  readonly now: () => Date;
  /** See {@link OwnToolContext.nonce}. */
  readonly nonce: string;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Looks whether this server can work, and what stands in its way. */
  readonly examineSetup: (signal: AbortSignal) => Promise<Members>;
  /** Where a defect of this program is reported. */
  readonly report: (error: unknown) => void;
}

/** A documented operation, or a tool of our own. */
export type AnyTool = Operation | OwnTool;

/** One call of a tool. */
export interface ToolCall {
  readonly tool: AnyTool;
  readonly args: Members;
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

/** A reply whose secrets are in the vault, with a sentence for each. */
type Keep = (
  described: Pick<Operation, "name" | "result">,
  result: Members,
  params: Members,
) => Pick<Kept, "result" | "notes">;

/**
 * The one straight path from a tool's arguments to its reply.
 * @throws {Failure} sealed; anything else is a defect of this program
 */
export async function call(toolCall: ToolCall, context: CallContext): Promise<Reply> {
  const { tool, args, approval, caller } = toolCall;
  const { seal } = context;
  const held: (() => void)[] = [];
  const learn = (secrets: readonly string[]) => {
    held.push(seal.learn(secrets));
  };
  const toModel = (text: string) => (context.maskPersonal ? withoutPersonalData(seal.text(text)) : seal.text(text));
  const keep: Keep = (described, result, params) =>
    keepSecrets(described, result, context.vault, { names: secretMembers, owner: ownerIn(params) });
  try {
    const given = parseArguments(tool, args);
    const account = isOwn(tool) ? "local user" : context.cloud.accountOf(tool.service);
    const { params, secrets, sources, notes } = await context.references.resolve(tool, given);
    learn(secrets);
    const own = ownContext({ caller, sources, learn, sealed: toModel }, context);
    const found = isOwn(tool) ? [] : await preflightOf(tool, params, own, context);
    const rollout = await rolloutFor(tool, params, caller.signal, context);
    const planned = { params, account, seal, sources, warnings: notes, approval, caller, ...(rollout && { rollout }) };
    const answer = await carryOut(warned(tool, found), planned, own, { keep, learn }, context);
    const tell = async (answered: Answer): Promise<Reply> => {
      // A long reply has taken its time to be parsed: others get their turn before the next long step.
      await setImmediate();
      const kept = keep(tool, answered.result, params);
      await setImmediate();
      const said = [...(answered.notes ?? []), ...kept.notes, ...notes.map(String)];
      if (isOwn(tool)) return withinLimit({ result: kept.result, notes: said });
      const { detail = "summary" } = toolCall;
      const { maskPersonal, now } = context;
      const requestId = answered.requestId && seal.text(answered.requestId);
      return shape(tool, kept.result, requestId, { detail, maskPersonal, now: now(), params, notes: said });
    };
    try {
      return await tell(answer);
    } catch (error) {
      if (tool.effect === "read" || error instanceof Failure) throw error;
      // It was carried out, whatever is wrong with what was said of it.
      context.report(error);
      return { result: {}, notes: [acceptedUnread(tool)] };
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw sealed(error instanceof Excluded && isOwn(tool) ? error.neededBy(tool.name) : error, seal, toModel);
  } finally {
    for (const release of held) release();
  }
}

/** What can be said of an operation before a person is asked; what is stored in the cloud is looked up for that. */
async function preflightOf(
  tool: Operation,
  params: Members,
  { read, now }: Pick<OwnToolContext, "read" | "now">,
  { cloud }: Pick<CallContext, "cloud">,
): Promise<readonly Warning[]> {
  const found = checkArguments(tool, params, now());
  if (tool.effect === "read" || cloud.exclusionOf(tool) !== undefined) return found;
  return [...found, ...(await checkStoredIn(tool, params, read, now()))];
}

/** The tool with what was found of its arguments. */
function warned(tool: AnyTool, found: readonly Warning[]): AnyTool {
  if (found.length === 0 || isOwn(tool) || tool.effect === "read") return tool;
  return { ...tool, warn: (params, state) => [...found, ...(tool.warn?.(params, state) ?? [])] };
}

/** What is on its way to the resources that come to serve something else by an operation. */
async function rolloutFor(
  tool: AnyTool,
  params: Members,
  signal: AbortSignal,
  { journal, now, edge }: Pick<CallContext, "journal" | "now" | "edge">,
): Promise<Rollout | undefined> {
  const serving = isOwn(tool) || tool.effect === "read" ? [] : (tool.serves?.(params) ?? []);
  if (serving.length === 0) return undefined;
  const { requests } = await journal.read();
  return rolloutBefore(serving, requests, now(), async (domain, expected) => {
    try {
      return servedAs(await edge.look(domain, { signal }), expected) === "serving";
    } catch (error) {
      if (signal.aborted || !(error instanceof Failure)) throw error;
      return false;
    }
  });
}

interface Answer {
  readonly result: Members;
  readonly requestId?: string;
  /** What else there is to know of how it came about, a sentence each. */
  readonly notes?: readonly string[];
}

/** Reads are carried out as they come; whatever else there is passes the gate first. */
async function carryOut(
  tool: AnyTool,
  planned: Omit<GatedCall, "operation">,
  own: OwnToolContext,
  secrets: { readonly keep: Keep; learn(secrets: readonly string[]): void },
  context: CallContext,
): Promise<Answer> {
  const { params, caller } = planned;
  if (isJob(tool))
    return {
      result: await undertake(tool, await tool.prepare(params, own), planned, {
        ...context,
        ...secrets,
        read: own.read,
      }),
    };
  const perform = async (): Promise<Answer> =>
    isOwn(tool)
      ? { result: await tool.run(params, own) }
      : tool.effect === "read"
        ? context.cloud.send(tool, params, caller.signal)
        : sendRecorded(tool.name, tool.serves?.(params) ?? [], context.journal, context.now, () => {
            if (tool.effect === "traffic") context.journal.noteChange();
            return context.cloud.send(tool, params, caller.sending);
          });
  if (isOwn(tool)) await tool.check?.(params, own);
  return tool.effect === "read" ? perform() : context.gate.carryOut({ ...planned, operation: tool }, perform);
}

/** A documented read that the program makes for itself: for the "now" of a plan, for a tool of our own. */
export async function readFor(
  cloud: Pick<CloudClient, "send">,
  operation: ReadOperation,
  params: Members,
  signal: AbortSignal,
): Promise<Members> {
  const { result } = await cloud.send(operation, params, signal);
  return withhold(result, secretMembers);
}

/** What a tool of our own stands on, during one call. */
function ownContext(
  {
    caller,
    sources,
    learn,
    sealed,
  }: Pick<GatedCall, "caller"> &
    Pick<OwnToolContext, "sources" | "sealed"> & { learn(secrets: readonly string[]): void },
  {
    gate,
    cloud,
    references,
    vault,
    services,
    edge,
    journal,
    now,
    nonce,
    huaweiProjectId,
    pause,
    examineSetup,
  }: CallContext,
): OwnToolContext {
  const { signal } = caller;
  return {
    vault,
    directories: references.directories,
    read: (operation, params) => readFor(cloud, operation, params, signal),
    exclusionOf: (operation) => cloud.exclusionOf(operation),
    resolve: async (reference, content) => {
      const text = content === "private key" ? privateKey("Key") : certificate("Certificate");
      const resolved = await references.resolve({ params: struct({ text }) }, { text: reference });
      learn(resolved.secrets);
      return String(resolved.params.text);
    },
    sealed,
    sources,
    services,
    huaweiProjectId,
    now,
    nonce,
    edge,
    journal,
    signal,
    progress: (message) => caller.progress(message),
    pause: (ms) => pause(ms, signal),
    timeLeft: () => replyTo(caller).timeLeft,
    approval: (id) => gate.standing(id),
    examineSetup: () => examineSetup(signal),
  };
}

/** The certificate or CSR that was asked for, to which a secret in the reply belongs. */
function ownerIn({ CertificateId, CSRId }: Members): string | undefined {
  const id = CertificateId ?? CSRId;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}

function acceptedUnread({ name }: AnyTool): string {
  return `${name} was accepted, but its reply could not be read whole, so nothing of it is shown. Do not call again: read the present state.`;
}

/** What a cloud calls a code or an id is text of its choosing, too; what a caller wrote is no news to it. */
function sealed(failure: Failure, seal: Seal, toModel: (text: string) => string): Failure {
  const { kind, happened, next, code, requestId } = failure.facts;
  return new Failure({
    ...failure.facts,
    happened: kind === "cloud" ? toModel(happened) : seal.text(happened),
    next: seal.text(next),
    ...(code !== undefined && { code: seal.text(code) }),
    ...(requestId !== undefined && { requestId: seal.text(requestId) }),
  });
}
