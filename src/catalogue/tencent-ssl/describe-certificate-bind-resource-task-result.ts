import { defineRead } from "../operation.js";
import { list, struct, textOrNumber } from "../params.js";
import { reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { bindingTaskStatuses } from "./code-meanings.js";
import { syncTaskBindResourceResult } from "./types-resources.js";

export const describeCertificateBindResourceTaskResult = defineRead({
  name: "DescribeCertificateBindResourceTaskResult",
  service: tencentSsl,
  title: "Count resources bound to certificates",
  titleInChinese: "查询证书关联的云资源数量",
  summary: "How many resources binding tasks found, by product and region. Status: 0 running, 1 done, 2 failed.",
  params: struct({
    TaskIds: list(textOrNumber("ID"), "From CreateCertificateBindResourceSyncTask", { min: 1, max: 100 }),
  }),
  example: { TaskIds: ["758439"] },
  result: reply({ SyncTaskBindResourceResult: rows(syncTaskBindResourceResult) }),
  replyFacts: {
    meanings: { "SyncTaskBindResourceResult.Status": bindingTaskStatuses },
  },
  errors: ["FailedOperation", "FailedOperation.CertificateSyncTaskIdInvalid"],
});
