import { setImmediate } from "node:timers/promises";
import type { PreparedCall } from "../approval/call-binding.js";
import type { Caller } from "../approval/channel.js";
import type { ChangeOperation, Operation, Warning } from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import type { Service } from "../catalogue/services.js";
import type { StoreRequest } from "../catalogue/serving.js";
import { loss } from "../catalogue/warnings.js";
import { alreadyRequested, rolloutBefore, stillArriving } from "../jobs/rollout.js";
import { sendRecorded } from "../jobs/send-recorded.js";
import { unreadableWarning } from "../jobs/unreadable.js";
import { type JsonObject, mapTexts } from "../lib/json.js";
import type { SafeText } from "../lib/safe-text.js";
import { PolicyViolation, ToolError } from "../lib/tool-error.js";
import { sanitizeExternalText } from "../reply/external-text.js";
import { type FormatOptions, formatReply, type Reply } from "../reply/format-reply.js";
import { withinLimit } from "../reply/within-limit.js";
import { storeSecrets } from "../secrets/vault/store-secrets.js";
import { servedAs, tlsReportOrReason } from "../tls-check/served.js";
import type { StepRunnerDeps, StoreReplySecrets } from "./approved-steps.js";
import { type AnyTool, type CallContext, createToolContext, secretMembers } from "./call-context.js";
import { describeSigners } from "./job-as-call.js";
import { recordSightings } from "./record-sightings.js";
import { redactError } from "./redact-error.js";
import { runJob } from "./run-job.js";
import { isJob, isOwnTool, type ReportedJob, type ToolContext } from "./tool.js";
import { checkArguments, checkStoredIn, parseWithNotes, refuseMisplacedSecrets } from "./validate-arguments.js";

export interface ToolCall {
  readonly tool: AnyTool;
  readonly args: JsonObject;
  /** The approval token that came with the call, if the operator chose that. */
  readonly approval?: string | undefined;
  /** How much of a long reply is wanted. */
  readonly detail?: FormatOptions["detail"] | undefined;
  /** Whether the reply of one of our own tools is not cut to what a model can read. */
  readonly uncut?: boolean | undefined;
  readonly caller: Caller;
}

/** The reply, and the job that the call carried out: all its targets, however many the reply shows. */
export interface ExecutedCall extends Reply {
  readonly job?: ReportedJob | undefined;
}

/**
 * The only path from a tool's arguments to its reply.
 * @throws {ToolError} redacted; anything else is a defect of this program
 */
export async function executeCall(toolCall: ToolCall, context: CallContext): Promise<ExecutedCall> {
  const { tool, args, approval, caller } = toolCall;
  const { redactor } = context;
  const releases: (() => void)[] = [];
  const addSecrets = (secrets: readonly string[]) => {
    releases.push(redactor.addSecrets(secrets));
  };
  const storeReplySecrets: StoreReplySecrets = (described, result, params) =>
    storeSecrets(described, result, context.vault, { names: secretMembers, owner: ownerIn(params) });
  try {
    const { params: given, notes: argumentNotes } = parseWithNotes(tool, args, redactor);
    const {
      params,
      secrets,
      sources,
      notes: warnings,
    } = await context.references.resolve(tool, given, context.otherAccounts);
    const signers = context.cloud.signersFor(servicesOf(tool, params));
    addSecrets(secrets);
    refuseMisplacedSecrets(tool, given, redactor);
    const toolContext: ToolContext = {
      ...createToolContext({ caller, sources, signers, addSecrets }, context),
      recordSightings: (seen) => recordSightings(seen, context),
    };
    const found = isOwnTool(tool) ? [] : await preflightWarnings(tool, params, toolContext, context);
    const rollout = await rolloutFor(tool, params, caller.signal, context);
    const call: PreparedCall = {
      params,
      account: describeSigners(signers),
      signers,
      accountName: context.accountName,
      redactor,
      sources,
      warnings,
      approval,
      caller,
      ...(rollout && { rollout }),
    };
    const answer = await runTool(
      withWarnings(tool, found),
      call,
      toolContext,
      { storeReplySecrets, addSecrets },
      context,
    );
    let reply: Reply;
    try {
      reply = await formatAnswer(answer, toolCall, { params, warnings, argumentNotes, storeReplySecrets }, context);
    } catch (error) {
      if (tool.effect === "read") throw error;
      // It was carried out, even if its reply cannot be processed, for whatever reason.
      context.report(error);
      const next =
        tool.effect === "key-export"
          ? "Nothing was changed in the cloud: to get what was asked for, make the call again, which is approved anew."
          : "Do not repeat the call; read the current state.";
      const unread = `${tool.name} was accepted, but its reply could not be fully processed, so none of it is shown. ${next}`;
      reply = { result: {}, notes: [unread] };
    }
    return { ...reply, job: answer.job };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw redactError(error instanceof PolicyViolation && isOwnTool(tool) ? error.neededBy(tool.name) : error, context);
  } finally {
    for (const release of releases) release();
  }
}

/** The services whose credentials sign the call; those of a job are known once it is planned. */
function servicesOf(tool: AnyTool, params: JsonObject): readonly Service[] {
  if (!isOwnTool(tool)) return [tool.service];
  return (isJob(tool) ? undefined : tool.signsFor?.(params)) ?? [];
}

/** The preflight findings about the arguments and the stored certificates that they name. */
async function preflightWarnings(
  tool: Operation,
  params: JsonObject,
  { read, now }: Pick<ToolContext, "read" | "now">,
  { cloud, tlsCheck: { roots } }: Pick<CallContext, "cloud" | "tlsCheck">,
): Promise<readonly Warning[]> {
  const clients = { now: now(), roots };
  const found = checkArguments(tool, params, clients);
  if (tool.effect === "read" || cloud.exclusionOf(tool) !== undefined) return found;
  return [...found, ...(await checkStoredIn(tool, params, read, clients))];
}

