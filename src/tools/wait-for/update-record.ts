import { deploymentStatuses } from "../../catalogue/tencent-ssl/code-meanings.js";
import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "../../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import {
  itemStatus,
  itemsAPage,
  itemsOf,
  pathOf,
  type RecordItem,
} from "../../catalogue/tencent-ssl/record-replies.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { rolloutWithinMs } from "../../jobs/requests.js";
import { asInDns } from "../../lib/domain-name.js";
import { firstOf, groupedBy } from "../../lib/lists.js";
import { inQuotes } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readOnce } from "../cloud-reads.js";
import type { PollResult } from "./poll.js";

/** A one-click update, or its rollback, with all its resources. */
export interface UpdateRecord {
  readonly items: readonly RecordItem[];
  /**
   * Nothing in it is in progress any more, and its rows agree with its counts (docs/cloud-behaviour.md 3.5, inferred from
   * what finished records show).
   */
  readonly finished: boolean;
  /** "3 of 5 resources settled: 2 deployed, 1 failed, 2 being deployed". */
  readonly says: string;
}

/** Offset counts the resources of all products together. */
const itemsAtMost = 20_000;

/** @throws {ToolError} if the record does not exist or could not be read */
export async function readUpdateRecord(id: number, context: Pick<ToolContext, "read">): Promise<UpdateRecord> {
  const items: RecordItem[] = [];
  const known = new Set<number>();
  let received = 0;
  const ofType = new Map<string, number>();
  let total = 0;
  let inProgress = 0;
  let failures = 0;
  do {
    const params = { DeployRecordId: String(id), Limit: String(itemsAPage), Offset: String(received) };
    const answer = await readOnce(context, describeHostUpdateRecordDetail, params);
    const rows = itemsOf(answer);
    received += rows.length;
    // Rows that move while pages are read, or a page that comes twice, must not stand for other resources.
    const fresh = rows.filter(({ Id }) => !Id || !known.has(Id));
    for (const { Id } of fresh) if (Id) known.add(Id);
    items.push(...fresh);
    for (const { ResourceType: type, TotalCount } of answer.RecordDetailList) {
      ofType.set(type ?? "", Math.max(ofType.get(type ?? "") ?? 0, TotalCount ?? 0));
    }
    failures = answer.FailedTotalCount ?? 0;
    inProgress = (answer.RunningTotalCount ?? 0) + (answer.PendingTotalCount ?? 0);
    const ended = (answer.SuccessTotalCount ?? 0) + failures;
    const byType = [...ofType.values()].reduce((sum, count) => sum + count, 0);
    total = Math.max(answer.TotalCount ?? 0, ended + inProgress, byType, items.length);
    if (fresh.length === 0) break;
  } while (items.length < total && received < itemsAtMost);
  const open = items.filter(({ Status }) => isOpen(Status)).length;
  const settled = items.length - open;
  const unlisted = Math.max(0, failures - items.filter(isFailed).length);
  const counted = unlisted > 0 ? `; ${unlisted} more counted as failed` : "";
  return {
    items,
    finished: total > 0 && items.length >= total && open === 0 && inProgress === 0 && unlisted === 0,
    says: `${settled} of ${total} resources settled${items.length > 0 ? `: ${countsOf(items)}` : ""}${counted}`,
  };
}

/** The order (newest first) is not documented, so more than one is requested. */
const recordsAtMost = 100;

/** The newest records, of all certificates or of those in `filter`. */
export async function updateRecords(
  filter: { readonly OldCertificateId?: string; readonly CertificateId?: string },
  context: ToolContext,
) {
  return (await readOnce(context, describeHostUpdateRecord, { ...filter, Limit: recordsAtMost })).DeployRecordList;
}

/** A missing or undocumented status does not count as finished. */
function isOpen(status: RecordItem["Status"]): boolean {
  const { deployed, failed, rolledBack, rollbackFailed, nothingToDo } = itemStatus;
  return ![deployed, failed, rolledBack, rollbackFailed, nothingToDo].some((ended) => ended === status);
}

function countsOf(items: readonly RecordItem[]): string {
  const groups = groupedBy(items, ({ Status }) => describeItemStatus(Status));
  return [...groups].map(([words, all]) => `${all.length} ${words}`).join(", ");
}

function describeItemStatus(status: RecordItem["Status"]): string {
  if (status === null || status === undefined) return "status not reported";
  return deploymentStatuses.get(String(status)) ?? `status ${status}`;
}

export function isFailed({ Status }: RecordItem): boolean {
  return Status === itemStatus.failed || Status === itemStatus.rollbackFailed;
}

const linesAtMost = 50;

/** One line per resource, failed ones first: "clb ap-singapore lb-1/lbl-2 www.example.com: deployed". */
export function recordItemLines(items: readonly RecordItem[]): string[] {
  const ordered = [...items].sort((one, other) => Number(isFailed(other)) - Number(isFailed(one)));
  return firstOf(ordered.map(lineOf), linesAtMost);
}

function lineOf(it: RecordItem): string {
  const named = [it.ResourceType, it.Region, pathOf(it).join("/"), ...it.Domains].filter(Boolean).join(" ");
  return `${named}: ${describeItemStatus(it.Status)}${it.ErrorMsg ? `: ${inQuotes(it.ErrorMsg)}` : ""}`;
}

/** Resources of one product that a one-click update of Tencent Cloud, or its rollback, is changing now. */
export interface UpdateInProgress {
  readonly record: number;
  /** Ids of certificates at Tencent Cloud SSL. */
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly domains: readonly string[];
}

/** Records of the last hour to read. */
const recordsRead = 20;

/** What a record has not reached yet will soon be served as the record says, whatever a list of resources shows now. */
export async function updatesInProgress(context: ToolContext): Promise<readonly UpdateInProgress[]> {
  const records = await updateRecords({}, context);
  const since = context.now().getTime() - rolloutWithinMs;
  // The documents do not say which values the status of a record has; records of today are read.
  const isRecent = (...times: (string | null | undefined)[]) =>
    times.some((time) => !(Date.parse(isoOf(time) ?? "") < since));
  const recent = records
    .filter(({ CreateTime, UpdateTime }) => isRecent(CreateTime, UpdateTime))
    .sort((one, other) => (other.Id ?? 0) - (one.Id ?? 0))
    .slice(0, recordsRead);
  const updates: UpdateInProgress[] = [];
  for (const { Id: record, CertId: to, OldCertId: from } of recent) {
    if (!record) continue;
    const { finished, items } = await readUpdateRecord(record, context);
    if (finished) continue;
    for (const [type, ofType] of groupedBy(items, ({ ResourceType }) => ResourceType?.toLowerCase() ?? "")) {
      const domains = ofType.flatMap(({ Domains }) => Domains.map(asInDns));
      updates.push({ record, from: from ?? "", to: to ?? "", type, domains });
    }
  }
  return updates;
}

/** Why nothing else can be sent in the meantime. */
export function stillRunning({ record, from, to }: UpdateInProgress): string {
  return `record ${record} is still running, from certificate ${from} to ${to}: wait_for it (update, ${record}), then call again`;
}

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
  const ended = (state: PollResult["state"], says: string) => ({ state, says: `${subject} ${says}`, details });
  if (items.some(isFailed)) return ended("failed", "UpdateCertificateRecordRetry retries the failed ones.");
  const isBack = items.some(({ Status }) => Status === itemStatus.rolledBack);
  return isBack ? ended("failed", "It was rolled back.") : ended("done", "What the edge serves was not checked.");
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
