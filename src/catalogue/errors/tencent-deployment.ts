import type { Diagnosis, ErrorTable } from "./fact.js";

const wrongKey: Diagnosis = {
  causes: [
    "The key is that of the previous certificate: the new one was issued for a new key.",
    "The file holds several keys or certificates, and the first is not the one meant.",
    "The certificate was issued for a CSR made elsewhere, whose key stayed there.",
  ],
  checks: [
    "inspect_certificate with certificate and private_key: it says whether they are a pair.",
    "For an order made here: the archive of DownloadCertificate holds the key, if the CSR was generated here.",
  ],
};

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

/**
 * Codes of Tencent Cloud SSL about PEM sent along, letters, bindings and one-click updates. The most common report: a
 * certificate that is already in place is refused instead of accepted.
 */
export const tencentDeploymentErrors: ErrorTable = {
  // Uploading, and PEM sent along
  "FailedOperation.CertificateParseError": {
    kind: "input",
    means: "The text sent is not a certificate in PEM form.",
    next: "Find the fault with inspect_certificate; send PEM, the leaf first and then its intermediates, without text around the blocks.",
    causes: [
      "Line breaks were lost or turned into \\n when the PEM was copied.",
      "There are spaces or text around the PEM blocks.",
      "The order is wrong: intermediate before leaf, or the root alone.",
      "A PKCS#12, DER or JKS file was given instead of PEM.",
    ],
    checks: ["inspect_certificate with the same text or file: it names the fault."],
  },
  "FailedOperation.CertificateCaError": {
    kind: "input",
    means: "CertificateType is CA and the text sent is not a CA certificate.",
    next: "Set CertificateType to SVR for a server certificate, or send the certificate of the authority itself.",
    causes: [
      "CertificateType CA was set for a site's certificate; that is SVR.",
      "The file holds leaf and chain, and the leaf comes first.",
    ],
    checks: ["inspect_certificate: whether it is a CA certificate."],
  },
  "FailedOperation.CertificateEncryptInvalid": {
    kind: "input",
    means: "The certificate looks like an SM2 one, which does not fit the standard chosen.",
    next: "Check the key algorithm of the PEM; send an RSA or ECC certificate, or ask a person to add the SM2 one in the console.",
    causes: ["An SM2 certificate was given where RSA or ECC is meant.", "The pair mixes key types."],
    checks: ["inspect_certificate: the key's type."],
  },
  "FailedOperation.CertificateExists": {
    kind: "state",
    means: "A certificate with the same fingerprint is already in the account, and Repeatable is false.",
    next: "Find it with find_certificates (source uploaded) and use its id; Repeatable true would store a second copy.",
    causes: [
      "The upload worked before, and only its reply was lost.",
      "A renewal job uploads the same certificate on each run.",
      "Somebody uploaded it in the console.",
    ],
    checks: [
      "DescribeCertificates with FilterSource upload and the domain as SearchKey.",
      "inspect_certificate with certificate_id: compare the fingerprints.",
    ],
  },
  "FailedOperation.CertificateMatchError": {
    kind: "input",
    means: "The private key does not belong to the certificate sent.",
    next: "Name the key that the certificate was issued for. CertificateMismatch and MissMatchPrivateKey say the same.",
    ...wrongKey,
  },
  "FailedOperation.CertificateMismatch": {
    kind: "input",
    means: "Certificate and private key are not a pair.",
    next: "Name the key that the certificate was issued for. CertificateMatchError and MissMatchPrivateKey say the same.",
    ...wrongKey,
  },
  "InvalidParameter.MissMatchPrivateKey": {
    kind: "input",
    means: "No private key given fits the certificate's public key.",
    next: "Name the key that the certificate was issued for. CertificateMatchError and CertificateMismatch say the same.",
    ...wrongKey,
  },
  "InvalidParameterValue.IntermediateCertNotSame": {
    kind: "input",
    means: "The intermediate certificates are not those expected for this update.",
    next: "Send the chain that the issuer delivered with this certificate, leaf first.",
    causes: [
      "The issuer changed its intermediate, and the old chain was reused.",
      "Only the leaf was sent.",
      "A cross-signed chain of another length was chosen.",
    ],
    checks: ["inspect_certificate: whether the chain is complete and in order."],
  },

  // Confirmation letters
  "FailedOperation.ConfirmLetterTooLarge": {
    kind: "input",
    means: "The confirmation letter is larger than 1.4 MB.",
    next: "Change ConfirmLetter to a file of 1 KB to 1.4 MB, for instance a scan of lower resolution.",
  },
  "FailedOperation.ConfirmLetterTooSmall": {
    kind: "input",
    means: "The confirmation letter is smaller than 1 KB.",
    next: "Check that ConfirmLetter is the whole signed letter, 1 KB to 1.4 MB.",
  },
  "FailedOperation.InvalidConfirmLetterFormat": {
    kind: "input",
    means: "The confirmation letter is not a JPG, JPEG, PNG or PDF file.",
    next: "Change ConfirmLetter to a file of one of these types; its content counts, not its name.",
  },
  "FailedOperation.InvalidConfirmLetterFormatWosign": {
    kind: "input",
    means: "This certificate authority (WoSign) accepts the confirmation letter as JPG, PDF or GIF only.",
    next: "Change ConfirmLetter to a JPG or PDF file, which both lists of types contain.",
  },

  // Bindings and one-click update
  "FailedOperation.CertificateSyncTaskIdInvalid": {
    kind: "not-found",
    means: "No query of bound resources has this task id.",
    next: "Start one with CreateCertificateBindResourceSyncTask and use the TaskId that it returns.",
    causes: ["The task has expired.", "The task id is of another account or site, or of a delete task."],
  },
  "FailedOperation.CertificateDeployNotExist": {
    kind: "not-found",
    means: "No deployment record has this id.",
    next: "Take DeployRecordId from DescribeHostUpdateRecord.",
    causes: [
      "The id of an item was given instead of that of its record.",
      "DeployRecordId was 0: the resources were still being gathered, and no record existed yet.",
    ],
    checks: ["DescribeHostUpdateRecord with the old certificate's id."],
  },
  "FailedOperation.CertificateDeployHasPendingRecord": {
    kind: "busy",
    means: "Another deployment task is still running.",
    next: "Follow it with wait_for (deployment) until it has ended, then call again.",
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
    kind: "state",
    means: "No resource of the chosen types and regions uses the old certificate.",
    next: "List what uses it with find_certificates (with_bindings); change ResourceTypes, ResourceTypesRegions or OldCertificateId.",
    causes: [
      "The new certificate is already in place: a deployment of it finds nothing left to do.",
      "The resource has no certificate at all yet; one-click update only replaces one.",
      "ResourceTypes or ResourceTypesRegions leave out the resource that is meant.",
      "The new certificate does not cover the domains of the bound resources.",
    ],
    checks: [
      "DescribeCertificateBindResourceTaskDetail for the old and for the new certificate.",
      "check_served_certificate: whether the domain already serves the new one.",
    ],
  },
  "FailedOperation.CertificateNotDeployInstance": {
    kind: "state",
    means: "The certificate may not be deployed to the instances chosen.",
    next: "Compare its names (SubjectAltName in DescribeCertificate) with the domains of those instances.",
    causes: [
      "The instance already has this certificate, which is refused instead of being treated as done.",
      "The certificate does not cover the instance's domain; a wildcard covers one label only.",
      "The instance was deleted, stopped or moved since the list was made.",
    ],
    checks: [
      "check_served_certificate: what the domain serves now.",
      "inspect_certificate with certificate_id and domains: which of them are not covered.",
    ],
  },
  "FailedOperation.CertificateHostDeployCanNotAllow": {
    kind: "state",
    means: "This certificate is excluded from one-click update.",
    next: "Read Status and Deployable with DescribeCertificate; otherwise ask a person to set it in the console of the product itself.",
    causes: [
      "The certificate is a client CA, or one of a kind that the products do not take, such as SM2.",
      "It is stored without its private key.",
      "It has expired.",
    ],
    checks: ["DescribeCertificates: CertificateType, CertEndTime, EncryptAlgorithm."],
  },
  "FailedOperation.CertificateHostResourceTypeInvalid": {
    kind: "input",
    means: "ResourceTypes contains a value that one-click update does not know.",
    next: "Use these in lower case: clb, cdn, waf, live, ddos, teo, apigateway, vod, tke, tcb, tse, cos; on the mainland site also mqtt, scf, tdmq, gaap.",
    causes: [
      "A product's full name was given, such as edgeone for teo.",
      "The product exists on the mainland site only.",
    ],
  },
  "FailedOperation.CertificateHostResourceInstanceHugeLimit": {
    kind: "quota",
    means: "The account has too many instances to list in one call.",
    next: "Name fewer types and regions, or let CreateCertificateBindResourceSyncTask collect them first and call again later.",
    causes: ["All types or all regions were asked for at once."],
    checks: ["DescribeCertificateBindResourceTaskResult: where the instances are."],
  },
  "FailedOperation.CertificateHostResourceInnerInterrupt": {
    kind: "quota",
    means: "The account is an internal one with more instances than the deployment feature handles.",
    next: "Ask a person to contact Tencent Cloud support; no argument changes this.",
  },
  "FailedOperation.CertificateDeployRetryStatusInvalid": {
    kind: "state",
    means: "Only failed items of a deployment can be tried again, and this one has not failed.",
    next: "Read the items with DescribeHostUpdateRecordDetail; those at Status 2 can be retried once the task has ended.",
    causes: ["The item is still running.", "An earlier retry has already succeeded."],
    checks: ["DescribeHostUpdateRecordDetail: Status of the item, and ErrorMsg of those that failed."],
  },
  "FailedOperation.CertificateDeployRollbackStatusInvalid": {
    kind: "state",
    means: "Nothing in the deployment succeeded, so there is nothing to roll back.",
    next: "Read the items with DescribeHostUpdateRecordDetail; those at Status 1 can be rolled back once the task has ended.",
    ...nothingToRollBack,
  },
  "FailedOperation.CertificateDeployDetailRollbackStatusInvalid": {
    kind: "state",
    means: "A rollback needs a finished deployment, and an item of this one is still open.",
    next: "Call wait_for (deployment) until it has ended, then roll back.",
    causes: ["The rollout has not ended on all resources.", "An item is stuck behind a busy product."],
    checks: ["DescribeHostUpdateRecordDetail: items at Status 0 or 3."],
    retry: "Yes, once no item is open any more.",
  },

  // Arguments
  "FailedOperation.InvalidParam": {
    kind: "input",
    means: "An argument was refused after the first checks.",
    causes: [
      "A domain holds a scheme, a port, a path or a space.",
      "A wildcard was given where the product takes single names.",
      "A proof by file was chosen for a wildcard, which only DNS can prove.",
    ],
  },
  "InvalidParameter.WithDetailReason": {
    kind: "input",
    means: "An argument is wrong; the message says how.",
  },
  "InvalidParameter.InvalidCSRId": {
    kind: "not-found",
    means: "The account has no CSR with this id.",
    next: "Take the id from DescribeCSRSet (intl site only).",
    causes: ["The CSR record was deleted.", "The id is that of a certificate, not of a CSR record."],
    checks: ["DescribeCSRSet: the ids that exist."],
  },
};
