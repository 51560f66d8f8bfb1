import { z } from "zod";
import { joined, type SafeText, safe, termInWords } from "../../visible.js";
import { list, number, text } from "../loose.js";

/** What the program itself reads of a task that looks up which cloud resources use a certificate. */

export const startedTasks = z.object({ CertTaskIds: list(z.object({ CertId: text, TaskId: text })) });

const counted = z.object({
  ResourceType: text,
  BindResourceRegionResult: list(z.object({ Region: text, TotalCount: number, Error: text })),
});
type Counted = z.output<typeof counted>;

export const taskResults = z.object({
  SyncTaskBindResourceResult: list(
    z.object({
      TaskId: text,
      Status: number,
      BindResourceResult: list(counted),
      Error: z.object({ Code: text }).nullish().catch(undefined),
      CacheTime: text,
    }),
  ),
});
export type TaskResult = z.output<typeof taskResults>["SyncTaskBindResourceResult"][number];

/** docs/cloud-behaviour.md 3.4. */
export const taskStatus = { running: 0, done: 1, failed: 2 } as const;

const countOf = ({ BindResourceRegionResult: regions }: Counted) =>
  regions.reduce((sum, { TotalCount }) => sum + (TotalCount ?? 0), 0);

/** How many resources there are, as far as they were counted. */
export function totalOf(types: readonly Counted[]): number {
  return types.reduce((sum, type) => sum + countOf(type), 0);
}

/** Whether each product and region was counted. */
export function isWhole(types: readonly Counted[]): boolean {
  return !types.some((type) => type.BindResourceRegionResult.some(({ Error: error }) => error));
}

/** "2 clb, 1 cdn", or "none"; `inWords` names a product. */
export function countsInWords(types: readonly Counted[], inWords = termInWords): SafeText {
  const counts = types
    .map(({ ResourceType: type, ...rest }) => ({
      type: type ? inWords(type) : safe`of unknown type`,
      count: countOf({ ResourceType: type, ...rest }),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || String(a.type).localeCompare(String(b.type)))
    .map(({ type, count }) => safe`${count} ${type}`);
  if (!isWhole(types)) counts.push(safe`some not counted because of errors`);
  return counts.length === 0 ? safe`none` : joined(counts);
}
