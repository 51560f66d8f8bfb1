import { countsInWords, startedTasks, taskResults, taskStatus } from "../catalogue/tencent-ssl/binding-replies.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { type SafeText, safe, termInWords } from "../visible.js";
import { inWords, type Source } from "./present-source.js";
import { couldNotBeRead, lookingUp } from "./present-words.js";

const pollEveryMs = 1_000;

/** What uses the certificate, in counts: "2 clb, 1 cdn". */
export async function bindingsOf(certificateId: string, source: Source): Promise<SafeText> {
  // An answer that is half an hour old is not what there is now.
  const params = { CertificateIds: [certificateId], IsCache: 0 };
  const started = await source.ask(createCertificateBindResourceSyncTask, params, startedTasks);
  if (!started.found) return inWords(started);
  const [task] = started.value.CertTaskIds;
  return task?.TaskId ? resultOf(task.TaskId, source) : couldNotBeRead(safe`no task was started`);
}

async function resultOf(taskId: string, source: Source): Promise<SafeText> {
  const { bindingsWithinMs } = source.options;
  for (let waited = 0; ; waited += pollEveryMs) {
    const answer = await source.poll(describeCertificateBindResourceTaskResult, { TaskIds: [taskId] }, taskResults);
    if (!answer.found) return inWords(answer);
    const [result] = answer.value.SyncTaskBindResourceResult;
    if (result?.Status === taskStatus.done) return countsInWords(result.BindResourceResult);
    if (result?.Status === taskStatus.failed) {
      const code = result.Error?.Code;
      return couldNotBeRead(code ? termInWords(code) : safe`the task failed`);
    }
    if (waited + pollEveryMs > bindingsWithinMs) return lookingUp;
    await source.pause(pollEveryMs);
  }
}
