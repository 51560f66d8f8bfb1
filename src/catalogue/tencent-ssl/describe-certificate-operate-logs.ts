import { defineRead } from "../operation.js";
import { integer, struct, text } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { codes, commonErrors } from "./error-codes.js";
import { operationLog } from "./types-certificate.js";

export const describeCertificateOperateLogs = defineRead({
  name: "DescribeCertificateOperateLogs",
  service: tencentSsl,
  title: "List certificate operations",
  titleInChinese: "查询证书操作日志",
  summary:
    "Who applied for, uploaded, downloaded, reissued, renamed, cancelled or deleted certificates; no deployments. The last 15 days unless StartTime is given.",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 20; over 1000 counts as 1000", { min: 0 }).optional(),
    StartTime: text("YYYY-MM-DD HH:mm:ss, UTC+8").optional(),
    EndTime: text("Same form; default now").optional(),
  }),
  example: { Limit: 20 },
  result: reply({ AllTotal: int(), TotalCount: int(), OperateLogs: rows(operationLog) }),
  replyFacts: {
    // Here TotalCount is the number of rows of this page (docs/cloud-behaviour.md 3.8).
    paging: { by: "page", list: "OperateLogs", total: "AllTotal", narrow: ["StartTime", "EndTime"] },
  },
  errors: codes(commonErrors, "FailedOperation"),
});