function withWarnings(tool: AnyTool, found: readonly Warning[]): AnyTool {
  if (found.length === 0 || isOwnTool(tool) || tool.effect === "read") return tool;
  return { ...tool, warnings: (params, state) => [...found, ...(tool.warnings?.(params, state) ?? [])] };
}

/** What earlier deployments may still bring to the resources that an operation changes, or of what it ends. */
async function rolloutFor(
  tool: AnyTool,
  params: JsonObject,
  signal: AbortSignal,
  { journal, now, tlsCheck }: Pick<CallContext, "journal" | "now" | "tlsCheck">,
): Promise<Rollout | undefined> {
  if (isOwnTool(tool) || tool.effect === "read") return undefined;
  const serving = tool.serves?.(params) ?? [];
  const ended = tool.endedCertificates?.(params) ?? [];
  const asked = askedFor(tool, params);
  if (serving.length + ended.length + asked.length === 0) return undefined;
  const { requests, unreadable } = await journal.read();
  const rollout = await rolloutBefore(serving, requests, now(), async (domain, expected) => {
    const tlsReport = await tlsReportOrReason(domain, { tlsCheck, signal });
    return typeof tlsReport !== "string" && servedAs(tlsReport, expected) === "serving";
  });
  const unknown = unreadable.length > 0 ? [loss(unreadableWarning(unreadable))] : [];
  const others = [...stillArriving(ended, requests, now()), ...alreadyRequested(asked, requests, now())];
  return { ...rollout, warnings: [...unknown, ...rollout.warnings, ...others] };
}

function askedFor(tool: ChangeOperation, params: JsonObject): readonly StoreRequest[] {
  const asked = tool.storeRequest?.(params);
  return asked === undefined ? [] : [asked];
}

interface Answer {
  readonly result: JsonObject;
  readonly job?: ReportedJob;
  readonly requestId?: string;
  /** Remarks about how the result came about, one sentence each. */
  readonly notes?: readonly string[];
}

interface AnswerOptions extends Pick<PreparedCall, "params">, Pick<StepRunnerDeps, "storeReplySecrets"> {
  /** What was understood otherwise than it was written, one sentence each. */
  readonly argumentNotes: readonly string[];
  /** What the person was warned of about the references. */
  readonly warnings: readonly SafeText[];
}

/** The reply to a call that was carried out; its secrets are in the vault before it is formatted. */
async function formatAnswer(
  answer: Answer,
  { tool, detail = "summary", uncut }: ToolCall,
  { params, warnings, argumentNotes, storeReplySecrets }: AnswerOptions,
  context: CallContext,
): Promise<Reply> {
  const stored = storeReplySecrets(tool, answer.result, params);
  await context.vault.saved();
  // A long reply takes time: let other work run before the next long step.
  await setImmediate();
  const notes = [...argumentNotes, ...(answer.notes ?? []), ...stored.notes, ...warnings.map(String)];
  const { maskPersonal, now, redactor } = context;
  const redact = (text: string) => redactor.redact(text);
  if (isOwnTool(tool)) {
    // Whoever merges replies cuts them once more.
    const redacted = { result: mapTexts(stored.result, redact), notes: notes.map(redact) };
    return uncut ? { ...redacted, result: sanitizeExternalText(redacted.result) } : withinLimit(redacted);
  }
  const requestId = answer.requestId && redact(answer.requestId);
  return formatReply(tool, stored.result, requestId, { detail, maskPersonal, now: now(), params, notes, redact });
}

/** Reads are carried out at once; everything else passes the gate first. */
async function runTool(
  tool: AnyTool,
  call: PreparedCall,
  toolContext: ToolContext,
  secrets: Pick<StepRunnerDeps, "storeReplySecrets" | "addSecrets">,
  context: CallContext,
): Promise<Answer> {
  const { params, caller } = call;
  const { cloud, gate, journal, now } = context;
  if (isJob(tool)) {
    const { report, job } = await runJob(tool, call, { ...context, ...secrets, read: toolContext.read }, toolContext);
    return { result: report, job };
  }
  if (isOwnTool(tool)) {
    const { params: exactly = params, question, changes } = (await tool.check?.(params, toolContext)) ?? {};
    const run = async (planId?: string) => ({ result: await tool.run(exactly, { ...toolContext, planId }) });
    if (tool.effect === "read") return run();
    const operation = {
      ...tool,
      ...(question && { approvalQuestion: () => question }),
      ...(changes && { plannedChanges: () => changes }),
    };
    return gate.approveAndRun({ ...call, params: exactly, operation }, ({ planId }) => run(planId));
  }
  if (tool.effect === "read") return cloud.send(tool, params, caller.signal);
  const recorded = [...(tool.serves?.(params) ?? []), ...askedFor(tool, params)];
  if (recorded.length > 0) await journal.requireWritable();
  return gate.approveAndRun({ ...call, operation: tool }, (permit) =>
    sendRecorded(tool.name, recorded, journal, now, async () => {
      if (tool.effect === "traffic") await journal.noteChange();
      return cloud.sendApproved(tool, params, permit.signerFor(tool.service.cloud), caller.sending);
    }),
  );
}

/** The requested certificate or CSR, which a secret in the reply belongs to. */
function ownerIn({ CertificateId, CSRId }: JsonObject): string | undefined {
  const id = CertificateId ?? CSRId;
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined;
}
