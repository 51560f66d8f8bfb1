import type { Diagnosis, ErrorFact, ErrorTable } from "./fact.js";
import { unacceptedValue } from "./tencent-common.js";
import { tencentMutualTlsErrors } from "./tencent-mutual-tls.js";

const locked: Omit<ErrorFact, "means"> = {
  kind: "busy",
  next: "Wait and call again; if the lock stays, ask a person to look for it in the EdgeOne console.",
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

/** Codes of ModifyHostsCertificate, without those that other services share. */
export const tencentHostErrors: ErrorTable = {
  // The certificate for visitors
  "FailedOperation.CertificateHasExpired": {
    kind: "input",
    means: "The certificate chosen for visitors has expired.",
    next: "Put another id into ServerCertInfo; CertEndTime in DescribeCertificates tells which are still valid.",
    causes: ["The old certificate's id was given instead of the renewed one's.", "Nobody renewed it."],
    checks: ["DescribeCertificates by domain: CertEndTime of each."],
  },
  "FailedOperation.CertificateNotFound": {
    kind: "not-found",
    means: "The certificate chosen for visitors does not exist.",
    next: "Take the id for ServerCertInfo from DescribeCertificates on the same site.",
    ...missingCertificate,
  },
  "ResourceUnavailable.CertNotFound": {
    kind: "not-found",
    means: "EdgeOne finds no such certificate, or may not use it.",
    next: "Take the id from DescribeCertificates on the same site; if it is there, ask a person to check EdgeOne's access to it.",
    ...missingCertificate,
  },
  "InvalidParameter.CertNotMatchDomain": {
    kind: "input",
    means: "The certificate's names do not cover every host in the call.",
    next: "Check with inspect_certificate (domains) which of Hosts it does not cover; a wildcard covers one label only.",
    causes: [
      "A host is two labels below the wildcard: *.example.com does not cover a.b.example.com.",
      "The bare domain is missing: *.example.com does not cover example.com.",
      "The renewed certificate was ordered with fewer names than the old one.",
      "Hosts lists hosts of several certificates in one call.",
    ],
    checks: ["inspect_certificate with certificate_id and domains: which hosts are not covered."],
  },
  "InvalidParameter.CertToExpire": {
    kind: "input",
    means: "The certificate expires too soon for EdgeOne.",
    next: "Put a certificate with more time left into ServerCertInfo (CertEndTime in DescribeCertificates).",
    causes: ["The old certificate was chosen instead of the renewed one.", "The renewal came in the last days."],
    checks: ["DescribeCertificates sorted by expiry: the newest for this domain."],
  },
  "InvalidParameter.CertTooShortKeySize": {
    kind: "input",
    means: "The certificate's key is too short: RSA, DSA and DH need 2048 bits, an elliptic curve 225.",
    next: "Put a certificate with a longer key into ServerCertInfo.",
    causes: ["An old RSA 1024 certificate of an internal authority."],
    checks: ["inspect_certificate: the key's type and size."],
  },
  "InvalidParameter.InvalidCertInfo": {
    kind: "input",
    means: "ServerCertInfo does not describe a usable certificate.",
    next: "Give only CertId in each member of ServerCertInfo, with an id from DescribeCertificates.",
    causes: [
      "Members that EdgeOne itself reports, such as Type or Alias, were sent back along with CertId.",
      "Two certificates of the same key type are named.",
    ],
  },
  "InvalidParameter.InvalidHttpsCertInfo": {
    kind: "input",
    means: "The content of the certificate chosen for visitors is invalid.",
    next: "Read it with DescribeCertificate; put another id into ServerCertInfo.",
  },
  "InvalidParameter.InvalidHttpsTlsVersion": {
    kind: "state",
    means: "The TLS versions set for the host do not allow this change.",
    next: "Ask a person to check the TLS version setting of the host in the EdgeOne console.",
  },

  // Free certificates
  "InvalidParameter.CnameWildHostNotAllowApplyCertificate": {
    kind: "unsupported",
    means: "With CNAME access EdgeOne issues no free certificate for a wildcard host.",
    next: "Use Mode sslcert with a wildcard certificate of your own in ServerCertInfo.",
    causes: ["The zone changed from NS to CNAME access, and its wildcard can no longer be proven."],
    checks: ["EdgeOne console: the zone's access mode."],
  },
  "InvalidParameter.HostStatusNotAllowApplyCertificate": {
    kind: "state",
    means: "The host does not point at EdgeOne yet, so a free certificate cannot be proven.",
    next: "Wait until the host's CNAME leads to EdgeOne, then call again; or use Mode sslcert.",
    causes: [
      "The host's CNAME does not lead to EdgeOne yet, or was set moments ago.",
      "DNS answers differently by line or region, so the authority does not reach EdgeOne.",
      "The host is stopped in the EdgeOne console.",
    ],
    checks: ["The host's CNAME from several resolvers.", "EdgeOne console: the host's status."],
    retry: "Yes, once the CNAME has taken effect.",
  },

  ...tencentMutualTlsErrors,

  // Zones, hosts and access
  "FailedOperation.InvalidZoneStatus": {
    kind: "state",
    means: "The zone's status does not allow changes.",
    next: "Ask a person to check the zone in the EdgeOne console: it must be verified and active.",
    causes: ["The zone's ownership was never proven.", "The zone's plan has run out."],
    checks: ["EdgeOne console: the zone's status and plan."],
  },
  "OperationDenied.ErrZoneIsAlreadyPaused": {
    kind: "state",
    means: "EdgeOne is disabled for the zone.",
    next: "Ask a person to enable the zone in the EdgeOne console; then call again.",
    causes: ["Somebody switched the zone off, or its plan has run out."],
    checks: ["EdgeOne console: the zone's status and operation log."],
  },
  "ResourceUnavailable.ZoneNotFound": {
    kind: "not-found",
    means: "The zone does not exist or belongs to another account.",
    next: "Take ZoneId from DescribeHostTeoInstanceList or the EdgeOne console, and check the configured site.",
    causes: [
      "The zone belongs to the other site or to another account.",
      "The zone's domain was given where its id (zone-…) is wanted.",
      "The zone was deleted.",
    ],
    checks: ["EdgeOne console: the zone's id.", "DescribeHostTeoInstanceList: the ZoneId of each host."],
  },
  "ResourceUnavailable.HostNotFound": {
    kind: "not-found",
    means: "The zone has no such host, or the host does not run through EdgeOne's proxy.",
    next: "Check Hosts and ZoneId with DescribeHostTeoInstanceList or in the EdgeOne console.",
    causes: [
      "A wildcard such as *.example.com was given, although the hosts are added one by one.",
      "The host exists in DNS only and is not accelerated by EdgeOne.",
      "The host belongs to another zone.",
    ],
    checks: ["EdgeOne console, domain management: the exact names of the zone."],
  },
  "UnauthorizedOperation.CamUnauthorized": {
    kind: "permission",
    means: "No CAM policy allows the configured key's user to do this in EdgeOne.",
    next: "Ask a person to grant the key's user a CAM policy with the teo action of the same name (for example teo:ModifyHostsCertificate) for this zone.",
    causes: [
      "The policy covers SSL certificates only; EdgeOne is a separate product (teo).",
      "The policy is bound to other zones.",
    ],
  },
  OperationDenied: {
    kind: "state",
    means: "EdgeOne refuses the change at present; the last part of the code or the message says why.",
  },

  // Busy
  "InvalidParameter.ActionInProgress": {
    kind: "busy",
    means: "An earlier change of these hosts is still being carried out.",
    causes: [
      "Two calls for the same host came one after the other.",
      "A free certificate for the host is being applied for.",
    ],
    checks: ["DescribeHostTeoInstanceList: the host's status.", "check_served_certificate: how far the rollout is."],
  },
  "InvalidParameter.ZoneIsGrayPublishing": {
    kind: "busy",
    means: "The zone is being upgraded and cannot be changed in the meantime.",
    next: "Wait until the upgrade of the zone has ended, then call again.",
  },
  "InternalError.ConfigLocked": {
    ...locked,
    means: "The configuration is locked (OperationDenied.ConfigLocked says the same).",
  },
  "OperationDenied.ConfigLocked": {
    ...locked,
    means: "The configuration is locked (InternalError.ConfigLocked says the same).",
  },
  "OperationDenied.DisableZoneNotCompleted": {
    kind: "busy",
    means: "The zone is currently being disabled.",
    next: "Wait until that has ended; the zone must then be enabled before its hosts can change.",
  },
  "OperationDenied.VersionControlIsGraying": {
    kind: "busy",
    means: "A test version of the zone's configuration is deployed, and the live one is frozen in the meantime.",
    next: "Ask a person to release or roll back the test version in the EdgeOne console; then call again.",
    causes: ["A colleague is testing a configuration version of the zone."],
    checks: ["EdgeOne console, version management: who released the test version."],
  },

  // Faults
  "FailedOperation.ModifyFailed": {
    kind: "temporary",
    means: "EdgeOne could not write the change; with several hosts some may have it.",
    next: "Read each host's CertId with DescribeHostTeoInstanceList, then repeat for the hosts that lack the change.",
    mayHaveChanged: true,
    causes: [
      "One host in the call is in a state that allows no changes, so the whole call failed.",
      "Two changes of the zone met.",
      "The certificate was uploaded moments ago and is not known everywhere yet.",
    ],
    checks: [
      "DescribeHostTeoInstanceList: CertId and status of each host.",
      "One host by itself: whether all fail or a single one.",
    ],
  },
  "InternalError.GetRoleError": {
    kind: "temporary",
    means: "EdgeOne could not fetch its service role.",
    mayHaveChanged: true,
  },
  "InternalError.ProxyServer": {
    kind: "temporary",
    means: "A server behind the EdgeOne API failed.",
    mayHaveChanged: true,
  },
  "InternalError.RouteError": {
    kind: "temporary",
    means: "The EdgeOne API could not reach the server behind it.",
    mayHaveChanged: true,
  },
  "InternalError.SystemError": { kind: "temporary", means: "EdgeOne had an internal error.", mayHaveChanged: true },
  "InternalError.UnknowError": {
    kind: "temporary",
    means: "EdgeOne failed for an unknown reason.",
    mayHaveChanged: true,
  },
};

/** Codes of Tencent Cloud EdgeOne, without the shared ones. */
export const tencentEdgeoneErrors: ErrorTable = {
  ...tencentHostErrors,

  // Of reads
  "UnauthorizedOperation.NoPermission": {
    kind: "permission",
    means: "The sub-account of the configured key may not do this in EdgeOne.",
    next: "Ask a person to grant the key's user a CAM policy with the teo action of the same name for this zone.",
  },
  "UnauthorizedOperation.Unknown": {
    kind: "temporary",
    means: "EdgeOne could not check the permissions of the configured key.",
  },
  "InvalidParameter.DomainOnTrafficScheduling": {
    kind: "state",
    means: "The domain is under EdgeOne's traffic scheduling, for which this call does not answer.",
  },
  "InvalidParameter.TooManyFilterValues": {
    kind: "input",
    means: "A filter has more values than EdgeOne accepts at once.",
    next: "Use at most 20 values in each filter.",
  },

  // Arguments
  InvalidParameterValue: {
    ...unacceptedValue,
    causes: [
      "Hosts is empty, often because all hosts have the certificate already.",
      "Hosts holds a wildcard that is not a host of the zone.",
    ],
    checks: ["The arguments that were sent, Hosts and Mode first."],
  },
};
