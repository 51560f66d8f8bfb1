import { defineRead } from "../operation.js";
import { integer, struct } from "../params.js";
import { array, int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId } from "./params.js";
import { updateRecordInfo } from "./types-update.js";

export const describeHostUpdateRecord = defineRead({
  name: "DescribeHostUpdateRecord",
  service: tencentSsl,
  title: "List one-click update records",
  summary: "List the deployment records that UpdateCertificateInstance made, for a new or an old certificate.",
  effect: "read",
  retry: "read",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 10", { min: 0 }).optional(),
    CertificateId: certificateId("New certificate ID").optional(),
    OldCertificateId: certificateId("Old certificate ID").optional(),
  }),
  result: reply({ TotalCount: int(), DeployRecordList: array(updateRecordInfo) }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CertificateNotAvailable",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ],
});
