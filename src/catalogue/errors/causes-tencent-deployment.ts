import type { Diagnosis, DiagnosisTable } from "./diagnosis.js";

/**
 * Likely causes of errors from bindings and one-click updates of Tencent Cloud SSL. The most common report: a
 * certificate that is already in place is refused instead of accepted.
 */

const nothingToRollBack: Diagnosis = {
  causes: [
    "The deployment failed as a whole, so the old certificate is still served.",
    "It was rolled back before.",
    "The id is that of a rollback's own record.",
  ],
  checks: [
    "DescribeHostUpdateRecordDetail: Status of each item (1 done, 2 failed, 4 rolled back).",
    "check_served_certificate: what the domains serve now.",
  ],
};

export const tencentDeploymentCauses: DiagnosisTable = {
  "FailedOperation.CertificateDeployHasPendingRecord": {
    causes: [
      "An earlier update of the same certificate is still being rolled out.",
      "The same call was made twice because the first reply was slow.",
      "A rollback or retry runs.",
    ],
    checks: [
      "DescribeHostUpdateRecord with OldCertificateId: the record that is running.",
      "DescribeHostUpdateRecordDetail of that record: RunningTotalCount and items that do not move.",
    ],
  },
  "FailedOperation.CertificateDeployInstanceEmpty": {
    causes: [
      "The new certificate is in place already: a deployment of it finds nothing left to do.",
      "The resource has no certificate at all yet; one-click update only replaces one.",
      "ResourceTypes or ResourceTypesRegions leave out the resource that is meant.",
      "The new certificate does not cover the domains of the bound resources.",
    ],
    checks: [
      "DescribeCertificateBindResourceTaskDetail for the old and for the new certificate.",
      "check_served_certificate: whether the domain serves the new one already.",
    ],
  },
  "FailedOperation.CertificateNotDeployInstance": {
    causes: [
      "The instance has this very certificate already, which is refused and not taken as done.",
      "The certificate does not cover the instance's domain; a wildcard covers one label only.",
      "The instance was deleted, stopped or moved since the list was made.",
    ],
    checks: [
      "check_served_certificate: what the domain serves now.",
      "inspect_certificate with certificate_id and domains: which of them are not covered.",
    ],
  },
  "FailedOperation.CertificateHostDeployCanNotAllow": {
    causes: [
      "The certificate is a client CA, or one of a kind that the products do not take, such as SM2.",
      "It is stored without its private key.",
      "It has expired.",
    ],
    checks: ["DescribeCertificates: CertificateType, CertEndTime, EncryptAlgorithm."],
  },
  "FailedOperation.CertificateHostResourceTypeInvalid": {
    causes: [
      "A product's full name was given, such as edgeone for teo.",
      "The product exists on the mainland site only.",
    ],
  },
  "FailedOperation.CertificateHostResourceInstanceHugeLimit": {
    causes: ["All types or all regions were asked for at once."],
    checks: ["DescribeCertificateBindResourceTaskResult: where the instances are."],
  },
  "FailedOperation.CertificateSyncTaskIdInvalid": {
    causes: ["The task has expired.", "The task id is of another account or site, or of a delete task."],
  },
  "FailedOperation.CertificateDeployNotExist": {
    causes: [
      "The id of an item was given instead of that of its record.",
      "DeployRecordId was 0: the resources were still being gathered, and no record existed yet.",
    ],
    checks: ["DescribeHostUpdateRecord with the old certificate's id."],
  },
  "FailedOperation.CertificateDeployRetryStatusInvalid": {
    causes: ["The item is still running.", "An earlier retry has already succeeded."],
    checks: ["DescribeHostUpdateRecordDetail: Status of the item, and ErrorMsg of those that failed."],
  },
  "FailedOperation.CertificateDeployRollbackStatusInvalid": nothingToRollBack,
  "FailedOperation.CertificateDeployDetailRollbackStatusInvalid": {
    causes: ["The rollout has not ended on all resources.", "An item is stuck behind a busy product."],
    checks: ["DescribeHostUpdateRecordDetail: items at Status 0 or 3."],
    retry: "Yes, once no item is open any more.",
  },
};
