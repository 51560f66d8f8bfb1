import { defineRead } from "../operation.js";
import { integer, struct } from "../params.js";
import { int, members, reply, rows, string, strings } from "../results.js";
import { tencentSsl } from "../services.js";
import { deploymentStatuses } from "./code-meanings.js";
import { codes, limitedErrors } from "./error-codes.js";
import { certificateId } from "./params.js";

export const describeHostUpdateRecord = defineRead({
  name: "DescribeHostUpdateRecord",
  service: tencentSsl,
  title: "List one-click update records",
  titleInChinese: "查询一键更新记录列表",
  summary: "List the deployment records that UpdateCertificateInstance made, for a new or an old certificate.",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 10", { min: 0 }).optional(),
    CertificateId: certificateId("New certificate ID").optional(),
    OldCertificateId: certificateId("Old certificate ID").optional(),
  }),
  example: { OldCertificateId: "5mT7wB2c" },
  result: reply({
    TotalCount: int(),
    DeployRecordList: rows(
      members({
        Id: int(),
        CertId: string(),
        OldCertId: string(),
        ResourceTypes: strings(),
        Regions: strings(),
        Status: int(),
        CreateTime: string(),
        UpdateTime: string(),
      }),
    ),
  }),
  // Inferred: a record has the same states as its items; the documents do not list them.
  replyFacts: {
    meanings: { "DeployRecordList.Status": deploymentStatuses },
    paging: {
      by: "page",
      list: "DeployRecordList",
      total: "TotalCount",
      narrow: ["CertificateId", "OldCertificateId"],
    },
  },
  errors: codes(limitedErrors, "FailedOperation.CertificateNotAvailable"),
});
