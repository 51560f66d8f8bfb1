import type { ErrorTable } from "./fact.js";

/** Codes of Tencent Cloud SSL Certificates, without the shared ones. Status numbers: docs/cloud-behaviour.md 3.2. */
export const tencentSslErrors: ErrorTable = {
  // Access
  "FailedOperation.AuthError": {
    kind: "permission",
    means: "The configured key's user may not perform this operation.",
    next: "A person grants the key's user a CAM policy with the ssl action of the same name (for example ssl:DescribeCertificate).",
  },
  "FailedOperation.CAMAuthorizedFail": {
    kind: "permission",
    means: "The access check in CAM failed for this call.",
    next: "A person checks the CAM policy of the key's user: the ssl action itself, and the tags or project named in the call.",
  },
  "FailedOperation.NoProjectPermission": {
    kind: "permission",
    means: "The configured key's user has no access to the project.",
    next: "Check ProjectId; if it is right, a person grants the key's user access to that project in CAM.",
  },
  "FailedOperation.NoRealNameAuth": {
    kind: "permission",
    means: "The account's owner has not passed identity verification, which SSL certificates require.",
    next: "The account's owner completes identity verification in the Tencent Cloud console.",
  },
  "FailedOperation.RoleNotFoundAuthorization": {
    kind: "permission",
    means: "The service role through which SSL Certificates looks into other products is not granted.",
    next: "A person grants the service role SSL_QCSLinkedRoleInReplaceLoadCertificate in the Tencent Cloud console.",
  },

  // The certificate and its order
  "FailedOperation.CertificateNotFound": {
    kind: "not-found",
    means: "The account has no certificate with this id on this site.",
    next: "Take the id from DescribeCertificates; intl and mainland are separate sites with separate certificates.",
  },
  "FailedOperation.CertificateInvalid": {
    kind: "state",
    means: "The certificate cannot be used: not issued, expired, revoked, or with content that does not hold up.",
    next: "Read Status and CertEndTime with DescribeCertificate; for PEM sent along, check the text itself.",
  },
  "FailedOperation.CertificateNotAvailable": {
    kind: "state",
    means: "The certificate is not in a usable state for deployment.",
    next: "Read Status and CertEndTime with DescribeCertificate: it has to be issued (1) and not expired.",
  },
  "FailedOperation.InvalidCertificateStatusCode": {
    kind: "state",
    means: "The certificate's status does not allow this operation.",
    next: "Read Status and StatusMsg with DescribeCertificate; wait_for (certificate) waits for it to be issued.",
  },
  "FailedOperation.InvalidCertificateSource": {
    kind: "state",
    means: "The operation does not exist for a certificate of this origin.",
    next: "Read From with DescribeCertificate: an uploaded certificate has no order to reissue or to confirm by letter.",
  },
  "FailedOperation.CancelOrderFailed": {
    kind: "state",
    means: "The ordering system did not accept the cancellation.",
    next: "Read Status with DescribeCertificate: 6 is being cancelled, 7 cancelled; an issued order cannot be cancelled.",
  },
  "FailedOperation.CertificateNotFoundOrCantCancel": {
    kind: "state",
    means: "There is no such certificate, or its review is past the point where it can be withdrawn.",
    next: "Read Status with DescribeCertificate: a review is running only at 0, 4 and 8.",
  },
  "FailedOperation.CertificateStatusNotAllowResubmit": {
    kind: "state",
    means: "Only a paid order whose review failed or was cancelled can be submitted again.",
    next: "Read Status with DescribeCertificate: 2 and 7 qualify. The code exists with the prefix InvalidParameter too.",
  },
  "InvalidParameter.CertificateStatusNotAllowResubmit": {
    kind: "state",
    means: "Only a paid order whose review failed or was cancelled can be submitted again.",
    next: "Read Status with DescribeCertificate: 2 and 7 qualify. The code exists with the prefix FailedOperation too.",
  },
  "FailedOperation.OrderAlreadyReplaced": {
    kind: "state",
    means: "This order was reissued before and has a successor.",
    next: "Read CertificateExtra.ReplacedBy with DescribeCertificate and work with that certificate.",
  },
  "FailedOperation.OrderReplaceFailed": {
    kind: "state",
    means: "The reissue was refused by the ordering system or the certificate authority.",
    next: "Read Status and CertificateExtra.ReplacedBy with DescribeCertificate first; do not send the reissue twice.",
  },
  "InvalidParameter.RenewAlgorithmInvalid": {
    kind: "input",
    means: "The key algorithm asked for is not possible for this reissue.",
    next: "Change CertCSREncryptAlgo and CertCSRKeyParameter; a free certificate is reissued with RSA 2048 only.",
  },
  "FailedOperation.CannotGetOrder": {
    kind: "temporary",
    means: "The ordering system did not return the order's data.",
    mayHaveChanged: true,
  },
  "FailedOperation.NetworkError": {
    kind: "temporary",
    means: "The certificate authority behind Tencent Cloud was too busy to answer.",
    mayHaveChanged: true,
  },
  "FailedOperation.SystemError": {
    kind: "temporary",
    means: "The certificate service failed internally.",
    mayHaveChanged: true,
  },
  "InternalError.BackendResponseEmpty": {
    kind: "temporary",
    means: "A system behind the certificate service sent an empty answer.",
    mayHaveChanged: true,
  },
  "InternalError.BackendResponseError": {
    kind: "temporary",
    means: "A system behind the certificate service answered with an error.",
    mayHaveChanged: true,
  },
  InternalServerError: {
    kind: "temporary",
    means: "The certificate service failed internally while processing the order.",
    next: "Look for a new order with DescribeCertificates before anything else; a second purchase would be a second order.",
    mayHaveChanged: true,
  },
  "InternalServerError.BackendResponseError": {
    kind: "temporary",
    means: "The ordering system answered the certificate service with an error.",
    next: "Look for a new order with DescribeCertificates before anything else; a second purchase would be a second order.",
    mayHaveChanged: true,
  },
  "ResourceNotFound.Manager": {
    kind: "not-found",
    means: "The company manager whom the order names is no longer on record.",
    next: "A person checks the company's manager in the console; DescribeCertificate still reads the rest of the certificate.",
  },

  // Quotas and benefit packages of free certificates
  "FailedOperation.ExceedsFreeLimit": {
    kind: "quota",
    means: "The account has reached its limit of free certificates.",
    next: "See unused ones with find_certificates (unbound); a person has some removed or decides on a paid certificate.",
  },
  "FailedOperation.MainDomainCertificateCountLimit": {
    kind: "quota",
    means: "The registrable domain has reached its limit of free certificates.",
    next: "See them with find_certificates (domain); a person has unused ones removed or decides on a paid one.",
  },
  "FailedOperation.PackageCountLimit": {
    kind: "quota",
    means: "The benefit package has too few points left for this certificate.",
  },
  "FailedOperation.PackageExpired": {
    kind: "state",
    means: "The benefit package named by PackageId has expired.",
    next: "Leave PackageId out, or a person names another package from the console.",
  },
  "FailedOperation.PackageNotFound": {
    kind: "not-found",
    means: "The account has no benefit package with this PackageId.",
    next: "Leave PackageId out, or a person looks the id up in the console.",
  },
  "InvalidParameter.PackageIdsInvalid": {
    kind: "input",
    means: "PackageId does not name usable benefit packages.",
    next: "Leave PackageId out, or a person looks the id up in the console.",
  },

  // Deleting
  "FailedOperation.BoundResources": {
    kind: "state",
    means: "Cloud resources still use the certificate, so it was not deleted (DeleteResourceFailed says the same).",
    next: "See what they are with find_certificates (with_bindings); move them first.",
  },
  "FailedOperation.DeleteResourceFailed": {
    kind: "state",
    means: "Cloud resources still use the certificate, so it was not deleted (BoundResources says the same).",
    next: "See what they are with find_certificates (with_bindings); move them first.",
  },
  "FailedOperation.CannotBeDeletedIssued": {
    kind: "state",
    means: "An issued certificate that was ordered here, not uploaded, cannot be deleted.",
    next: "Read From and Status with DescribeCertificate; a person may revoke it in the console or let it expire.",
  },
  "FailedOperation.CannotBeDeletedWithinHour": {
    kind: "state",
    means: "A free certificate stays for an hour after its application (DeleteFailedTimeNotUp says the same).",
    next: "Read InsertTime with DescribeCertificate and delete once an hour has passed since.",
  },
  "FailedOperation.DeleteFailedTimeNotUp": {
    kind: "state",
    means: "A free certificate stays for an hour after its application (CannotBeDeletedWithinHour says the same).",
    next: "Read InsertTime with DescribeCertificate and delete once an hour has passed since.",
  },
  "FailedOperation.RenewNotIssued": {
    kind: "state",
    means: "The certificate that renews this one is not issued yet, so this one was kept.",
    next: "Call wait_for (certificate) until the renewal is issued, then delete.",
  },

  // Uploading, and PEM sent along
  "FailedOperation.CertificateParseError": {
    kind: "input",
    means: "The text sent is not a certificate in PEM form.",
    next: "See the fault with inspect_certificate; send PEM, the leaf first and then its intermediates, without text around the blocks.",
  },
  "FailedOperation.CertificateCaError": {
    kind: "input",
    means: "CertificateType is CA and the text sent is not a CA certificate.",
    next: "Set CertificateType to SVR for a server certificate, or send the certificate of the authority itself.",
  },
  "FailedOperation.CertificateEncryptInvalid": {
    kind: "input",
    means: "The certificate looks like an SM2 one, which does not fit the standard chosen.",
    next: "Check the key algorithm of the PEM; send an RSA or ECC certificate, or a person adds the SM2 one in the console.",
  },
  "FailedOperation.CertificateExists": {
    kind: "state",
    means: "A certificate with the same fingerprint is in the account already and Repeatable is false.",
    next: "Find it with find_certificates (source uploaded) and use its id; Repeatable true would store a second copy.",
  },
  "FailedOperation.CertificateMatchError": {
    kind: "input",
    means: "The private key does not belong to the certificate sent.",
    next: "Name the key that the certificate was issued for. CertificateMismatch and MissMatchPrivateKey say the same.",
  },
  "FailedOperation.CertificateMismatch": {
    kind: "input",
    means: "Certificate and private key are not a pair.",
    next: "Name the key that the certificate was issued for. CertificateMatchError and MissMatchPrivateKey say the same.",
  },
  "InvalidParameter.MissMatchPrivateKey": {
    kind: "input",
    means: "No private key given fits the certificate's public key.",
    next: "Name the key that the certificate was issued for. CertificateMatchError and CertificateMismatch say the same.",
  },
  "InvalidParameterValue.IntermediateCertNotSame": {
    kind: "input",
    means: "The intermediate certificates are not those expected for this update.",
    next: "Send the chain that the issuer delivered with this very certificate, leaf first.",
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
    means: "This certificate authority (WoSign) takes the confirmation letter as JPG, PDF or GIF only.",
    next: "Change ConfirmLetter to a JPG or PDF file, which both lists of types contain.",
  },

  // Bindings and one-click update
  "FailedOperation.CertificateSyncTaskIdInvalid": {
    kind: "not-found",
    means: "No query of bound resources has this task id.",
    next: "Start one with CreateCertificateBindResourceSyncTask and use the TaskId that it returns.",
  },
  "FailedOperation.CertificateDeployNotExist": {
    kind: "not-found",
    means: "No deployment record has this id.",
    next: "Take DeployRecordId from DescribeHostUpdateRecord.",
  },
  "FailedOperation.CertificateDeployHasPendingRecord": {
    kind: "busy",
    means: "Another deployment task is still running.",
    next: "Follow it with wait_for (deployment) until it has ended, then call again.",
  },
  "FailedOperation.CertificateDeployInstanceEmpty": {
    kind: "state",
    means: "No resource of the chosen types and regions uses the old certificate.",
    next: "See what uses it with find_certificates (with_bindings); change ResourceTypes, ResourceTypesRegions or OldCertificateId.",
  },
  "FailedOperation.CertificateNotDeployInstance": {
    kind: "state",
    means: "The certificate may not be deployed to the instances chosen.",
    next: "Compare its names (SubjectAltName in DescribeCertificate) with the domains of those instances.",
  },
  "FailedOperation.CertificateHostDeployCanNotAllow": {
    kind: "state",
    means: "This certificate is excluded from one-click update.",
    next: "Read Status and Deployable with DescribeCertificate; otherwise a person sets it in the console of the product itself.",
  },
  "FailedOperation.CertificateHostResourceTypeInvalid": {
    kind: "input",
    means: "ResourceTypes holds a value that one-click update does not know.",
    next: "Use these in lower case: clb, cdn, waf, live, ddos, teo, apigateway, vod, tke, tcb, tse, cos.",
  },
  "FailedOperation.CertificateHostResourceInstanceHugeLimit": {
    kind: "quota",
    means: "The account has too many instances to list them within one call.",
    next: "Name fewer types and regions, or let CreateCertificateBindResourceSyncTask collect them first and call again later.",
  },
  "FailedOperation.CertificateHostResourceInnerInterrupt": {
    kind: "quota",
    means: "The account is an internal one with more instances than the deployment feature handles.",
    next: "A person asks Tencent Cloud support; no argument changes this.",
  },
  "FailedOperation.CertificateDeployRetryStatusInvalid": {
    kind: "state",
    means: "Only failed items of a deployment can be tried again, and this one has not failed.",
    next: "Read the items with DescribeHostUpdateRecordDetail; those at Status 2 can be retried once the task has ended.",
  },
  "FailedOperation.CertificateDeployRollbackStatusInvalid": {
    kind: "state",
    means: "The deployment holds nothing that succeeded and could be rolled back.",
    next: "Read the items with DescribeHostUpdateRecordDetail; those at Status 1 can be rolled back once the task has ended.",
  },
  "FailedOperation.CertificateDeployDetailRollbackStatusInvalid": {
    kind: "state",
    means: "A rollback needs a finished deployment, and an item of this one is still open.",
    next: "Call wait_for (deployment) until it has ended, then roll back.",
  },

  // Arguments
  "FailedOperation.InvalidParam": { kind: "input", means: "An argument was refused after the first checks." },
  "InvalidParameter.WithDetailReason": {
    kind: "input",
    means: "An argument is wrong in a way that the message spells out.",
  },
  "InvalidParameter.InvalidCSRId": {
    kind: "not-found",
    means: "The account has no CSR with this id.",
    next: "Take the id from DescribeCSRSet (intl site only).",
  },
};
