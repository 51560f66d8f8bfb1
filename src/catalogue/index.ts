import { setCdnDomainSSLCertificate, setVodDomainSSLCertificate } from "./alibaba-edges.js";
import { companions } from "./companions.js";
import { updateDomainHttpsCert } from "./huawei-live/update-domain-https-cert.js";
import type { Operation } from "./operation.js";
import { modifyHostsCertificate } from "./tencent-edgeone/modify-hosts-certificate.js";
import { applyCertificate } from "./tencent-ssl/apply-certificate.js";
import { batchDeleteCSR } from "./tencent-ssl/batch-delete-csr.js";
import { cancelAuditCertificate } from "./tencent-ssl/cancel-audit-certificate.js";
import { cancelCertificateOrder } from "./tencent-ssl/cancel-certificate-order.js";
import { commitCertificateInformation } from "./tencent-ssl/commit-certificate-information.js";
import { createCertificate } from "./tencent-ssl/create-certificate.js";
import { createCertificateBindResourceSyncTask } from "./tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { createCSR } from "./tencent-ssl/create-csr.js";
import { deleteCertificate } from "./tencent-ssl/delete-certificate.js";
import { describeCertificate } from "./tencent-ssl/describe-certificate.js";
import { describeCertificateBindResourceTaskDetail } from "./tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "./tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificateDetail } from "./tencent-ssl/describe-certificate-detail.js";
import { describeCertificateOperateLogs } from "./tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "./tencent-ssl/describe-certificates.js";
import { describeCSR } from "./tencent-ssl/describe-csr.js";
import { describeCSRSet } from "./tencent-ssl/describe-csr-set.js";
import { describeHostTeoInstanceList } from "./tencent-ssl/describe-host-teo-instance-list.js";
import { describeHostUpdateRecord } from "./tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "./tencent-ssl/describe-host-update-record-detail.js";
import { downloadCertificate } from "./tencent-ssl/download-certificate.js";
import { modifyCertificateAlias } from "./tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "./tencent-ssl/modify-certificate-project.js";
import { modifyCertificateResubmit } from "./tencent-ssl/modify-certificate-resubmit.js";
import { modifyCSR } from "./tencent-ssl/modify-csr.js";
import { replaceCertificate } from "./tencent-ssl/replace-certificate.js";
import { submitCertificateInformation } from "./tencent-ssl/submit-certificate-information.js";
import { updateCertificateInstance } from "./tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRetry } from "./tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "./tencent-ssl/update-certificate-record-rollback.js";
import { uploadCertificate } from "./tencent-ssl/upload-certificate.js";
import { uploadConfirmLetter } from "./tencent-ssl/upload-confirm-letter.js";

/** The operations that are tools by default, in the order of the vendors' documents. To add one, add a file and a line. */
export const operations: readonly Operation[] = [
  applyCertificate,
  cancelAuditCertificate,
  cancelCertificateOrder,
  commitCertificateInformation,
  createCertificate,
  deleteCertificate,
  describeCertificate,
  describeCertificateOperateLogs,
  describeHostUpdateRecord,
  describeHostUpdateRecordDetail,
  downloadCertificate,
  modifyCertificateAlias,
  modifyCertificateProject,
  modifyCertificateResubmit,
  replaceCertificate,
  submitCertificateInformation,
  updateCertificateInstance,
  updateCertificateRecordRetry,
  updateCertificateRecordRollback,
  uploadConfirmLetter,
  createCertificateBindResourceSyncTask,
  describeCertificateBindResourceTaskDetail,
  describeCertificateBindResourceTaskResult,
  describeCertificateDetail,
  describeCertificates,
  describeHostTeoInstanceList,
  uploadCertificate,
  batchDeleteCSR,
  createCSR,
  describeCSR,
  describeCSRSet,
  modifyCSR,
  modifyHostsCertificate,
  setCdnDomainSSLCertificate,
  setVodDomainSSLCertificate,
  updateDomainHttpsCert,
];

/** All that this program can send. */
export const allOperations: readonly Operation[] = [...operations, ...companions];
