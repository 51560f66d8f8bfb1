import type { ReadOperation } from "../catalogue/operation.js";
import { tencentEdgeone } from "../catalogue/services.js";
import {
  describeCounts,
  isComplete,
  isCounted,
  type TaskResult,
  taskDetailParams,
  taskStatus,
  totalOf,
} from "../catalogue/tencent-ssl/binding-replies.js";
import { boundResourcesIn, instancesIn, resourceLines } from "../catalogue/tencent-ssl/bound-resources.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { isoOf } from "../catalogue/tencent-ssl/time.js";
import { rolloutWithinMs } from "../jobs/requests.js";
import { batches, firstOf, groupedBy } from "../lib/lists.js";
import { formatId, inQuotes, safe } from "../lib/safe-text.js";
import { timeLeftOf } from "../lib/time-source.js";
import { PolicyViolation, ToolError } from "../lib/tool-error.js";
import type { ToolContext } from "../pipeline/tool.js";
import { cloudFailure, describeExclusion, isTransient, pauseFor, readOnce } from "./cloud-reads.js";

/** The reads that find what uses a certificate. */
export const usageReads: readonly ReadOperation[] = [
  createCertificateBindResourceSyncTask,
  describeCertificateBindResourceTaskResult,
  describeCertificateBindResourceTaskDetail,
];

/** What is known about the cloud resources that use a certificate. */
export type FoundBindings =
  | ({ readonly state: "in use"; readonly taskId: string; readonly counts: string; readonly total: number } & Dated)
  | ({ readonly state: "unused" } & Dated)
  /** `why` completes a sentence. Never treat this as "unused". */
  | { readonly state: "unknown"; readonly why: string };

interface Dated {
  /** When the cloud looked, ISO 8601; absent if it does not say. */
  readonly at?: string | undefined;
}

/** docs/cloud-behaviour.md 3.8: certificates or tasks per call. */
const idsAtMost = 100;

/** Less than the minute after which most clients give up on a call. */
const lookupTimeoutMs = 40_000;

const pollPauses = [500, 1_000, 2_000, 3_000, 5_000];

const stillRunning: FoundBindings = { state: "unknown", why: "still being looked up by the cloud" };

/** How long the cloud repeats a cached answer (docs/cloud-behaviour.md 3.4). */
const cacheMs = 30 * 60_000;

/**
 * Has the cloud look up what uses each certificate, and waits for the result. A lookup of the last half hour will do,
 * unless a request of ours may have changed something since or is still on its way.
 */
export async function findBindings(
  certificateIds: readonly string[],
  context: ToolContext,
): Promise<ReadonlyMap<string, FoundBindings>> {
  const anew = await context.journal.changedSince(context.now().getTime() - rolloutWithinMs - cacheMs);
  const { tasks, failed } = await startTasks(certificateIds, anew ? 0 : 1, context);
  const found = new Map<string, FoundBindings>(failed);
  const timeLeft = timeLeftOf(lookupTimeoutMs, context);
  let open = [...tasks];
  for (let turn = 0; open.length > 0; turn++) {
    const results = await pollTasks(open, context);
    for (const [taskId, result] of results) {
      const certificateId = tasks.get(taskId);
      if (certificateId !== undefined) found.set(certificateId, result);
    }
    open = open.filter(([taskId]) => !results.has(taskId));
    const left = timeLeft();
    if (open.length === 0 || left <= 0) break;
    context.progress(safe`what uses the certificates: ${tasks.size - open.length} of ${tasks.size} looked up`);
    await pauseFor(context, Math.min(pollPauses[turn] ?? 5_000, left));
  }
  for (const [, certificateId] of open) found.set(certificateId, stillRunning);
  return found;
}

/** @param IsCache whether an answer from before will do: 1, or 0 to look again */
async function startTask(CertificateIds: readonly string[], IsCache: 0 | 1, context: ToolContext) {
  const params = { CertificateIds, IsCache };
  return (await readOnce(context, createCertificateBindResourceSyncTask, params)).CertTaskIds;
}

/** What the tasks have found until now. */
export async function readBindingTasks(
  TaskIds: readonly string[],
  context: ToolContext,
): Promise<readonly TaskResult[]> {
  const answer = await readOnce(context, describeCertificateBindResourceTaskResult, { TaskIds });
  return answer.SyncTaskBindResourceResult;
}

