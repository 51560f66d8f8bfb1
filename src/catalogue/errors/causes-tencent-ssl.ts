import { tencentDeploymentCauses } from "./causes-tencent-deployment.js";
import type { Diagnosis, DiagnosisTable } from "./diagnosis.js";

/** Likely causes of the codes of Tencent Cloud SSL; for their order see `causes-tencent-common.ts`. */

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

const stillUsed: Diagnosis = {
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

const tooFresh: Diagnosis = {
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

export const tencentSslCauses: DiagnosisTable = {
  ...tencentDeploymentCauses,

  // Access
  "FailedOperation.AuthError": {
    causes: [
      "The sub-user may read certificates and not change them.",
      "The policy names single certificates or a project, and this one is not among them.",
      "The key is of another account than the certificate.",
    ],
  },
  "FailedOperation.NoProjectPermission": {
    causes: [
      "The certificate is in a project that the sub-user cannot access.",
      "ProjectId is that of another account; 0 is the default project.",
    ],
  },
  "FailedOperation.NoRealNameAuth": {
    causes: ["The account is new.", "The key belongs to another account than the one that was verified."],
    checks: ["Account console: state of the identity verification."],
  },
  "FailedOperation.RoleNotFoundAuthorization": {
    causes: [
      "Nobody has opened the deployment page of the SSL console before, where the role is granted.",
      "The role was deleted when unused roles were cleaned up.",
      "A delete was called with IsCheckResource, which needs the role as well.",
    ],
    checks: ["CAM console, Roles: SSL_QCSLinkedRoleInReplaceLoadCertificate."],
  },

  // The certificate and its order
  "FailedOperation.CertificateNotFound": {
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
  "FailedOperation.CertificateInvalid": notUsable,
  "FailedOperation.CertificateNotAvailable": notUsable,
  "FailedOperation.InvalidCertificateStatusCode": {
    causes: [
      "A download or deployment was tried before the certificate was issued.",
      "A form was sent for an order that is past that step already.",
      "A repeat of a call whose first try had worked.",
    ],
    checks: ["DescribeCertificate: Status before and after the failed call.", "DescribeCertificateOperateLogs."],
  },
  "FailedOperation.InvalidCertificateSource": {
    causes: ["The certificate was uploaded, and only one ordered here can be reissued or validated."],
    checks: ["DescribeCertificates with FilterSource buy: those that were ordered here."],
  },
  "FailedOperation.CancelOrderFailed": {
    causes: ["The certificate has been issued in the meantime.", "An earlier cancellation is still running."],
    checks: ["DescribeCertificate: Status."],
  },
  "FailedOperation.CertificateNotFoundOrCantCancel": {
    causes: ["The application was issued or failed in the meantime.", "It was withdrawn by an earlier call."],
    checks: ["DescribeCertificate: Status."],
  },
  "FailedOperation.OrderAlreadyReplaced": {
    causes: [
      "An earlier reissue worked, and only its reply was lost.",
      "A free certificate is to be reissued a second time, which is not possible.",
    ],
    checks: ["DescribeCertificates by domain: the successor and its Status."],
  },
  "FailedOperation.NetworkError": {
    causes: ["The certificate authority is overloaded or under maintenance."],
    checks: ["DescribeCertificates by domain: whether an application was recorded after all."],
  },

  // Free certificates
  "FailedOperation.ExceedsFreeLimit": {
    causes: [
      "Expired free certificates were never deleted.",
      "An automation applies each time instead of using what was issued.",
      "Test domains use up what production needs.",
    ],
    checks: ["DescribeCertificates with CertificateStatus 3: expired ones.", "SSL console: the quota of the account."],
  },
  "FailedOperation.MainDomainCertificateCountLimit": {
    causes: ["Each subdomain has a free certificate of its own.", "A job applies for the same name again on each run."],
    checks: ["DescribeCertificates with the registrable domain as SearchKey: all statuses."],
  },
  "FailedOperation.PackageCountLimit": {
    causes: ["The points went into other certificates of the package."],
    checks: ["SSL console, benefit packages: what is left."],
  },

  // Deleting
  "FailedOperation.BoundResources": stillUsed,
  "FailedOperation.DeleteResourceFailed": stillUsed,
  "FailedOperation.CannotBeDeletedIssued": {
    causes: ["A bought certificate is to be cleaned up before it has expired.", "The wrong id was chosen."],
    checks: ["DescribeCertificate: From, Status, CertEndTime."],
  },
  "FailedOperation.CannotBeDeletedWithinHour": tooFresh,
  "FailedOperation.DeleteFailedTimeNotUp": tooFresh,
  "FailedOperation.RenewNotIssued": {
    causes: ["The renewal still waits for the domain's proof.", "The renewal failed and nobody took it up again."],
    checks: [
      "DescribeCertificates by domain: the renewal's Status.",
      "DescribeCertificate: DvAuthDetail of the renewal.",
    ],
    retry: "Yes, once the renewal is issued.",
  },

  // Uploading
  "FailedOperation.CertificateParseError": {
    causes: [
      "Line breaks were lost or turned into \\n when the PEM was copied.",
      "There are spaces or text around the PEM blocks.",
      "The order is wrong: intermediate before leaf, or the root alone.",
      "A PKCS#12, DER or JKS file was given instead of PEM.",
    ],
    checks: ["inspect_certificate with the same text or file: it names the fault."],
  },
  "FailedOperation.CertificateCaError": {
    causes: [
      "CertificateType CA was set for a site's certificate; that is SVR.",
      "The file holds leaf and chain, and the leaf comes first.",
    ],
    checks: ["inspect_certificate: whether it is a CA certificate."],
  },
  "FailedOperation.CertificateEncryptInvalid": {
    causes: ["An SM2 certificate was given where RSA or ECC is meant.", "The pair mixes key types."],
    checks: ["inspect_certificate: the key's type."],
  },
  "FailedOperation.CertificateExists": {
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
  "FailedOperation.CertificateMatchError": wrongKey,
  "FailedOperation.CertificateMismatch": wrongKey,
  "InvalidParameter.MissMatchPrivateKey": wrongKey,
  "InvalidParameterValue.IntermediateCertNotSame": {
    causes: [
      "The issuer changed its intermediate, and the old chain was reused.",
      "Only the leaf was sent.",
      "A cross-signed chain of another length was chosen.",
    ],
    checks: ["inspect_certificate: whether the chain is complete and in order."],
  },

  // Arguments
  "FailedOperation.InvalidParam": {
    causes: [
      "A domain holds a scheme, a port, a path or a blank.",
      "A wildcard was given where the product takes single names.",
      "A proof by file was chosen for a wildcard, which only DNS can prove.",
    ],
  },
  "InvalidParameter.InvalidCSRId": {
    causes: ["The CSR record was deleted.", "The id is that of a certificate, not of a CSR record."],
    checks: ["DescribeCSRSet: the ids that exist."],
  },

  // Faults
  InternalServerError: {
    causes: ["The ordering system behind the certificate service failed while it took the order."],
    checks: ["DescribeCertificates: an order with today's InsertTime.", "Billing console: an unpaid or paid order."],
  },
};
