import type { Operation } from "../catalogue/operation.js";
import { cancelCertificateOrder } from "../catalogue/tencent-ssl/cancel-certificate-order.js";
import { commitCertificateInformation } from "../catalogue/tencent-ssl/commit-certificate-information.js";
import { deleteCertificate } from "../catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateResubmit } from "../catalogue/tencent-ssl/modify-certificate-resubmit.js";
import type { Finding } from "./finding.js";
import { alibabaChecks } from "./operations/alibaba.js";
import { checksOf, type OperationCheck } from "./operations/binding.js";
import { confirmLetterChecks } from "./operations/confirm-letter.js";
import { deploymentRecordChecks } from "./operations/deployment-records.js";
import { edgeoneChecks } from "./operations/edgeone.js";
import { huaweiChecks } from "./operations/huawei.js";
import { certificateIdIsWellFormed } from "./operations/identifiers.js";
import { signingRequestChecks } from "./operations/signing-requests.js";
import { updateCertificateInstanceChecks } from "./operations/update-certificate-instance.js";
import { uploadCertificateChecks } from "./operations/upload-certificate.js";

export type { Finding } from "./finding.js";

/** Every operation with something to check before the call. */
const checks: readonly OperationCheck[] = [
  uploadCertificateChecks,
  updateCertificateInstanceChecks,
  confirmLetterChecks,
  ...signingRequestChecks,
  ...deploymentRecordChecks,
  checksOf(deleteCertificate, certificateIdIsWellFormed),
  checksOf(cancelCertificateOrder, certificateIdIsWellFormed),
  checksOf(commitCertificateInformation, certificateIdIsWellFormed),
  checksOf(modifyCertificateAlias, certificateIdIsWellFormed),
  checksOf(modifyCertificateResubmit, certificateIdIsWellFormed),
  edgeoneChecks,
  ...alibabaChecks,
  huaweiChecks,
];

const checkOf = new Map(checks.map((entry) => [entry.operation.name, entry]));

/**
 * What can be found in a call before it is sent, without a network. The catalogue has parsed `params`, and references
 * in them are replaced by their content. Errors come in the order in which the cloud would report them.
 */
export function preflight(
  operation: Operation,
  params: Readonly<Record<string, unknown>>,
  now: Date,
): readonly Finding[] {
  return checkOf.get(operation.name)?.check(params, now) ?? [];
}
