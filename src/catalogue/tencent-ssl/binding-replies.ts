import { formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import type { ReplyOf } from "../documented-reply.js";
import { countOfProduct } from "../naming.js";
import type { describeCertificateBindResourceTaskResult } from "./describe-certificate-bind-resource-task-result.js";

/* Reads the reply about a certificate's bound cloud resources. */

type TaskResults = ReplyOf<typeof describeCertificateBindResourceTaskResult>;
export type TaskResult = TaskResults["SyncTaskBindResourceResult"][number];
type Counted = TaskResult["BindResourceResult"][number];

/** docs/cloud-behaviour.md 3.8: per product and region. */
const instancesAtMost = 100;

/** Parameters of the read that names the resources which a task found. */
export const taskDetailParams = (TaskId: string) => ({ TaskId, Limit: String(instancesAtMost) });

/** docs/cloud-behaviour.md 3.4. */
export const taskStatus = { running: 0, done: 1, failed: 2 } as const;

const countOf = ({ BindResourceRegionResult: regions }: Counted) =>
  regions.reduce((sum, { TotalCount }) => sum + Math.max(0, TotalCount ?? 0), 0);

/** Number of resources, as far as they were counted. */
export function totalOf(types: readonly Counted[]): number {
  return types.reduce((sum, type) => sum + countOf(type), 0);
}

/**
 * Whether every product and region was counted. A count that is missing, or of another form, is no zero, and a result
 * without any product says nothing (docs/cloud-behaviour.md 3.4).
 */
export function isComplete(types: readonly Counted[]): boolean {
  return types.length > 0 && types.every(({ BindResourceRegionResult: regions }) => regions.every(isCounted));
}

/** Whether a product was counted in this region. */
export function isCounted({ TotalCount: count, Error: error }: Counted["BindResourceRegionResult"][number]): boolean {
  return !error && typeof count === "number" && count >= 0;
}

/** "2 clb, 1 cdn", or "none"; `format` names a product. */
export function describeCounts(types: readonly Counted[], format = formatId): SafeText {
  const counts = types
    .map((type) => ({ name: type.ResourceType ? format(type.ResourceType) : undefined, count: countOf(type) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || String(a.name).localeCompare(String(b.name)))
    .map(({ name, count }) => (name === undefined ? safe`${count} of unknown type` : countOfProduct(count, name)));
  if (!isComplete(types)) counts.push(safe`some not counted`);
  return counts.length === 0 ? safe`none` : joined(counts);
}
