import { updateCertificateRecordRetry } from "../../catalogue/tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { type Finding, finding } from "../finding.js";
import { checksOf } from "./binding.js";

/** The documents call these ids optional, but one is needed (docs/cloud-behaviour.md 3.5). */
export const deploymentRecordChecks = [
  checksOf(updateCertificateRecordRetry, ({ DeployRecordId: record, DeployRecordDetailId: item }) =>
    record === undefined && item === undefined ? [missing("Give DeployRecordId or DeployRecordDetailId.")] : [],
  ),
  checksOf(updateCertificateRecordRollback, ({ DeployRecordId: record }) =>
    record === undefined ? [missing("Give DeployRecordId.")] : [],
  ),
];

function missing(says: string): Finding {
  return finding("DeployRecordId", says, { prevents: "FailedOperation.InvalidParam" });
}
