import type { GatedCall } from "../approval/call-binding.js";
import { type Caller, replyTo } from "../approval/channel.js";
import type { Gate } from "../approval/gate.js";
import { readReply } from "../catalogue/documented-reply.js";
import { allOperations } from "../catalogue/index.js";
import type { Operation, ReadOperation } from "../catalogue/operation.js";
import { certificate, privateKey, struct } from "../catalogue/params.js";
import { secretNames } from "../catalogue/sensitive.js";
import type { CloudClient } from "../cloud/cloud-client.js";
import type { JsonObject } from "../lib/json.js";
import { redactedText } from "../lib/safe-text.js";
import type { TimeSource } from "../lib/time-source.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import type { References } from "../secrets/references/resolve.js";
import { secretNamesLike, stripSecrets } from "../secrets/strip-secrets.js";
import type { RecentReads } from "./recent-reads.js";
import { masking, redactingErrors } from "./redact-error.js";
import type { OwnTool, ToolContext } from "./tool.js";

/** What every tool gets as it is. */
type SharedByTools = Pick<
  ToolContext,
  "vault" | "services" | "tlsCheck" | "journal" | "standingApprovals" | "decisionsOn" | "huaweiProjectId" | "nonce"
>;

/** What all calls share; created once, when the server starts. */
export interface CallContext extends TimeSource, SharedByTools {
  readonly gate: Pick<Gate, "approveAndRun" | "approve" | "approvalProgress" | "approvalFor" | "recordSightings">;
  readonly cloud: Pick<
    CloudClient,
    "credentialIdOf" | "signersFor" | "signerChange" | "exclusionOf" | "send" | "sendApproved"
  >;
  readonly redactor: Redactor;
  readonly references: Pick<References, "resolve" | "directories" | "certificateFile">;
  readonly recentReads: RecentReads;
  /** The operations that the operator offers; jobs use no others. */
  readonly operations: readonly Operation[];
  /** The operator's name of the account; absent where there is only one. */
  readonly accountName?: string | undefined;
  /** The other accounts of this server that the caller may read; none where there is only one. */
  readonly otherAccounts: readonly OtherAccount[];
  readonly maskPersonal: boolean;
  /** Checks whether this server can work and what prevents it. */
  readonly examineSetup: (signal: AbortSignal) => Promise<JsonObject>;
  /** Reports a defect of this program. */
  readonly report: (error: unknown) => void;
}

/** The part of the context that reads need: nothing in it can ask a person or let a change pass. */
export type ReadContext = Omit<CallContext, "gate" | "report"> & {
  readonly gate: Pick<Gate, "approvalProgress" | "approvalFor">;
};

/** Another account of this server: what one account has may be used in it. */
export interface OtherAccount {
  readonly name: string;
  /** Does some work with what its calls share; it stays open until the work is done. */
  within<Found>(work: (context: Omit<ReadContext, "examineSetup">) => Promise<Found>): Promise<Found>;
}

/** How many accounts are read at a time, each with several reads of its own. */
export const CONCURRENT_ACCOUNTS = 4;

/** A documented operation or one of our own tools. */
export type AnyTool = Operation | OwnTool;

/** Members that are secret in any operation are removed from every reply. */
export const secretMembers = secretNamesLike(
  allOperations.flatMap(({ params, result }) => [...secretNames(params), ...secretNames(result)]),
);

/** A documented read for the program's own use: for the "now" of a plan or one of our own tools. */
export async function readWithoutSecrets(
  cloud: Pick<CloudClient, "send">,
  operation: ReadOperation,
  params: JsonObject,
  signal: AbortSignal,
  within?: number,
): Promise<JsonObject> {
  const { result } = await cloud.send(operation, params, signal, within);
  return stripSecrets(result, secretMembers);
}

/** The context of one of our own tools during one call. */
export function createToolContext(
  {
    caller,
    sources,
    signers,
    addSecrets,
  }: Pick<GatedCall, "caller"> &
    Pick<ToolContext, "sources" | "signers"> & { addSecrets(secrets: readonly string[]): void },
  { gate, cloud, references, recentReads, pause, examineSetup, otherAccounts, ...shared }: ReadContext,
): ToolContext {
  const { signal } = caller;
  const others = otherAccounts.map(({ name, within }): ToolContext["otherAccounts"][number] => ({
    name,
    within: (work) =>
      within((context) =>
        // What is given by reference belongs to the account of the call.
        work(createToolContext({ caller, sources: new Map(), signers: {}, addSecrets }, { ...context, examineSetup })),
      ),
  }));
  const redact = (text: string) => shared.redactor.redact(text);
  // Own tools put what a refusal says into their replies, so its personal data is masked here, whoever tells it.
  const read: ToolContext["read"] = (operation, params, within) =>
    redactingErrors(readWithoutSecrets(cloud, operation, params, signal, within), shared);
  return {
    ...shared,
    otherAccounts: others,
    // Tools that only read record no sightings: those belong to a job.
    recordSightings: async () => {},
    directories: references.directories,
    read,
    readSince: (notBefore, operation, params, within) =>
      recentReads.get(operation, params, notBefore, async () => {
        const reply = await read(operation, params, within);
        return readReply(operation, reply) ?? reply;
      }),
    exclusionOf: (operation) => cloud.exclusionOf(operation),
    resolve: async (reference, content) => {
      const text = content === "private key" ? privateKey("Key") : certificate("Certificate");
      const resolved = await references.resolve({ params: struct({ text }) }, { text: reference }, otherAccounts);
      addSecrets(resolved.secrets);
      return String(resolved.params.text);
    },
    redacted: masking(shared),
    sources,
    signers,
    signal,
    progress: (message) => caller.progress(redactedText(message, redact)),
    recordStage: (job, position) => replyTo(caller).enterStage({ name: "sending", progress: { job, position } }),
    pause: (ms) => pause(ms, signal),
    timeLeft: () => replyTo(caller).timeLeft,
    approvalProgress: (id) => gate.approvalProgress(id),
    approvalFor: ({ name }, argument) => gate.approvalFor(name, argument),
    examineSetup: () => examineSetup(signal),
  };
}

/**
 * What `read` finds with the context of a call. It is for this program, so only what becomes visible of it is redacted.
 * @throws {ToolError} redacted
 */
export async function withReadContext<Found>(
  caller: Caller,
  context: ReadContext,
  read: (context: ToolContext) => Promise<Found>,
): Promise<Found> {
  const toolContext = createToolContext({ caller, sources: new Map(), signers: {}, addSecrets: () => {} }, context);
  return await redactingErrors(read(toolContext), context);
}
