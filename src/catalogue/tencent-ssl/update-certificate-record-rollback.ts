import { safe } from "../../lib/safe-text.js";
import { negativeIn } from "../failed-in-reply.js";
import { defineChange } from "../operation.js";
import { integer, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { codes, limitedErrors } from "./error-codes.js";
import { deploymentSubject, missingRecord } from "./params.js";
import { unlessEnded } from "./preconditions.js";

export const updateCertificateRecordRollback = defineChange({
  name: "UpdateCertificateRecordRollback",
  service: tencentSsl,
  title: "Roll back a deployment",
  titleInChinese: "回滚云资源更新",
  summary:
    "Put the previous certificate back where a finished update replaced it. Returns a new record ID to poll with DescribeHostUpdateRecordDetail.",
  effect: "traffic",
  retry: "never",
  params: struct({ DeployRecordId: integer("Record ID").optional() }),
  example: { DeployRecordId: 1499393 },
  result: reply({ DeployRecordId: int() }),
  denial: (_, said) => negativeIn(said, "DeployRecordId"),
  approvalQuestion: (p) =>
    safe`Put back the certificates that deployment record ${p.DeployRecordId ?? safe`(not given)`} replaced?`,
  plannedChanges: (p) => {
    const then = safe`rolled back: the previous certificates are served again`;
    return [planned(deploymentSubject(p.DeployRecordId), "deployment", then, { items: "put back" })];
  },
  obstacles: ({ DeployRecordId }, found) =>
    unlessEnded(DeployRecordId, found, "succeeded", (id) => safe`deployment record ${id} replaced nothing`),
  checks: ({ DeployRecordId: record }) => (record === undefined ? [missingRecord("Give DeployRecordId.")] : []),
  errors: codes(
    limitedErrors,
    "FailedOperation.CertificateDeployDetailRollbackStatusInvalid",
    "FailedOperation.CertificateDeployHasPendingRecord",
    "FailedOperation.CertificateDeployRetryStatusInvalid",
    "FailedOperation.CertificateDeployRollbackStatusInvalid",
    "FailedOperation.CertificateNotDeployInstance",
  ),
});
