import { defineRead } from "../operation.js";
import { numericText, struct } from "../params.js";
import { array, int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { updateRecordDetails } from "./types-update.js";

export const describeHostUpdateRecordDetail = defineRead({
  name: "DescribeHostUpdateRecordDetail",
  service: tencentSsl,
  title: "Follow a one-click update",
  summary:
    "Progress of a deployment record by resource. Status: 0 waiting, 1 done, 2 failed, 3 running, 4 rolled back, 5 rollback failed, 6 nothing to do.",
  effect: "read",
  retry: "read",
  params: struct({
    DeployRecordId: numericText("From UpdateCertificateInstance or UpdateCertificateRecordRollback"),
    Limit: numericText("Default 10", { max: 200 }).optional(),
    Offset: numericText("Default 0").optional(),
  }),
  result: reply({
    TotalCount: int(),
    RecordDetailList: array(updateRecordDetails),
    SuccessTotalCount: int(),
    FailedTotalCount: int(),
    RunningTotalCount: int(),
    PendingTotalCount: int(),
  }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CertificateDeployNotExist",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ],
});
