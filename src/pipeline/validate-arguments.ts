import type { StoredUse } from "../catalogue/certificate-arguments.js";
import { readReply } from "../catalogue/documented-reply.js";
import { type Finding, remedyOf, warning } from "../catalogue/finding.js";
import type { Operation, ReadOperation, Warning } from "../catalogue/operation.js";
import type { Content } from "../catalogue/params.js";
import { sensitiveValues } from "../catalogue/sensitive.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeWarning } from "../catalogue/warnings.js";
import { isObject, type JsonObject, mapTexts } from "../lib/json.js";
import { formatId, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { PolicyViolation, ToolError, unlessFailed, unsent, unusable } from "../lib/tool-error.js";
import { checkStoredUse, preflight, storedUses } from "../preflight/index.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import { describeIssue } from "./arguments/describe-issue.js";
import { type Normalization, normalizationNotes, normalizeValue, withoutClientAdded } from "./arguments/normalize.js";
import { type Excess, excessIn } from "./arguments/size.js";

type ToolSchema = Pick<Operation, "name" | "params" | "effect">;

/** See {@link parseWithNotes}; for callers that tell nobody what was understood. */
export function parseArguments(tool: ToolSchema, args: JsonObject): JsonObject {
  return parseWithNotes(tool, args).params;
}

/**
 * The arguments as the API expects them, from any form that clients are known to send, and sentences about what was
 * understood otherwise than it was written.
 * @param redactor with which secrets in invalid arguments are told from other mistakes
 * @throws {ToolError} naming each invalid argument and what to send instead
 */
export function parseWithNotes(
  tool: ToolSchema,
  args: JsonObject,
  redactor?: Pick<Redactor, "redact">,
): { readonly params: JsonObject; readonly notes: readonly string[] } {
  const { params } = tool;
  const excess = excessIn(params, args);
  if (excess !== undefined) throw oversized(tool, excess);
  // Only of our own tools, which have a `run`: what 0 means to a vendor is the vendor's.
  const zeroIsNothing = "run" in tool && tool.effect === "read";
  const seen: Normalization = { damaged: [], omitted: [], keptAsText: [], zeroIsNothing };
  const given = normalizeValue(params, withoutClientAdded(args, Object.keys(params.shape)), "", seen);
  const { damaged } = seen;
  const parsed = params.safeParse(given);
  if (parsed.success && damaged.length === 0) return { params: parsed.data, notes: normalizationNotes(seen) };
  // What else is wrong matters less, as with a key that is too long for a name.
  if (redactor !== undefined && isObject(given)) refuseMisplacedSecrets(tool, given, redactor);
  const damagedPaths = new Set(damaged.map(({ path }) => path));
  const others = parsed.error?.issues.filter(({ path }) => !damagedPaths.has(path.join("."))) ?? [];
  const problems = [
    ...damaged.map(({ path, says }) => `${path}: ${says}`),
    ...others.map((issue) => describeIssue(issue, tool)),
  ];
  throw unusable(`The arguments of ${tool.name} do not fit: ${problems.join("; ")}.`, "Correct them and call again.");
}

function oversized({ name }: ToolSchema, { path, says }: Excess): ToolError {
  return unusable(
    path === "" ? `The arguments of ${name} are too large: ${says}.` : `${name}: ${path} ${says}.`,
    "Split it into several calls, or pass less at a time.",
  );
}

/** Arguments whose content is checked otherwise: secrets by `references`, and letters, which are long, by `preflight`. */
const checkedOtherwise: ReadonlySet<Content> = new Set(["private key", "password", "letter"]);

/** Masks what has the form of a private key, known or not. */
const shapeRedactor = new Redactor();

/**
 * Refuses a secret in an argument that is not for one: it would be sent, and in the plan a person would see a mask.
 * @param given as the caller wrote it, with its references
 * @throws {ToolError} without the secret
 */
export function refuseMisplacedSecrets(
  { name, params }: ToolSchema,
  given: JsonObject,
  redactor: Pick<Redactor, "redact">,
): void {
  const others = sensitiveValues(params, given).filter(({ content }) => checkedOtherwise.has(content));
  const passed = new Set(others.map(({ path }) => path));
  mapTexts(given, (text, path) => {
    if (passed.has(path) || redactor.redact(text) === text) return text;
    const what = shapeRedactor.redact(text) === text ? "secret" : "private key";
    throw unsent(
      "input",
      `${name}: ${path} holds a ${what}, or part of one, and is not for that. Nothing was sent.`,
      "Leave it out there; an argument that is for a private key takes a reference to it. Treat the one that was given as exposed: it is in the conversation now, so replace it.",
    );
  });
}

/** By what certificates are checked. */
interface TrustContext {
  readonly now: Date;
  /** Roots that clients trust besides those of Node.js, in PEM. */
  readonly roots: readonly string[];
}

/**
 * The preflight warnings about the arguments.
 * @param pending dotted paths of values that are not known yet and therefore not checked
 * @throws {ToolError} if the cloud would certainly refuse them; then no person is asked
 */
export function checkArguments(
  tool: Operation,
  params: JsonObject,
  { now, roots }: TrustContext,
  pending: ReadonlySet<string> = new Set(),
): readonly Warning[] {
  return warningsOrThrow(
    tool,
    preflight(tool, params, now, roots).filter(({ parameter }) => !pending.has(parameter)),
  );
}

/** Reads for preflight what a call names only by id. */
type ReadStored = (operation: ReadOperation, params: JsonObject) => Promise<JsonObject>;

/**
 * Like {@link checkArguments}, but of certificates that the call names by id, which are read for that.
 * @throws {ToolError} also if the call was cancelled
 */
export async function checkStoredIn(
  tool: Operation,
  params: JsonObject,
  read: ReadStored,
  clients: TrustContext,
  pending: ReadonlySet<string> = new Set(),
): Promise<readonly Warning[]> {
  const uses = storedUses(tool, params).filter(({ parameter }) => !pending.has(parameter));
  return warningsOrThrow(tool, (await Promise.all(uses.map((use) => checkStored(use, read, clients)))).flat());
}

/**
 * The findings about a certificate to be served, read without its key. A failed read is a finding too: otherwise it
 * would look like a certificate without problems.
 * @throws {ToolError} only if the call was cancelled
 */
async function checkStored(
  use: StoredUse,
  read: ReadStored,
  { now, roots }: TrustContext,
): Promise<readonly Finding[]> {
  const { parameter, id, unreadable } = use;
  const pem = unreadable === undefined ? await pemOf(id, read) : { why: unreadable };
  if (typeof pem !== "string") {
    return [
      warning(parameter, safe`Chain, dates and names of certificate ${formatId(id)} were not checked: ${pem.why}.`),
    ];
  }
  return checkStoredUse(use, pem, now, roots).map((found) => ({
    ...found,
    says: safe`certificate ${formatId(id)}: ${found.says}`,
  }));
}

async function pemOf(id: string, read: ReadStored): Promise<string | { readonly why: SafeText }> {
  const detail = describeCertificateDetailWithoutKey;
  const reply = await unlessFailed(read(detail, { CertificateId: id }), (error) => error);
  if (reply instanceof PolicyViolation)
    return { why: safe`this server's policy excludes ${formatId(reply.operation)}` };
  if (reply instanceof ToolError) return { why: verbatim(reply.details.happened.replace(/\.$/, "")) };
  const pem = readReply(detail, reply)?.CertificatePublicKey;
  return pem || { why: safe`Tencent Cloud shows no certificate under this id` };
}

/** @throws {ToolError} if the cloud would certainly refuse the arguments */
function warningsOrThrow(tool: Operation, findings: readonly Finding[]): readonly Warning[] {
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) throw faultyArguments(tool, faults);
  // Until it is served, no client is affected.
  return findings.map((found) => ({
    severity: tool.effect === "traffic" ? (found.severity ?? "caution") : "caution",
    says: withCode(found),
    parameter: found.parameter,
  }));
}

function faultyArguments({ name, service }: Operation, faults: readonly Finding[]): ToolError {
  const code = faults.find(({ prevents }) => prevents !== undefined)?.prevents;
  const sentences = faults.map((fault) => describeWarning({ ...fault, says: withCode(fault) }));
  return new ToolError({
    kind: "input",
    happened: `${name} was not sent to ${service.title}: ${sentences.join(" ")}`,
    changed: "no",
    sent: false,
    next: remedyOf(faults),
    ...(code !== undefined && { code }),
  });
}

function withCode({ says, prevents }: Finding): SafeText {
  return prevents === undefined ? says : safe`${says} (The cloud would answer ${verbatim(prevents)}.)`;
}
