import { z } from "zod";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { inWords, list, number, type Source, text } from "./present-source.js";
import { couldNotBeRead, lookingUp } from "./present-words.js";

const tasks = z.object({ CertTaskIds: list(z.object({ TaskId: text })) });

const counted = z.object({
  ResourceType: text,
  BindResourceRegionResult: list(z.object({ TotalCount: number, Error: text })),
});
const results = z.object({
  SyncTaskBindResourceResult: list(
    z.object({
      Status: number,
      BindResourceResult: list(counted),
      Error: z.object({ Code: text }).nullish().catch(undefined),
    }),
  ),
});

/** FACTS.md 6.4. */
const done = 1;
const failed = 2;

const pollEveryMs = 1_000;

/** What uses the certificate, in counts: "2 clb, 1 cdn". */
export async function bindingsOf(certificateId: string, source: Source): Promise<string> {
  const { fresh = false } = source.options;
  const params = { CertificateIds: [certificateId], IsCache: fresh ? 0 : 1 };
  const started = await source.ask(createCertificateBindResourceSyncTask, params, tasks);
  if (!started.found) return inWords(started);
  const [task] = started.value.CertTaskIds;
  return task?.TaskId ? resultOf(task.TaskId, source) : couldNotBeRead("no task was started");
}

async function resultOf(taskId: string, source: Source): Promise<string> {
  const { bindingsWithinMs } = source.options;
  for (let waited = 0; ; waited += pollEveryMs) {
    const answer = await source.poll(describeCertificateBindResourceTaskResult, { TaskIds: [taskId] }, results);
    if (!answer.found) return inWords(answer);
    const [result] = answer.value.SyncTaskBindResourceResult;
    if (result?.Status === done) return countsIn(result.BindResourceResult);
    if (result?.Status === failed) return couldNotBeRead(result.Error?.Code ?? "the task failed");
    if (waited + pollEveryMs > bindingsWithinMs) return lookingUp;
    await source.pause(pollEveryMs);
  }
}

function countsIn(types: readonly z.output<typeof counted>[]): string {
  const regions = types.flatMap((type) => type.BindResourceRegionResult);
  const counts = types
    .map(({ ResourceType, BindResourceRegionResult: byRegion }) => ({
      type: ResourceType ?? "of unknown type",
      count: byRegion.reduce((sum, { TotalCount }) => sum + (TotalCount ?? 0), 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type))
    .map(({ type, count }) => `${count} ${type}`);
  if (regions.some(({ Error: error }) => error)) counts.push("some not counted because of errors");
  return counts.join(", ") || "none";
}
