import {
  countsInWords,
  startedTasks,
  type TaskResult,
  taskResults,
  taskStatus,
} from "../catalogue/tencent-ssl/binding-replies.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { isoOf } from "../catalogue/tencent-ssl/time.js";
import { type SafeText, safe, termInWords } from "../visible.js";
import { inWords, type Source } from "./present-source.js";
import { couldNotBeRead, lookingUp } from "./present-words.js";

const pollEveryMs = 1_000;

/** How old an answer of the cloud may be that passes for what is now; it would give one of half an hour ago, too. */
const currentMs = 10_000;

/** So long after a change that was sent from here an answer is not taken from before it, whatever the two clocks say. */
const justChangedMs = 60_000;

/** What uses the certificate, in counts: "2 clb, 1 cdn". */
export async function bindingsOf(certificateId: string, source: Source): Promise<SafeText> {
  const { now = Date.now, changedSince = async () => false } = source.options;
  const fresh = source.options.fresh || (await changedSince(now() - justChangedMs));
  const isCurrent = ({ CacheTime }: TaskResult) => Math.abs(now() - Date.parse(isoOf(CacheTime) ?? "")) <= currentMs;
  // What a job has just had looked up need not be looked up again.
  const known = fresh ? undefined : await lookedUp(certificateId, 1, source, isCurrent);
  return known ?? (await lookedUp(certificateId, 0, source, () => true)) ?? lookingUp;
}

/** Undefined where the answer is not wanted. */
async function lookedUp(
  certificateId: string,
  IsCache: 0 | 1,
  source: Source,
  isWanted: (result: TaskResult) => boolean,
): Promise<SafeText | undefined> {
  const params = { CertificateIds: [certificateId], IsCache };
  const started = await source.ask(createCertificateBindResourceSyncTask, params, startedTasks);
  if (!started.found) return inWords(started);
  const [task] = started.value.CertTaskIds;
  return task?.TaskId ? resultOf(task.TaskId, source, isWanted) : couldNotBeRead(safe`no task was started`);
}

async function resultOf(
  taskId: string,
  source: Source,
  isWanted: (result: TaskResult) => boolean,
): Promise<SafeText | undefined> {
  const { bindingsWithinMs } = source.options;
  for (let waited = 0; ; waited += pollEveryMs) {
    const answer = await source.poll(describeCertificateBindResourceTaskResult, { TaskIds: [taskId] }, taskResults);
    if (!answer.found) return inWords(answer);
    const [result] = answer.value.SyncTaskBindResourceResult;
    if (result?.Status === taskStatus.done) {
      return isWanted(result) ? countsInWords(result.BindResourceResult) : undefined;
    }
    if (result?.Status === taskStatus.failed) {
      const code = result.Error?.Code;
      return couldNotBeRead(code ? termInWords(code) : safe`the task failed`);
    }
    if (waited + pollEveryMs > bindingsWithinMs) return lookingUp;
    await source.pause(pollEveryMs);
  }
}
