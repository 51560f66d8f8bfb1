import type { Use } from "../../catalogue/current-state-types.js";
import {
  describeCounts,
  isComplete,
  type TaskResult,
  taskDetailParams,
  taskStatus,
  totalOf,
} from "../../catalogue/tencent-ssl/binding-replies.js";
import { boundResourcesIn, describeResource, productBrand } from "../../catalogue/tencent-ssl/bound-resources.js";
import { createCertificateBindResourceSyncTask } from "../../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { formatId, SafeText, safe } from "../../lib/safe-text.js";
import type { DescribedValue } from "./reading.js";
import { describeMissing, type StateReader } from "./state-reader.js";
import { couldNotBeRead, lookingUp } from "./texts.js";

const pollEveryMs = 1_000;

/** How old a cloud answer may be to count as current; the cloud itself returns answers up to half an hour old. */
const maxAnswerAgeMs = 10_000;

/** For this long after a change sent from here, no earlier answer is used, whatever the two clocks say. */
const justChangedMs = 60_000;

/** What uses a certificate, as counts ("2 clb, 1 cdn"), as far as known. */
interface BindingsReading extends DescribedValue {
  readonly use?: Use;
}

/** Looks up what uses the certificate. An old "nothing" must not allow a deletion, so it is always looked up again. */
export async function bindingsOf(certificateId: string, source: StateReader): Promise<BindingsReading> {
  const { now, changedSince } = source.options;
  const fresh = source.options.fresh || (await changedSince(now() - justChangedMs));
  const isCurrent = ({ CacheTime, BindResourceResult }: TaskResult) =>
    Math.abs(now() - Date.parse(isoOf(CacheTime) ?? "")) <= maxAnswerAgeMs && totalOf(BindResourceResult) > 0;
  // A job's recent look-up is reused.
  const known = fresh ? undefined : await readBindings(certificateId, 1, source, isCurrent);
  return known ?? (await readBindings(certificateId, 0, source, () => true)) ?? { words: lookingUp };
}

/** Undefined if the answer is not acceptable. */
async function readBindings(
  certificateId: string,
  IsCache: 0 | 1,
  source: StateReader,
  isWanted: (result: TaskResult) => boolean,
): Promise<BindingsReading | undefined> {
  const params = { CertificateIds: [certificateId], IsCache };
  const started = await source.ask(createCertificateBindResourceSyncTask, params);
  if (!started.found) return { words: describeMissing(started) };
  const [task] = started.value.CertTaskIds;
  if (!task?.TaskId) return { words: couldNotBeRead(safe`no task was started`) };
  const result = await resultOf(task.TaskId, source);
  if (result instanceof SafeText) return { words: result };
  return isWanted(result) ? describeUse(result, certificateId, task.TaskId, source) : undefined;
}

/** What a task found, or why it found nothing, in words. */
async function resultOf(taskId: string, source: StateReader): Promise<TaskResult | SafeText> {
  const { bindingsWithinMs } = source.options;
  for (let waited = 0; ; waited += pollEveryMs) {
    const answer = await source.poll(describeCertificateBindResourceTaskResult, { TaskIds: [taskId] });
    if (!answer.found) return describeMissing(answer);
    const [result] = answer.value.SyncTaskBindResourceResult;
    if (result?.Status === taskStatus.done) return result;
    if (result?.Status === taskStatus.failed) {
      const code = result.Error?.Code;
      return couldNotBeRead(code ? formatId(code) : safe`the task failed`);
    }
    if (waited + pollEveryMs > bindingsWithinMs) return lookingUp;
    await source.pause(pollEveryMs);
  }
}

async function describeUse(
  { BindResourceResult: types }: TaskResult,
  certificateId: string,
  taskId: string,
  source: StateReader,
): Promise<BindingsReading> {
  const [words, total] = [describeCounts(types, productBrand), totalOf(types)];
  const use = { total, isWhole: isComplete(types), resources: [] };
  if (total === 0) return { words, use };
  const named = await source.ask(describeCertificateBindResourceTaskDetail, taskDetailParams(taskId));
  const found = named.found ? boundResourcesIn(named.value, certificateId) : [];
  const resources = found.flatMap((place) => ("error" in place ? [] : [place]));
  const names = resources.map((place) => String(describeResource(place))).sort();
  return {
    words,
    is: { counts: String(words), ...(names.length > 0 && { names: names.join() }) },
    use: { ...use, resources },
  };
}
