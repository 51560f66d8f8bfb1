import type { z } from "zod";
import { readReply } from "../catalogue/documented-reply.js";
import { explainError } from "../catalogue/errors/index.js";
import type { ReadOperation, ReadReturning } from "../catalogue/operation.js";
import type { JsonObject } from "../lib/json.js";
import { formatId } from "../lib/safe-text.js";
import { unlessAborted } from "../lib/time-source.js";
import { cancelledCall, PolicyViolation, ToolError, unlessFailed } from "../lib/tool-error.js";
import type { ToolContext } from "../pipeline/tool.js";

/**
 * Executes a read and parses its reply. What the cloud throttled the client repeats, and nobody else: layers of repeats
 * multiply.
 * @throws {ToolError} also if the reply does not have the documented form
 */
export async function readOnce<Result extends z.AnyZodObject>(
  context: Pick<ToolContext, "read">,
  operation: ReadReturning<Result>,
  params: JsonObject,
  within?: number,
): Promise<z.output<Result>> {
  const reply = readReply(operation, await context.read(operation, params, within));
  if (reply !== undefined) return reply;
  throw cloudFailure(
    `${operation.service.title} answered ${operation.name} in an undocumented form.`,
    `Call ${operation.name} by itself to see its reply.`,
  );
}

/** Why optional information was left out. */
export const describeExclusion = ({ operation }: PolicyViolation) => `this server's policy excludes ${operation}`;

/**
 * Optional information: what is found, or a text saying that the policy excludes the read.
 * @throws whatever else `finding` throws
 */
export function unlessExcluded<Found>(finding: Promise<Found>): Promise<Found | { readonly excluded: string }> {
  return unlessFailed(finding, (error) => {
    if (error instanceof PolicyViolation) return { excluded: describeExclusion(error) };
    throw error;
  });
}

/** Like {@link unlessExcluded}, but also if the cloud's own access policy does not let the configured key read it. */
export function unlessForbidden<Found>(
  finding: Promise<Found>,
  { service }: Pick<ReadOperation, "service">,
): Promise<Found | { readonly excluded: string }> {
  return unlessFailed(unlessExcluded(finding), (error) => {
    const { code } = error.details;
    if (code === undefined || explainError(service, code, error.details)?.kind !== "permission") throw error;
    return { excluded: `the configured key may not read it (${formatId(code)})` };
  });
}

/** Whether the next attempt may well succeed: the cloud was busy, or did not answer at all. */
export function isTransient(error: unknown, { service }: Pick<ReadOperation, "service">): error is ToolError {
  if (!(error instanceof ToolError) || error.details.kind !== "cloud") return false;
  const { code, sent } = error.details;
  if (code === undefined) return sent !== undefined;
  const kind = explainError(service, code, error.details)?.kind;
  return kind === "throttled" || kind === "temporary";
}

/**
 * Waits.
 * @throws {ToolError} of kind cancelled as soon as the call is cancelled
 */
export async function pauseFor({ pause, signal }: Pick<ToolContext, "pause" | "signal">, ms: number): Promise<void> {
  await unlessAborted(pause(ms), signal);
  if (signal.aborted) throw cancelledCall("The call was cancelled; nothing is watched any more.");
}

/** What the cloud answered, or is doing, does not let the call go on; nothing was changed. */
export function cloudFailure(happened: string, next: string): ToolError {
  return new ToolError({ kind: "cloud", happened, changed: "no", next });
}
