import type { Diagnosis, ErrorFact, ErrorTable } from "./fact.js";
import { unacceptedValue } from "./tencent-common.js";
import { tencentDeploymentErrors } from "./tencent-deployment.js";

const stillUsed: Omit<ErrorFact, "means"> = {
  kind: "state",
  next: "List them with find_certificates (with_bindings) and move them first.",
  causes: [
    "The new certificate was deployed to some of the resources only.",
    "A resource in another region or product was forgotten.",
    "The rollout of a deployment has not ended yet.",
  ],
  checks: [
    "DescribeCertificateBindResourceTaskDetail: which resources are left, by product and region.",
    "DescribeHostUpdateRecord: whether a deployment is still running or has failed items.",
  ],
};

const tooFresh: Omit<ErrorFact, "means"> = {
  kind: "state",
  next: "Read InsertTime with DescribeCertificate and delete once an hour has passed since.",
  causes: [
    "A certificate that was applied for by mistake is to be removed at once.",
    "A script applies and deletes in one run.",
  ],
  retry: "Yes, an hour after the application.",
};

const notUsable: Diagnosis = {
  causes: [
    "The order has not been issued yet: the domain's proof is still missing.",
    "The certificate has expired or was revoked.",
    "Its reissue is running, which freezes the old one.",
  ],
  checks: [
    "DescribeCertificate: Status, StatusMsg, CertEndTime.",
    "DescribeCertificate: DvAuthDetail names the DNS record or file that is awaited.",
  ],
};

