import { changing } from "../operation.js";
import { integer, struct } from "../params.js";
import { planned } from "../planned.js";
import { reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { deploymentSubject } from "./params.js";

export const updateCertificateRecordRetry = changing({
  name: "UpdateCertificateRecordRetry",
  service: tencentSsl,
  title: "Retry a failed deployment",
  summary:
    "Deploy again what failed in an update. Give either ID; the reply is empty, so poll DescribeHostUpdateRecordDetail.",
  effect: "traffic",
  retry: "look-first",
  params: struct({
    DeployRecordId: integer("Record ID").optional(),
    DeployRecordDetailId: integer("Failed item's ID").optional(),
  }),
  result: reply({}),
  ask: (p) => {
    const item = p.DeployRecordDetailId === undefined ? "every failed item" : `failed item ${p.DeployRecordDetailId}`;
    return `Deploy ${item}${p.DeployRecordId === undefined ? "" : ` of record ${p.DeployRecordId}`} again?`;
  },
  changes: ({ DeployRecordId: record, DeployRecordDetailId: item }) => {
    const then = item === undefined ? "every failed item deployed again" : `failed item ${item} deployed again`;
    const alone = record === undefined && item !== undefined;
    return [planned(alone ? { kind: "deployment-item", id: item } : deploymentSubject(record), "deployment", then)];
  },
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CertificateDeployHasPendingRecord",
    "FailedOperation.CertificateDeployRetryStatusInvalid",
    "FailedOperation.CertificateNotDeployInstance",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ],
});
