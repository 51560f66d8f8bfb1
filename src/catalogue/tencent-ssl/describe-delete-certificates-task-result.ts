import { defineRead } from "../operation.js";
import { list, struct, textOrNumber } from "../params.js";
import { int, members, reply, rows, string, strings } from "../results.js";
import { tencentSsl } from "../services.js";
import { deletionStatuses } from "./code-meanings.js";

/** The only read that says why a deletion failed; the international site lacks it (docs/cloud-behaviour.md 3.2). */
export const describeDeleteCertificatesTaskResult = defineRead({
  name: "DescribeDeleteCertificatesTaskResult",
  service: tencentSsl,
  title: "Look up the result of a deletion",
  titleInChinese: "查询删除证书任务结果",
  summary: "What became of deletions that checked for bound resources, by the TaskId of DeleteCertificate.",
  sites: ["mainland"],
  params: struct({ TaskIds: list(textOrNumber("Task ID"), "Deletion tasks", { min: 1, max: 100 }) }),
  example: { TaskIds: ["90001"] },
  result: reply({
    DeleteTaskResult: rows(
      members({
        TaskId: string(),
        CertId: string(),
        Status: int(),
        Error: string(),
        CacheTime: string(),
        Domains: strings(),
      }),
    ),
  }),
  replyFacts: { meanings: { "DeleteTaskResult.Status": deletionStatuses } },
  errors: ["FailedOperation"],
});