/** Codes of Tencent Cloud SSL Certificates, without the shared ones. Status numbers: docs/cloud-behaviour.md 3.2. */
export const tencentSslErrors: ErrorTable = {
  // Access
  "FailedOperation.AuthError": {
    kind: "permission",
    means: "The configured key's user may not perform this operation.",
    next: "Ask a person to grant the key's user a CAM policy with the ssl action of the same name (for example ssl:DescribeCertificate).",
    causes: [
      "The sub-user may read certificates and not change them.",
      "The policy names single certificates or a project, and this one is not among them.",
      "The key is of another account than the certificate.",
    ],
  },
  "FailedOperation.CAMAuthorizedFail": {
    kind: "permission",
    means: "The access check in CAM failed for this call.",
    next: "Ask a person to check the CAM policy of the key's user: the ssl action itself, and the tags or project named in the call.",
  },
  "FailedOperation.NoProjectPermission": {
    kind: "permission",
    means: "The configured key's user has no access to the project.",
    next: "Check ProjectId; if it is right, ask a person to grant the key's user access to that project in CAM.",
    causes: [
      "The certificate is in a project that the sub-user cannot access.",
      "ProjectId is that of another account; 0 is the default project.",
    ],
  },
  "FailedOperation.NoRealNameAuth": {
    kind: "permission",
    means: "The account's owner has not passed identity verification, which SSL certificates require.",
    next: "Ask the account's owner to complete identity verification in the Tencent Cloud console.",
    causes: ["The account is new.", "The key belongs to another account than the one that was verified."],
    checks: ["Account console: state of the identity verification."],
  },
  "FailedOperation.RoleNotFoundAuthorization": {
    kind: "permission",
    means: "The service role through which SSL Certificates looks into other products is not granted.",
    next: "Ask a person to grant the service role SSL_QCSLinkedRoleInReplaceLoadCertificate in the Tencent Cloud console.",
    causes: [
      "Nobody has opened the deployment page of the SSL console before, where the role is granted.",
      "The role was deleted when unused roles were cleaned up.",
      "A delete was called with IsCheckResource, which needs the role as well.",
    ],
    checks: ["CAM console, Roles: SSL_QCSLinkedRoleInReplaceLoadCertificate."],
  },

  // The certificate and its order
  "FailedOperation.CertificateNotFound": {
    kind: "not-found",
    means: "The account has no certificate with this id on this site.",
    next: "Take the id from DescribeCertificates; intl and mainland are separate sites with separate certificates.",
    causes: [
      "It was deleted; after DeleteCertificate this is the answer that says so.",
      "The certificate is on the other site or in another account.",
      "The id of an order, a CSR or a deployment record was given instead.",
    ],
    checks: [
      "DescribeCertificates with the id as SearchKey.",
      "DescribeCertificateOperateLogs: whether it was deleted, and by whom.",
    ],
  },
  "FailedOperation.CertificateInvalid": {
    kind: "state",
    means: "The certificate cannot be used: not issued, expired, revoked, or with invalid content.",
    next: "Read Status and CertEndTime with DescribeCertificate; for PEM sent along, check the text itself.",
    ...notUsable,
  },
  "FailedOperation.CertificateNotAvailable": {
    kind: "state",
    means: "The certificate is not in a usable state for deployment.",
    next: "Read Status and CertEndTime with DescribeCertificate: it has to be issued (1) and not expired.",
    ...notUsable,
  },
  "FailedOperation.InvalidCertificateStatusCode": {
    kind: "state",
    means: "The certificate's status does not allow this operation.",
    next: "Read Status and StatusMsg with DescribeCertificate; wait_for (certificate) waits for it to be issued.",
    causes: [
      "A download or deployment was tried before the certificate was issued.",
      "A form was sent for an order that is past that step already.",
      "A repeat of a call whose first try had worked.",
    ],
    checks: ["DescribeCertificate: Status before and after the failed call.", "DescribeCertificateOperateLogs."],
  },
  "FailedOperation.InvalidCertificateSource": {
    kind: "state",
    means: "The operation does not exist for certificates of this origin.",
    next: "Read From with DescribeCertificate: an uploaded certificate has no order to reissue or to confirm by letter.",
    causes: ["The certificate was uploaded, and only one ordered here can be reissued or validated."],
    checks: ["DescribeCertificates with FilterSource buy: those that were ordered here."],
  },
  "FailedOperation.RevokeResourceFailed": {
    kind: "state",
    means: "Cloud resources still use the certificate, so it is not revoked.",
    next: "Give them another certificate with deploy_certificate, wait_for (deployment) until it is served, then revoke.",
    causes: ["A resource of another product or region than expected uses it."],
    checks: ["CreateCertificateBindResourceSyncTask with IsCache 0, and its two reads."],
  },
  "FailedOperation.RevokeFailed": {
    kind: "state",
    means: "The revocation could not be started.",
    next: "Read Status with DescribeCertificate: 9 is being revoked, 10 revoked; otherwise ask a person to look in the console.",
    causes: ["It is being revoked already.", "The CA did not accept the request."],
    checks: ["DescribeCertificate: Status."],
  },
  "FailedOperation.CancelOrderFailed": {
    kind: "state",
    means: "The ordering system did not accept the cancellation.",
    next: "Read Status with DescribeCertificate: 6 is being cancelled, 7 cancelled; an issued order cannot be cancelled.",
    causes: ["The certificate has been issued in the meantime.", "An earlier cancellation is still running."],
    checks: ["DescribeCertificate: Status."],
  },
  "FailedOperation.CertificateNotFoundOrCantCancel": {
    kind: "state",
    means: "There is no such certificate, or its review is past the point where it can be withdrawn.",
    next: "Read Status with DescribeCertificate: a review is running only at 0, 4 and 8.",
    causes: ["The application was issued or failed in the meantime.", "It was withdrawn by an earlier call."],
    checks: ["DescribeCertificate: Status."],
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
    causes: [
      "An earlier reissue worked, and only its reply was lost.",
      "A free certificate is to be reissued a second time, which is not possible.",
    ],
    checks: ["DescribeCertificates by domain: the successor and its Status."],
  },
  "FailedOperation.OrderReplaceFailed": {
    kind: "state",
    means: "The reissue was refused by the ordering system or the certificate authority.",
    next: "Read Status and CertificateExtra.ReplacedBy with DescribeCertificate first; do not send the reissue twice.",
  },
  "InvalidParameter.RenewAlgorithmInvalid": {
    kind: "input",
    means: "The requested key algorithm is not possible for this reissue.",
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
    causes: ["The certificate authority is overloaded or under maintenance."],
    checks: ["DescribeCertificates by domain: whether an application was recorded after all."],
  },
  "FailedOperation.SystemError": {
    kind: "temporary",
    means: "The certificate service had an internal error.",
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
    means: "The certificate service had an internal error while processing the order.",
    next: "Look for a new order with DescribeCertificates before anything else; a second purchase would be a second order.",
    mayHaveChanged: true,
    causes: ["The ordering system behind the certificate service failed while it took the order."],
    checks: ["DescribeCertificates: an order with today's InsertTime.", "Billing console: an unpaid or paid order."],
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
    next: "Ask a person to check the company's manager in the console; DescribeCertificate still reads the rest of the certificate.",
  },

  // Quotas and benefit packages of free certificates
  "FailedOperation.ExceedsFreeLimit": {
    kind: "quota",
    means: "The account has reached its limit of free certificates.",
    next: "List unused ones with find_certificates (unbound); ask a person which to delete, or whether to get a paid certificate.",
    causes: [
      "Expired free certificates were never deleted.",
      "An automation applies each time instead of using what was issued.",
      "Test domains use up what production needs.",
    ],
    checks: ["DescribeCertificates with CertificateStatus 3: expired ones.", "SSL console: the quota of the account."],
  },
  "FailedOperation.MainDomainCertificateCountLimit": {
    kind: "quota",
    means: "The registrable domain has reached its limit of free certificates.",
    next: "List them with find_certificates (domain); ask a person which unused ones to delete, or whether to get a paid one.",
    causes: ["Each subdomain has a free certificate of its own.", "A job applies for the same name again on each run."],
    checks: ["DescribeCertificates with the registrable domain as SearchKey: all statuses."],
  },
  "FailedOperation.PackageCountLimit": {
    kind: "quota",
    means: "The benefit package has too few points left for this certificate.",
    causes: ["The points went into other certificates of the package."],
    checks: ["SSL console, benefit packages: what is left."],
  },
  "FailedOperation.PackageExpired": {
    kind: "state",
    means: "The benefit package named by PackageId has expired.",
    next: "Leave PackageId out, or ask a person for another package from the console.",
  },
  "FailedOperation.PackageNotFound": {
    kind: "not-found",
    means: "The account has no benefit package with this PackageId.",
    next: "Leave PackageId out, or ask a person to look the id up in the console.",
  },
  "InvalidParameter.PackageIdsInvalid": {
    kind: "input",
    means: "PackageId does not name usable benefit packages.",
    next: "Leave PackageId out, or ask a person to look the id up in the console.",
  },

  // Deleting
  "FailedOperation.BoundResources": {
    ...stillUsed,
    means: "Cloud resources still use the certificate, so it was not deleted (DeleteResourceFailed says the same).",
  },
  "FailedOperation.DeleteResourceFailed": {
    ...stillUsed,
    means: "Cloud resources still use the certificate, so it was not deleted (BoundResources says the same).",
  },
  "FailedOperation.CannotBeDeletedIssued": {
    kind: "state",
    means: "An issued certificate that was ordered here, not uploaded, cannot be deleted.",
    next: "Read From and Status with DescribeCertificate; a person may revoke it in the console or let it expire.",
    causes: ["A bought certificate is to be cleaned up before it has expired.", "The wrong id was chosen."],
    checks: ["DescribeCertificate: From, Status, CertEndTime."],
  },
  "FailedOperation.CannotBeDeletedWithinHour": {
    ...tooFresh,
    means: "A free certificate stays for an hour after its application (DeleteFailedTimeNotUp says the same).",
  },
  "FailedOperation.DeleteFailedTimeNotUp": {
    ...tooFresh,
    means: "A free certificate stays for an hour after its application (CannotBeDeletedWithinHour says the same).",
  },
  "FailedOperation.RenewNotIssued": {
    kind: "state",
    means: "The certificate that renews this one is not issued yet, so this one was kept.",
    next: "Call wait_for (certificate) until the renewal is issued, then delete.",
    causes: ["The renewal still waits for the domain's proof.", "The renewal failed and nobody took it up again."],
    checks: [
      "DescribeCertificates by domain: the renewal's Status.",
      "DescribeCertificate: DvAuthDetail of the renewal.",
    ],
    retry: "Yes, once the renewal is issued.",
  },

  InvalidParameterValue: unacceptedValue,

  ...tencentDeploymentErrors,
};
