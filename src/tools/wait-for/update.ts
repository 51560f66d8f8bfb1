import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { PollResult } from "./poll.js";
import { isFailed, readUpdateRecord, recordItemLines, type UpdateRecord, updateRecords } from "./update-record.js";

const again =
  "If UpdateCertificateInstance answered DeployRecordId 0, call it again with the same arguments: only that call makes the record (or let deploy_certificate do it).";

/** Checks a one-click update by its record, or by the certificate that it replaces. */
export function pollUpdate(id: string, context: ToolContext): () => Promise<PollResult> {
  if (/^\d+$/.test(id)) {
    const record = recordIdIn(id);
    return async () => ofUpdate(record, await readUpdateRecord(record, context));
  }
  let found: Awaited<ReturnType<typeof latestRecord>>;
  return async () => {
    found ??= await latestRecord(id, context);
    // Waiting does not create a record.
    if (found === undefined) return { state: "needs a person", says: `No record replaces certificate ${id}. ${again}` };
    const finding = ofUpdate(found.record, await readUpdateRecord(found.record, context));
    const details = { ...finding.details, record_id: found.record };
    return { ...finding, details, says: `${finding.says} It is the latest that replaces ${found.what}. ${again}` };
  };
}

/** Checks the rollback of a one-click update by the record that it created. */
export async function pollRollback(id: string, context: ToolContext): Promise<PollResult> {
  const record = recordIdIn(id);
  const { finished, says, items } = await readUpdateRecord(record, context);
  // A rollback record has its own items; that those end as rolled back or as deployed is inferred
  // (docs/cloud-behaviour.md 3.5).
  const state = !finished ? "still running" : items.some(isFailed) ? "failed" : "done";
  return { state, says: `Rollback record ${record}: ${says}.`, details: { resources: recordItemLines(items) } };
}

function ofUpdate(id: number, { finished, says, items }: UpdateRecord): PollResult {
  const details = { resources: recordItemLines(items) };
  const subject = `Record ${id}: ${says}.`;
  if (!finished) return { state: "still running", says: subject, details };
  const back = items.some(({ Status }) => Status === itemStatus.rolledBack);
  if (items.some(isFailed)) {
    const next = "UpdateCertificateRecordRetry retries the failed ones.";
    return { state: "failed", says: `${subject} ${next}`, details };
  }
  if (back) return { state: "failed", says: `${subject} It was rolled back.`, details };
  const unseen = "What the edge serves was not checked.";
  return { state: "done", says: `${subject} ${unseen}`, details };
}

function recordIdIn(id: string): number {
  const record = /^\d+$/.test(id) ? Number(id) : 0;
  if (record > 0 && Number.isSafeInteger(record)) return record;
  throw unusable(
    `"${id}" is not a deployment record.`,
    "Give the DeployRecordId; if it was 0, the old certificate's id with what: update.",
  );
}

async function latestRecord(oldCertificateId: string, context: ToolContext) {
  const records = await updateRecords({ OldCertificateId: oldCertificateId }, context);
  const [latest] = records.toSorted((one, other) => (other.Id ?? 0) - (one.Id ?? 0));
  if (!latest?.Id) return undefined;
  const { Id: record, CertId: to, CreateTime } = latest;
  const at = isoOf(CreateTime);
  return { record, what: `${oldCertificateId}${to ? ` by ${to}` : ""}${at ? `, made ${at}` : ""}` };
}