/** A product, in one region if it has regions, and how many of its resources use a certificate. */
export interface BoundResourceGroup {
  readonly type: string;
  readonly region: string;
  readonly count: number;
}

const singleLookupTimeoutMs = 120_000;

/**
 * Where a certificate is used now. The cloud looks it up again, because a cached answer could miss resources.
 * @throws {ToolError} if that cannot be found out completely
 */
export async function boundResourcesOf(
  certificateId: string,
  context: ToolContext,
): Promise<readonly BoundResourceGroup[]> {
  const { result } = await finishedTask(certificateId, 0, context);
  return boundGroupsIn(result.BindResourceResult, certificateId);
}

/**
 * The domains of what uses a certificate, by product, as {@link boundResourcesOf} just found it.
 * @throws {ToolError} if they cannot be read
 */
export async function boundDomainsOf(
  certificateId: string,
  context: ToolContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { taskId } = await finishedTask(certificateId, 1, context);
  const detail = await readOnce(context, describeCertificateBindResourceTaskDetail, taskDetailParams(taskId));
  const byType = groupedBy(boundResourcesIn(detail, certificateId), ({ type }) => type);
  return new Map([...byType].map(([type, all]) => [type, all.flatMap((it) => ("error" in it ? [] : it.domains))]));
}

/** A look-up of what uses a certificate that the cloud has ended. */
async function finishedTask(certificateId: string, IsCache: 0 | 1, context: ToolContext) {
  const [started] = await startTask([certificateId], IsCache, context);
  const taskId = started?.TaskId;
  if (!taskId) throw bindingsUnknown(certificateId, "no task was started");
  const timeLeft = timeLeftOf(singleLookupTimeoutMs, context);
  for (let turn = 0; ; turn++) {
    context.progress(safe`looking up what uses certificate ${formatId(certificateId)}`);
    const [result] = await readBindingTasks([taskId], context);
    if (result?.Status === taskStatus.failed) {
      throw bindingsUnknown(certificateId, errorOf(result) ?? "the look-up failed");
    }
    if (result?.Status === taskStatus.done) return { taskId, result };
    if (timeLeft() <= 0) throw bindingsUnknown(certificateId, "the cloud is still looking it up");
    await pauseFor(context, Math.min(pollPauses[turn] ?? 3_000, 3_000));
  }
}

/**
 * The types of the resources that use a certificate at Tencent Cloud, without the hosts of EdgeOne where those are listed
 * by themselves.
 * @throws {ToolError} if that cannot be found out completely
 */
export async function typesBesideHosts(certificateId: string, context: ToolContext): Promise<string[]> {
  const types = new Set((await boundResourcesOf(certificateId, context)).map(({ type }) => type));
  if (context.services.has(tencentEdgeone)) types.delete("teo");
  return [...types];
}

/** What the cloud says of a look-up that failed; undefined if it says nothing. */
function errorOf({ Error: error }: Pick<TaskResult, "Error">): string | undefined {
  const parts = [error?.Code ? formatId(error.Code) : [], error?.Message ? inQuotes(error.Message) : []].flat();
  return parts.length === 0 ? undefined : parts.join(": ");
}

function boundGroupsIn(types: TaskResult["BindResourceResult"], certificateId: string): BoundResourceGroup[] {
  if (types.length === 0) throw bindingsUnknown(certificateId, "the result names no product");
  return types.flatMap(({ ResourceType, BindResourceRegionResult: regions }) =>
    regions.flatMap((region) => {
      const { Region, TotalCount, Error: error } = region;
      if (!isCounted(region)) {
        throw bindingsUnknown(certificateId, `${ResourceType}: ${error ? inQuotes(error) : "it was not counted"}`);
      }
      return ResourceType && TotalCount
        ? [{ type: ResourceType.toLowerCase(), region: Region ?? "", count: TotalCount }]
        : [];
    }),
  );
}

function bindingsUnknown(certificateId: string, why: string): ToolError {
  return cloudFailure(
    `What uses certificate ${certificateId} could not be determined: ${why}.`,
    "Call again in a minute; or name resource_types and regions to skip the lookup.",
  );
}

