import { z } from "zod";
import { optionalList, optionalNumber, optionalText, optionalTexts } from "../lenient.js";

/** The parts of a record of a one-click update or its rollback that the program itself reads. */

const item = z.object({
  CertId: optionalText,
  OldCertId: optionalText,
  Domains: optionalTexts,
  ResourceType: optionalText,
  Region: optionalText,
  Status: optionalNumber,
  ErrorMsg: optionalText,
  InstanceId: optionalText,
  ListenerId: optionalText,
  Bucket: optionalText,
  Namespace: optionalText,
  SecretName: optionalText,
  EnvId: optionalText,
});
export type RecordItem = z.output<typeof item>;

export const updateRecord = z.object({
  TotalCount: optionalNumber,
  SuccessTotalCount: optionalNumber,
  FailedTotalCount: optionalNumber,
  RunningTotalCount: optionalNumber,
  PendingTotalCount: optionalNumber,
  RecordDetailList: optionalList(z.object({ List: optionalList(item) })),
});

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
export function itemsOf({ RecordDetailList: products }: z.output<typeof updateRecord>): readonly RecordItem[] {
  return products.flatMap(({ List }) => List);
}

/** Identifies the resource within its product and region: instance and listener, bucket, or environment and secret. */
export function pathOf(it: RecordItem): readonly string[] {
  return [it.InstanceId, it.ListenerId, it.Bucket, it.EnvId, it.Namespace, it.SecretName].flatMap((part) => part || []);
}
