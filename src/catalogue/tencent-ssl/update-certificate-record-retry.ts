import { changing } from "../operation.js";
import { integer, struct } from "../params.js";
import { reply } from "../results.js";
import { tencentSsl } from "../services.js";

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
