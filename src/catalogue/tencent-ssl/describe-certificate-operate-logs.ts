import { defineRead } from "../operation.js";
import { integer, struct, text } from "../params.js";
import { array, int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { operationLog } from "./types-certificate.js";

export const describeCertificateOperateLogs = defineRead({
  name: "DescribeCertificateOperateLogs",
  service: tencentSsl,
  title: "List certificate operations",
  summary:
    "Who applied for, uploaded, downloaded, reissued, renamed, cancelled or deleted certificates; no deployments. The last 15 days unless StartTime is given.",
  effect: "read",
  retry: "read",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 20", { min: 0, max: 1000 }).optional(),
    StartTime: text("YYYY-MM-DD HH:mm:ss, UTC+8").optional(),
    EndTime: text("Same form; default now").optional(),
  }),
  result: reply({ AllTotal: int(), TotalCount: int(), OperateLogs: array(operationLog) }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
  ],
});
