import {
  countsInWords,
  isWhole,
  startedTasks,
  type TaskResult,
  taskResults,
  taskStatus,
  totalOf,
} from "../../catalogue/tencent-ssl/binding-replies.js";
import { createCertificateBindResourceSyncTask } from "../../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskResult } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { rolloutWithinMs } from "../../jobs/requests.js";
import { termInWords } from "../../lib/escape-text.js";
import { PolicyViolation, ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { excludedInWords, isTransient, pauseFor, readAs, readWithRetry } from "../read-with-retry.js";

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
const lookUpWithinMs = 40_000;

const pollPauses = [500, 1_000, 2_000, 3_000, 5_000];

const stillRunning: FoundBindings = { state: "unknown", why: "still being looked up by the cloud" };

/** How long the cloud repeats a cached answer (docs/cloud-behaviour.md 3.4). */
const keptMs = 30 * 60_000;

/**
 * Has the cloud look up what uses each certificate, and waits for the result. A lookup of the last half hour will do,
 * unless a request of ours may have changed something since or is still on its way.
 */
export async function findBindings(
  certificateIds: readonly string[],
  context: ToolContext,
): Promise<ReadonlyMap<string, FoundBindings>> {
  const anew = await context.journal.changedSince(context.now().getTime() - rolloutWithinMs - keptMs);
  const { tasks, failed } = await startTasks(certificateIds, anew ? 0 : 1, context);
  const found = new Map<string, FoundBindings>(failed);
  const deadline = context.now().getTime() + lookUpWithinMs;
  let open = [...tasks];
  for (let turn = 0; open.length > 0; turn++) {
    const results = await pollTasks(open, context);
    for (const [taskId, result] of results) {
      const certificateId = tasks.get(taskId);
      if (certificateId !== undefined) found.set(certificateId, result);
    }
    open = open.filter(([taskId]) => !results.has(taskId));
    const left = deadline - context.now().getTime();
    if (open.length === 0 || left <= 0) break;
    context.progress(`what uses the certificates: ${tasks.size - open.length} of ${tasks.size} looked up`);
    await pauseFor(context, Math.min(pollPauses[turn] ?? 5_000, left));
  }
  for (const [, certificateId] of open) found.set(certificateId, stillRunning);
  return found;
}

/** Certificates by the task that looks up their resources, and those for which no task could be started. */
async function startTasks(certificateIds: readonly string[], IsCache: 0 | 1, context: ToolContext) {
  const tasks = new Map<string, string>();
  const failed = new Map<string, FoundBindings>();
  for (const ids of batches(certificateIds)) {
    try {
      const params = { CertificateIds: ids, IsCache };
      const answer = await readWithRetry(context, createCertificateBindResourceSyncTask, params, startedTasks);
      for (const { CertId, TaskId } of answer.CertTaskIds) if (CertId && TaskId) tasks.set(TaskId, CertId);
      const started = new Set(tasks.values());
      for (const id of ids) if (!started.has(id)) failed.set(id, notLookedUp("no task was started"));
    } catch (error) {
      const why = notLookedUp(reasonIn(error));
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
  for (const batch of batches(open)) {
    const TaskIds = batch.map(([taskId]) => taskId);
    try {
      const answer = await readAs(context, describeCertificateBindResourceTaskResult, { TaskIds }, taskResults);
      for (const result of answer.SyncTaskBindResourceResult) {
        const bindings = bindingsIn(result);
        if (result.TaskId && bindings !== undefined) found.set(result.TaskId, bindings);
      }
    } catch (error) {
      if (isTransient(error, describeCertificateBindResourceTaskResult)) continue;
      const why = notLookedUp(reasonIn(error));
      for (const taskId of TaskIds) found.set(taskId, why);
    }
  }
  return found;
}

/** What a task found; undefined while it runs. */
export function bindingsIn({
  TaskId,
  Status,
  BindResourceResult: types,
  Error: error,
  CacheTime,
}: TaskResult): FoundBindings | undefined {
  if (Status === taskStatus.failed)
    return notLookedUp(error?.Code ? String(termInWords(error.Code)) : "the task failed");
  if (Status !== taskStatus.done) return undefined;
  const [total, at] = [totalOf(types), isoOf(CacheTime)];
  if (total > 0) return { state: "in use", taskId: TaskId ?? "", counts: String(countsInWords(types)), total, at };
  // What was not counted may be in use.
  return isWhole(types) ? { state: "unused", at } : { state: "unknown", why: String(countsInWords(types)) };
}

const notLookedUp = (why: string): FoundBindings => ({ state: "unknown", why: `could not be looked up: ${why}` });

/** @throws any error that is neither the cloud's nor a policy exclusion, and a cancelled call */
export function reasonIn(error: unknown): string {
  if (error instanceof PolicyViolation) return excludedInWords(error);
  if (!(error instanceof ToolError) || error.details.kind !== "cloud") throw error;
  const { code, happened } = error.details;
  return code === undefined ? happened : String(termInWords(code));
}

function batches<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / idsAtMost);
  return Array.from({ length: count }, (_, index) => items.slice(index * idsAtMost, (index + 1) * idsAtMost));
}
