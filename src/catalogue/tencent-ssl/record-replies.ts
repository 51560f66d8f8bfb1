import type { ReplyOf } from "../documented-reply.js";
import type { describeHostUpdateRecordDetail } from "./describe-host-update-record-detail.js";

/* Reads a record of a one-click update or its rollback. */

export type RecordReply = ReplyOf<typeof describeHostUpdateRecordDetail>;
export type RecordItem = RecordReply["RecordDetailList"][number]["List"][number];

/** Longest page, counting the items of all products (docs/cloud-behaviour.md 3.8). */
export const itemsAPage = 200;

/** States of one resource of a record (docs/cloud-behaviour.md 3.5). */
export const itemStatus = {
  waiting: 0,
  deployed: 1,
  failed: 2,
  deploying: 3,
  rolledBack: 4,
  rollbackFailed: 5,
  nothingToDo: 6,
} as const;

/** The items of all products. */
export function itemsOf({ RecordDetailList: products }: RecordReply): readonly RecordItem[] {
  return products.flatMap(({ List }) => List);
}

/** Identifies the resource within its product and region: instance and listener, bucket, or environment and secret. */
export function pathOf(it: RecordItem): readonly string[] {
  return [it.InstanceId, it.ListenerId, it.Bucket, it.EnvId, it.Namespace, it.SecretName].flatMap((part) => part || []);
}
