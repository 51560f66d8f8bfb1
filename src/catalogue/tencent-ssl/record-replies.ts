import { z } from "zod";
import { list, number, text, texts } from "../loose.js";

/** What the program itself reads of the record of a one-click update, or of its rollback. */

const item = z.object({
  CertId: text,
  OldCertId: text,
  Domains: texts,
  ResourceType: text,
  Region: text,
  Status: number,
  ErrorMsg: text,
  InstanceId: text,
  ListenerId: text,
  Bucket: text,
  Namespace: text,
  SecretName: text,
  EnvId: text,
});
export type RecordItem = z.output<typeof item>;

export const updateRecord = z.object({
  TotalCount: number,
  SuccessTotalCount: number,
  FailedTotalCount: number,
  RunningTotalCount: number,
  PendingTotalCount: number,
  RecordDetailList: list(z.object({ List: list(item) })),
});

/** Longest page, in items of all products together (docs/cloud-behaviour.md 3.8). */
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
export function itemsOf({ RecordDetailList: products }: z.output<typeof updateRecord>): readonly RecordItem[] {
  return products.flatMap(({ List }) => List);
}

/** What names the resource within its product and region: instance and listener, bucket, or environment and secret. */
export function pathOf(it: RecordItem): readonly string[] {
  return [it.InstanceId, it.ListenerId, it.Bucket, it.EnvId, it.Namespace, it.SecretName].flatMap((part) => part || []);
}
