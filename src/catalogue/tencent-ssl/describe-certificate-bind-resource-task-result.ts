import { defineRead } from "../operation.js";
import { list, struct, text } from "../params.js";
import { array, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { syncTaskBindResourceResult } from "./types-resources.js";

export const describeCertificateBindResourceTaskResult = defineRead({
  name: "DescribeCertificateBindResourceTaskResult",
  service: tencentSsl,
  title: "Count resources bound to certificates",
  summary: "How many resources binding tasks found, by product and region. Status: 0 running, 1 done, 2 failed.",
  effect: "read",
  retry: "read",
  params: struct({
    TaskIds: list(text("ID"), "From CreateCertificateBindResourceSyncTask", { min: 1, max: 100 }),
  }),
  result: reply({ SyncTaskBindResourceResult: array(syncTaskBindResourceResult) }),
  errors: ["FailedOperation", "FailedOperation.CertificateSyncTaskIdInvalid"],
});