/** Certificates by the task that looks up their resources, and those for which no task could be started. */
async function startTasks(certificateIds: readonly string[], IsCache: 0 | 1, context: ToolContext) {
  const tasks = new Map<string, string>();
  const failed = new Map<string, FoundBindings>();
  for (const ids of batches(certificateIds, idsAtMost)) {
    try {
      for (const { CertId, TaskId } of await startTask(ids, IsCache, context))
        if (CertId && TaskId) tasks.set(TaskId, CertId);
      const started = new Set(tasks.values());
      for (const id of ids) if (!started.has(id)) failed.set(id, lookupFailed("no task was started"));
    } catch (error) {
      const why = lookupFailed(failureReason(error));
      for (const id of ids) failed.set(id, why);
    }
  }
  return { tasks, failed };
}

/** Results of the tasks; tasks that are still running, or could not be queried just now, are left out. */
async function pollTasks(
  open: readonly (readonly [taskId: string, certificateId: string])[],
  context: ToolContext,
): Promise<ReadonlyMap<string, FoundBindings>> {
  const found = new Map<string, FoundBindings>();
  for (const batch of batches(open, idsAtMost)) {
    const TaskIds = batch.map(([taskId]) => taskId);
    try {
      for (const result of await readBindingTasks(TaskIds, context)) {
        const bindings = bindingsIn(result);
        if (result.TaskId && bindings !== undefined) found.set(result.TaskId, bindings);
      }
    } catch (error) {
      if (isTransient(error, describeCertificateBindResourceTaskResult)) continue;
      const why = lookupFailed(failureReason(error));
      for (const taskId of TaskIds) found.set(taskId, why);
    }
  }
  return found;
}

/** What a task found; undefined while it runs. */
export function bindingsIn(result: TaskResult): FoundBindings | undefined {
  const { TaskId, Status, BindResourceResult: types, CacheTime } = result;
  if (Status === taskStatus.failed) return lookupFailed(errorOf(result) ?? "the task failed");
  if (Status !== taskStatus.done) return undefined;
  const [total, at] = [totalOf(types), isoOf(CacheTime)];
  if (total > 0) return { state: "in use", taskId: TaskId ?? "", counts: String(describeCounts(types)), total, at };
  // What was not counted may be in use.
  return isComplete(types) ? { state: "unused", at } : { state: "unknown", why: String(describeCounts(types)) };
}

const lookupFailed = (why: string): FoundBindings => ({ state: "unknown", why: `could not be looked up: ${why}` });

/** @throws any error that is neither the cloud's nor a policy exclusion, and a cancelled call */
function failureReason(error: unknown): string {
  if (error instanceof PolicyViolation) return describeExclusion(error);
  if (!(error instanceof ToolError) || error.details.kind !== "cloud") throw error;
  const { code, happened } = error.details;
  return code === undefined ? happened : String(formatId(code));
}

/** What a row says about the resources that use its certificate. */
export interface BindingMembers {
  /** In a few words; never empty, because an empty text could be taken for "none". */
  readonly bindings: string;
  /** When the cloud looked; ISO 8601. */
  readonly bindings_as_of?: string;
  /** A line for each resource. */
  readonly bound_to?: readonly string[];
}

/** The resources of a certificate by name, at most `linesAtMost`. */
export async function describeBindings(
  certificateId: string,
  bindings: FoundBindings,
  linesAtMost: number,
  context: ToolContext,
): Promise<BindingMembers> {
  if (bindings.state === "unknown") return { bindings: bindings.why };
  const dated = bindings.at === undefined ? {} : { bindings_as_of: bindings.at };
  if (bindings.state === "unused") return { bindings: "none", ...dated };
  const { taskId, counts, total } = bindings;
  try {
    const detail = await readOnce(context, describeCertificateBindResourceTaskDetail, taskDetailParams(taskId));
    const lines = resourceLines(detail, certificateId);
    const unread = Math.max(0, total - instancesIn(detail));
    return { bindings: counts, ...dated, bound_to: firstOf(lines, linesAtMost, unread) };
  } catch (error) {
    return { bindings: `${counts}; their names could not be read: ${failureReason(error)}`, ...dated };
  }
}
