import { safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { integer, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { codes, limitedErrors } from "./error-codes.js";
import { deploymentSubject, missingRecord } from "./params.js";
import { unlessEnded } from "./preconditions.js";

export const updateCertificateRecordRetry = defineChange({
  name: "UpdateCertificateRecordRetry",
  service: tencentSsl,
  title: "Retry a failed deployment",
  titleInChinese: "重试失败的云资源更新",
  summary:
    "Deploy again what failed in an update. Give either ID; the reply is empty, so poll DescribeHostUpdateRecordDetail.",
  effect: "traffic",
  retry: "verify-first",
  params: struct({
    DeployRecordId: integer("Record ID").optional(),
    DeployRecordDetailId: integer("Failed item's ID").optional(),
  }),
  example: { DeployRecordId: 1499393 },
  result: reply({}),
  approvalQuestion: (p) => {
    const { DeployRecordId: record, DeployRecordDetailId: item } = p;
    const what = item === undefined ? safe`every failed item` : safe`failed item ${item}`;
    return safe`Deploy ${what}${record === undefined ? safe`` : safe` of record ${record}`} again?`;
  },
  plannedChanges: ({ DeployRecordId: record, DeployRecordDetailId: item }) => {
    const then = item === undefined ? safe`every failed item deployed again` : safe`failed item ${item} deployed again`;
    const alone = record === undefined && item !== undefined;
    const subject = alone ? ({ kind: "deployment-item", id: item } as const) : deploymentSubject(record);
    return [planned(subject, "deployment", then, { items: "tried again" })];
  },
  obstacles: ({ DeployRecordId }, found) =>
    unlessEnded(DeployRecordId, found, "failed", (id) => safe`nothing in deployment record ${id} has failed`),
  checks: ({ DeployRecordId: record, DeployRecordDetailId: item }) =>
    record === undefined && item === undefined ? [missingRecord("Give DeployRecordId or DeployRecordDetailId.")] : [],
  errors: codes(
    limitedErrors,
    "FailedOperation.CertificateDeployHasPendingRecord",
    "FailedOperation.CertificateDeployRetryStatusInvalid",
    "FailedOperation.CertificateNotDeployInstance",
  ),
});
