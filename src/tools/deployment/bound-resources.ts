import { startedTasks, taskResults, taskStatus } from "../../catalogue/tencent-ssl/binding-replies.js";
import { createCertificateBindResourceSyncTask } from "../../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskResult } from "../../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { inQuotes, termInWords } from "../../lib/escape-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { pauseFor, readAs } from "../read-with-retry.js";

/** A product, in one region if it has regions, and how many of its resources use a certificate. */
export interface BoundResourceGroup {
  readonly type: string;
  readonly region: string;
  readonly count: number;
}

const withinMs = 120_000;
const pauses = [500, 1_000, 2_000];

/**
 * Where a certificate is used now. The cloud looks it up again, because a cached answer could miss resources.
 * @throws {ToolError} if that cannot be found out completely
 */
export async function boundResourcesOf(
  certificateId: string,
  context: ToolContext,
): Promise<readonly BoundResourceGroup[]> {
  const started = await readAs(
    context,
    createCertificateBindResourceSyncTask,
    { CertificateIds: [certificateId], IsCache: 0 },
    startedTasks,
  );
  const taskId = started.CertTaskIds[0]?.TaskId;
  if (!taskId) throw unknown(certificateId, "no task was started");
  const deadline = context.now().getTime() + withinMs;
  for (let turn = 0; ; turn++) {
    context.progress(`looking up what uses certificate ${certificateId}`);
    const params = { TaskIds: [taskId] };
    const answer = await readAs(context, describeCertificateBindResourceTaskResult, params, taskResults);
    const [result] = answer.SyncTaskBindResourceResult;
    if (result?.Status === taskStatus.failed) {
      const code = result.Error?.Code;
      throw unknown(certificateId, code ? String(termInWords(code)) : "the look-up failed");
    }
    if (result?.Status === taskStatus.done) return placesIn(result.BindResourceResult, certificateId);
    if (context.now().getTime() >= deadline) throw unknown(certificateId, "the cloud is still looking it up");
    await pauseFor(context, pauses[turn] ?? 3_000);
  }
}

type Counted = ReturnType<typeof taskResults.parse>["SyncTaskBindResourceResult"][number]["BindResourceResult"];

function placesIn(types: Counted, certificateId: string): BoundResourceGroup[] {
  return types.flatMap(({ ResourceType, BindResourceRegionResult: regions }) =>
    regions.flatMap(({ Region, TotalCount, Error: error }) => {
      if (error) throw unknown(certificateId, `${ResourceType}: ${inQuotes(error)}`);
      return ResourceType && TotalCount
        ? [{ type: ResourceType.toLowerCase(), region: Region ?? "", count: TotalCount }]
        : [];
    }),
  );
}

function unknown(certificateId: string, why: string): ToolError {
  return new ToolError({
    kind: "cloud",
    happened: `What uses certificate ${certificateId} could not be determined: ${why}.`,
    changed: "no",
    next: "Call again in a minute; or name resource_types and regions to skip the lookup.",
  });
}
