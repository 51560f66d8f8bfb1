import type { Diagnosis, DiagnosisTable } from "./diagnosis.js";

/** Likely causes of the codes of Tencent Cloud EdgeOne; for their order see `causes-tencent-common.ts`. */

const locked: Diagnosis = {
  causes: [
    "A change of the same zone is being rolled out.",
    "Tencent Cloud support or a migration holds the lock.",
    "Several programs change hosts of the zone at the same time.",
  ],
  checks: ["EdgeOne console: pending changes of the zone.", "Whether another job deploys to this zone right now."],
};

const missingCertificate: Diagnosis = {
  causes: [
    "The certificate is on the other site or in another account than the zone.",
    "It was uploaded a moment ago or deleted in the meantime.",
    "A name or fingerprint was given as CertId.",
  ],
  checks: ["DescribeCertificates with the id as SearchKey.", "The configured site, which zone and certificate share."],
};

export const tencentEdgeoneCauses: DiagnosisTable = {
  // The certificate
  "InvalidParameter.CertNotMatchDomain": {
    causes: [
      "A host is two labels below the wildcard: *.example.com does not cover a.b.example.com.",
      "The bare domain is missing: *.example.com does not cover example.com.",
      "The renewed certificate was ordered with fewer names than the old one.",
      "Hosts lists hosts of several certificates in one call.",
    ],
    checks: ["inspect_certificate with certificate_id and domains: which hosts are not covered."],
  },
  "InvalidParameter.CertToExpire": {
    causes: ["The old certificate was chosen instead of the renewed one.", "The renewal came in the last days."],
    checks: ["DescribeCertificates sorted by expiry: the newest for this domain."],
  },
  "FailedOperation.CertificateHasExpired": {
    causes: ["The old certificate's id was given instead of the renewed one's.", "Nobody renewed it."],
    checks: ["DescribeCertificates by domain: CertEndTime of each."],
  },
  "FailedOperation.CertificateNotFound": missingCertificate,
  "ResourceUnavailable.CertNotFound": missingCertificate,
  "InvalidParameter.InvalidCertInfo": {
    causes: [
      "Members that EdgeOne itself reports, such as Type or Alias, were sent back along with CertId.",
      "Two certificates of the same key type are named.",
    ],
  },
  "InvalidParameter.CertTooShortKeySize": {
    causes: ["An old RSA 1024 certificate of an internal authority."],
    checks: ["inspect_certificate: the key's type and size."],
  },
  "OperationDenied.CertificatePrivateKeyIsEmpty": {
    causes: ["The certificate was uploaded without its key.", "A CA certificate was chosen for visitors."],
    checks: ["DescribeCertificate: CertificateType, From."],
  },

  // Free certificates
  "InvalidParameter.HostStatusNotAllowApplyCertificate": {
    causes: [
      "The host's CNAME does not lead to EdgeOne yet, or was set moments ago.",
      "DNS answers differently by line or region, so the authority does not reach EdgeOne.",
      "The host is stopped in the EdgeOne console.",
    ],
    checks: ["The host's CNAME from several resolvers.", "EdgeOne console: the host's status."],
    retry: "Yes, once the CNAME has taken effect.",
  },
  "InvalidParameter.CnameWildHostNotAllowApplyCertificate": {
    causes: ["The zone changed from NS to CNAME access, and its wildcard can no longer be proven."],
    checks: ["EdgeOne console: the zone's access mode."],
  },

  // Zones and hosts
  "ResourceUnavailable.ZoneNotFound": {
    causes: [
      "The zone belongs to the other site or to another account.",
      "The zone's domain was given where its id (zone-…) is wanted.",
      "The zone was deleted.",
    ],
    checks: ["EdgeOne console: the zone's id.", "DescribeHostTeoInstanceList: ZoneId beside each host."],
  },
  "ResourceUnavailable.HostNotFound": {
    causes: [
      "A wildcard such as *.example.com was given, although the hosts are added one by one.",
      "The host exists in DNS only and is not accelerated by EdgeOne.",
      "The host belongs to another zone.",
    ],
    checks: ["EdgeOne console, domain management: the exact names of the zone."],
  },
  InvalidParameterValue: {
    causes: [
      "Hosts is empty, often because all hosts have the certificate already.",
      "Hosts holds a wildcard that is not a host of the zone.",
    ],
    checks: ["The arguments that were sent, Hosts and Mode first."],
  },
  "FailedOperation.InvalidZoneStatus": {
    causes: ["The zone's ownership was never proven.", "The zone's plan has run out."],
    checks: ["EdgeOne console: the zone's status and plan."],
  },
  "OperationDenied.ErrZoneIsAlreadyPaused": {
    causes: ["Somebody switched the zone off, or its plan has run out."],
    checks: ["EdgeOne console: the zone's status and operation log."],
  },
  "UnauthorizedOperation.CamUnauthorized": {
    causes: [
      "The policy covers SSL certificates only; EdgeOne is a product of its own (teo).",
      "The policy is bound to other zones.",
    ],
  },
  "OperationDenied.NotInUpstreamMTLSWhiteList": {
    causes: ["UpstreamMutualTLS was copied from an account that has the feature."],
    checks: ["EdgeOne console: whether the zone's plan shows mutual TLS with the origin."],
  },

  // Busy
  "InvalidParameter.ActionInProgress": {
    causes: [
      "Two calls for the same host came one after the other.",
      "A free certificate for the host is being applied for.",
    ],
    checks: ["DescribeHostTeoInstanceList: the host's status.", "check_served_certificate: how far the rollout is."],
  },
  "InternalError.ConfigLocked": locked,
  "OperationDenied.ConfigLocked": locked,
  "OperationDenied.VersionControlIsGraying": {
    causes: ["A colleague is testing a configuration version of the zone."],
    checks: ["EdgeOne console, version management: who released the test version."],
  },

  // Faults
  "FailedOperation.ModifyFailed": {
    causes: [
      "A host of the call is in a state that takes no change, and the whole call failed with it.",
      "Two changes of the zone met.",
      "The certificate was uploaded moments ago and is not known everywhere yet.",
    ],
    checks: [
      "DescribeHostTeoInstanceList: CertId and status of each host.",
      "One host by itself: whether all fail or a single one.",
    ],
  },
};
