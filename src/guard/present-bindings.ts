import { z } from "zod";
import type { Use } from "../catalogue/current-state.js";
import {
  countsInWords,
  isWhole,
  startedTasks,
  type TaskResult,
  taskResults,
  taskStatus,
  totalOf,
} from "../catalogue/tencent-ssl/binding-replies.js";
import { boundResources, resourceInWords } from "../catalogue/tencent-ssl/bound-resources.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { type SafeText, safe, termInWords } from "../visible.js";
import type { Told } from "./present-reading.js";
import { inWords, type Source } from "./present-source.js";
import { couldNotBeRead, lookingUp } from "./present-words.js";

const pollEveryMs = 1_000;

/** FACTS.md 3.6: of each product and region. */
const instancesAtMost = 100;

/** What uses a certificate, in counts ("2 clb, 1 cdn"), and as far as it was found out. */
export interface Bindings extends Told {
  readonly use?: Use;
}

/**
 * Looks up what uses the certificate. Where an answer of the last half hour says that nothing does, it is looked up anew:
 * nobody should delete or be refused something by an old answer.
 */
export async function bindingsOf(certificateId: string, source: Source): Promise<Bindings> {
  const { fresh = false } = source.options;
  const found = await lookUp(certificateId, fresh, source);
  return fresh || found.use?.total !== 0 ? found : lookUp(certificateId, true, source);
}

async function lookUp(certificateId: string, fresh: boolean, source: Source): Promise<Bindings> {
  const params = { CertificateIds: [certificateId], IsCache: fresh ? 0 : 1 };
  const started = await source.ask(createCertificateBindResourceSyncTask, params, startedTasks);
  if (!started.found) return { words: inWords(started) };
  const [task] = started.value.CertTaskIds;
  if (!task?.TaskId) return { words: couldNotBeRead(safe`no task was started`) };
  const result = await resultOf(task.TaskId, source);
  return typeof result === "string" ? { words: result } : toldOf(result, certificateId, task.TaskId, source);
}

/** What a task found, or in words why it found nothing. */
async function resultOf(taskId: string, source: Source): Promise<TaskResult | SafeText> {
  const { bindingsWithinMs } = source.options;
  for (let waited = 0; ; waited += pollEveryMs) {
    const answer = await source.poll(describeCertificateBindResourceTaskResult, { TaskIds: [taskId] }, taskResults);
    if (!answer.found) return inWords(answer);
    const [result] = answer.value.SyncTaskBindResourceResult;
    if (result?.Status === taskStatus.done) return result;
    if (result?.Status === taskStatus.failed) {
      const code = result.Error?.Code;
      return couldNotBeRead(code ? termInWords(code) : safe`the task failed`);
    }
    if (waited + pollEveryMs > bindingsWithinMs) return lookingUp;
    await source.pause(pollEveryMs);
  }
}

async function toldOf(
  { BindResourceResult: types }: TaskResult,
  certificateId: string,
  TaskId: string,
  source: Source,
): Promise<Bindings> {
  const [words, total] = [countsInWords(types), totalOf(types)];
  const use = { total, isWhole: isWhole(types), resources: [] };
  if (total === 0) return { words, use };
  const params = { TaskId, Limit: String(instancesAtMost) };
  const named = await source.ask(describeCertificateBindResourceTaskDetail, params, z.record(z.unknown()));
  const parsed = named.found ? placesIn(named.value, certificateId) : [];
  const names = parsed.map(resourceInWords).sort();
  return {
    words,
    is: { counts: words, ...(names.length > 0 && { names: names.join() }) },
    use: { ...use, resources: parsed },
  };
}

function placesIn(detail: Readonly<Record<string, unknown>>, certificateId: string): Use["resources"] {
  try {
    return boundResources(detail, certificateId).flatMap((place) => ("error" in place ? [] : [place]));
  } catch (error) {
    // A reply of another form than documented names nothing; the counts stand.
    if (error instanceof z.ZodError) return [];
    throw error;
  }
}
