import type { ErrorTable } from "./fact.js";

/** Codes of Tencent Cloud EdgeOne's ModifyHostsCertificate, without the shared ones. */
export const tencentEdgeoneErrors: ErrorTable = {
  // The certificate for visitors
  "FailedOperation.CertificateHasExpired": {
    kind: "input",
    means: "The certificate chosen for visitors has expired.",
    next: "Put another id into ServerCertInfo; CertEndTime in DescribeCertificates tells which are still valid.",
  },
  "FailedOperation.CertificateNotFound": {
    kind: "not-found",
    means: "The certificate chosen for visitors does not exist.",
    next: "Take the id for ServerCertInfo from DescribeCertificates on the same site.",
  },
  "ResourceUnavailable.CertNotFound": {
    kind: "not-found",
    means: "EdgeOne finds no such certificate, or may not use it.",
    next: "Take the id from DescribeCertificates on the same site; if it is there, a person checks EdgeOne's access to it.",
  },
  "InvalidParameter.CertNotMatchDomain": {
    kind: "input",
    means: "The certificate's names do not cover every host in the call.",
    next: "See with inspect_certificate (domains) which of Hosts it does not cover; a wildcard covers one label only.",
  },
  "InvalidParameter.CertToExpire": {
    kind: "input",
    means: "The certificate expires too soon for EdgeOne.",
    next: "Put a certificate with more time left into ServerCertInfo (CertEndTime in DescribeCertificates).",
  },
  "InvalidParameter.CertTooShortKeySize": {
    kind: "input",
    means: "The certificate's key is too short: RSA, DSA and DH need 2048 bits, an elliptic curve 225.",
    next: "Put a certificate with a longer key into ServerCertInfo.",
  },
  "InvalidParameter.InvalidCertInfo": {
    kind: "input",
    means: "ServerCertInfo does not describe a usable certificate.",
    next: "Give only CertId in each member of ServerCertInfo, with an id from DescribeCertificates.",
  },
  "InvalidParameter.InvalidHttpsCertInfo": {
    kind: "input",
    means: "The content of the certificate chosen for visitors is invalid.",
    next: "Read it with DescribeCertificate; put another id into ServerCertInfo.",
  },
  "InvalidParameter.InvalidHttpsTlsVersion": {
    kind: "state",
    means: "The TLS versions set for the host do not allow this change.",
    next: "A person checks the TLS version setting of the host in the EdgeOne console.",
  },

  // Free certificates
  "InvalidParameter.CnameWildHostNotAllowApplyCertificate": {
    kind: "unsupported",
    means: "With CNAME access EdgeOne issues no free certificate for a wildcard host.",
    next: "Use Mode sslcert with a wildcard certificate of your own in ServerCertInfo.",
  },
  "InvalidParameter.HostStatusNotAllowApplyCertificate": {
    kind: "state",
    means: "The host does not point at EdgeOne yet, so a free certificate cannot be proven.",
    next: "Wait until the host's CNAME leads to EdgeOne, then call again; or use Mode sslcert.",
  },

  // Client certificates at the edge (mutual TLS with visitors)
  "FailedOperation.EdgeClientCertificateHasExpired": {
    kind: "input",
    means: "A client CA certificate in ClientCertInfo has expired.",
    next: "Remove it from ClientCertInfo.CertInfos or put a valid one there.",
  },
  "InvalidParameter.EdgeClientCertCheckError": {
    kind: "input",
    means: "The client certificates in ClientCertInfo failed EdgeOne's checks.",
  },
  "InvalidParameterValue.CertificateVerifyClientMustCa": {
    kind: "input",
    means: "ClientCertInfo takes CA certificates only, and one of those named is not a CA.",
    next: "Put ids with CertificateType CA (DescribeCertificates) into ClientCertInfo.CertInfos.",
  },
  "InvalidParameterValue.CertificateVerifyClientNeedCert": {
    kind: "input",
    means: "ClientCertInfo is switched on without any certificate.",
    next: "Name at least one CA certificate in ClientCertInfo.CertInfos.",
  },
  "InvalidParameterValue.ClientCertInfoQuotaLimit": {
    kind: "input",
    means: "ClientCertInfo names more than 20 CA certificates.",
    next: "Name at most 20 in ClientCertInfo.CertInfos.",
  },
  "InvalidParameterValue.ServerCertInfoNeedContainRSAorECC": {
    kind: "input",
    means: "The client CA is RSA or ECC, and no certificate for visitors is of that family.",
    next: "Add an RSA or ECC certificate to ServerCertInfo.",
  },
  "InvalidParameterValue.ServerCertInfoNeedContainSM2": {
    kind: "input",
    means: "The client CA is SM2, and no certificate for visitors is.",
    next: "Add an SM2 certificate to ServerCertInfo.",
  },
  "InvalidParameterValue.AliasDomainNotSupportEdgeMTLS": {
    kind: "unsupported",
    means: "An alias domain cannot demand client certificates.",
    next: "Leave ClientCertInfo out for alias domains, or name the target domain in Hosts.",
  },
  "OperationDenied.HostsClientCertificateInconsistency": {
    kind: "input",
    means: "The hosts in the call have different client certificate settings.",
    next: "Call once for each group of Hosts with the same setting.",
  },

  // The certificate that EdgeOne shows to the origin
  "FailedOperation.UpstreamClientCertificateHasExpired": {
    kind: "input",
    means: "The certificate that EdgeOne would show to the origin has expired.",
    next: "Put a valid one into UpstreamCertInfo.UpstreamMutualTLS.",
  },
  "InvalidParameter.UpstreamClientCertCheckError": {
    kind: "input",
    means: "The certificate to show to the origin failed EdgeOne's checks.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamClientMustRSAorECC": {
    kind: "input",
    means: "The certificate to show to the origin has to be RSA or ECC; SM2 is not possible.",
    next: "Put an RSA or ECC certificate into UpstreamCertInfo.UpstreamMutualTLS.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamClientMustSVR": {
    kind: "input",
    means: "The certificate to show to the origin has to be an end-entity one, and a CA was named.",
    next: "Put an id with CertificateType SVR (DescribeCertificates) into UpstreamCertInfo.UpstreamMutualTLS.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamClientNeedCert": {
    kind: "input",
    means: "Mutual TLS with the origin is switched on without a certificate.",
    next: "Name one certificate in UpstreamCertInfo.UpstreamMutualTLS.CertInfos.",
  },
  "InvalidParameterValue.UpstreamClientCertInfoQuotaLimit": {
    kind: "input",
    means: "More than one certificate is named to show to the origin.",
    next: "Name exactly one in UpstreamCertInfo.UpstreamMutualTLS.CertInfos.",
  },
  "InvalidParameterValue.AliasDomainNotSupportUpstreamMTLS": {
    kind: "unsupported",
    means: "An alias domain cannot show a certificate of its own to the origin.",
    next: "Leave UpstreamMutualTLS out for alias domains, or name the target domain in Hosts.",
  },
  "OperationDenied.HostsUpstreamCertificateInconsistency": {
    kind: "input",
    means: "The hosts in the call show different certificates to their origins.",
    next: "Call once for each group of Hosts with the same setting.",
  },
  "OperationDenied.NotInUpstreamMTLSWhiteList": {
    kind: "unsupported",
    means: "Mutual TLS with the origin is open only to accounts that Tencent Cloud has enabled for it.",
    next: "A person asks Tencent Cloud to enable it for the account; until then leave UpstreamMutualTLS out.",
  },
  "OperationDenied.UnSupportToCloseUpstreamMTLS": {
    kind: "unsupported",
    means: "Mutual TLS with the origin cannot be switched off by itself.",
    next: "It ends only with the host's HTTPS as a whole (Mode disable), which visitors notice; a person decides that.",
  },
  "OperationDenied.UseUpstreamMTLSNeedOpenHttps": {
    kind: "state",
    means: "Mutual TLS with the origin needs a certificate for visitors on the host first.",
    next: "Set the host's certificate with Mode sslcert and ServerCertInfo, then turn on UpstreamMutualTLS.",
  },

  // Checking the origin's certificate
  "FailedOperation.UpstreamVerifyCustomCACertificateHasExpired": {
    kind: "input",
    means: "A CA certificate given for checking the origin has expired.",
    next: "Put a valid one into UpstreamCertificateVerify.CustomCACerts.",
  },
  "InvalidParameter.UpstreamVerifyCertCheckError": {
    kind: "input",
    means: "The settings for checking the origin's certificate failed EdgeOne's checks.",
    next: "Check VerificationMode and CustomCACerts in UpstreamCertificateVerify.",
  },
  "InvalidParameter.UpstreamVerifyCustomCACertNoInfo": {
    kind: "not-found",
    means: "A CA certificate given for checking the origin is unknown.",
    next: "Take the ids for UpstreamCertificateVerify.CustomCACerts from DescribeCertificates.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCAMustCA": {
    kind: "input",
    means: "The origin is checked against CA certificates only, and one of those named is not a CA.",
    next: "Put ids with CertificateType CA (DescribeCertificates) into UpstreamCertificateVerify.CustomCACerts.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCAMustRSAorECC": {
    kind: "input",
    means: "The CA certificates for checking the origin have to be RSA or ECC.",
    next: "Put RSA or ECC certificates into UpstreamCertificateVerify.CustomCACerts.",
  },
  "InvalidParameterValue.CertificateVerifyUpstreamVerifyCustomCANeedCert": {
    kind: "input",
    means: "VerificationMode is custom_ca and no CA certificate is named.",
    next: "Name at least one CA certificate in UpstreamCertificateVerify.CustomCACerts.",
  },
  "InvalidParameterValue.UpstreamVerifyCustomCACertInfoQuotaLimit": {
    kind: "input",
    means: "More CA certificates are named for checking the origin than EdgeOne allows.",
    next: "Name fewer in UpstreamCertificateVerify.CustomCACerts.",
  },
  "InvalidParameterValue.AliasDomainNotSupportUpstreamVerify": {
    kind: "unsupported",
    means: "An alias domain cannot have its own check of the origin's certificate.",
    next: "Leave UpstreamCertificateVerify out for alias domains, or name the target domain in Hosts.",
  },
  "InvalidParameterValue.OCDirectOriginDomainNotSupportUpstreamVerify": {
    kind: "unsupported",
    means: "A host that is sent straight to its origin cannot have the origin's certificate checked.",
    next: "Leave UpstreamCertificateVerify out for this host.",
  },
  "OperationDenied.HostsUpstreamCertificateVerifyInconsistency": {
    kind: "input",
    means: "The hosts in the call check their origins' certificates differently.",
    next: "Call once for each group of Hosts with the same setting.",
  },

  // Keyless certificates
  "InvalidParameter.AliasDomainNotSupportKeyless": {
    kind: "unsupported",
    means: "An alias domain cannot use a keyless certificate.",
    next: "Choose a certificate that is stored with its key, or name the target domain in Hosts.",
  },
  "InvalidParameter.CertificateConflictWithKeylessServer": {
    kind: "state",
    means: "A host in the call has no certificate or no keyless server bound, and this change needs both.",
    next: "A person binds the missing part in the EdgeOne console first.",
  },
  "InvalidParameterValue.InvalidKeylessServerId": {
    kind: "not-found",
    means: "No keyless server has this id.",
    next: "A person looks the id up in the EdgeOne console.",
  },
  "OperationDenied.CertificatePrivateKeyIsEmpty": {
    kind: "input",
    means: "The certificate is stored without its private key, which only keyless mode allows.",
    next: "Put a certificate that was uploaded with its key into ServerCertInfo.",
  },
  "OperationDenied.KeylessModeCertificatePrivateKeyNeedEmpty": {
    kind: "input",
    means: "Keyless mode takes only a certificate that is stored without its private key.",
    next: "Put a certificate that was uploaded without a key into ServerCertInfo.",
  },
  "OperationDenied.HostsKeylessServerInconsistency": {
    kind: "input",
    means: "The hosts in the call use different keyless servers.",
    next: "Call once for each group of Hosts with the same keyless server.",
  },
  "OperationDenied.KeylessCertSwitchToFreeCertConflict": {
    kind: "input",
    means:
      "The hosts in the call differ in certificate or keyless server, so they cannot change to free ones together.",
    next: "Call once for each group of Hosts with the same certificate and keyless server.",
  },
  "OperationDenied.NotInKeylessWhiteList": {
    kind: "unsupported",
    means: "Keyless certificates are open only to accounts that Tencent Cloud has enabled for them.",
    next: "A person asks Tencent Cloud to enable them for the account; until then use a certificate stored with its key.",
  },

  // Zones, hosts and access
  "FailedOperation.InvalidZoneStatus": {
    kind: "state",
    means: "The zone's status does not allow changes.",
    next: "A person checks the zone in the EdgeOne console: it has to be verified and active.",
  },
  "OperationDenied.ErrZoneIsAlreadyPaused": {
    kind: "state",
    means: "EdgeOne is switched off for the zone.",
    next: "A person enables the zone in the EdgeOne console; then call again.",
  },
  "ResourceUnavailable.ZoneNotFound": {
    kind: "not-found",
    means: "The zone does not exist or belongs to another account.",
    next: "Take ZoneId from DescribeHostTeoInstanceList or the EdgeOne console, and check the configured site.",
  },
  "ResourceUnavailable.HostNotFound": {
    kind: "not-found",
    means: "The zone has no such host, or the host does not run through EdgeOne's proxy.",
    next: "Check Hosts and ZoneId with DescribeHostTeoInstanceList or in the EdgeOne console.",
  },
  "UnauthorizedOperation.CamUnauthorized": {
    kind: "permission",
    means: "No CAM policy allows the configured key's user to do this in EdgeOne.",
    next: "A person grants the key's user a CAM policy with teo:ModifyHostsCertificate for this zone.",
  },
  OperationDenied: {
    kind: "state",
    means: "EdgeOne refuses the change at present; the code's last part or the message tells why.",
  },

  // Busy
  "InvalidParameter.ActionInProgress": {
    kind: "busy",
    means: "An earlier change of these hosts is still being carried out.",
  },
  "InvalidParameter.ZoneIsGrayPublishing": {
    kind: "busy",
    means: "The zone is being upgraded and takes no changes meanwhile.",
    next: "Wait until the upgrade of the zone has ended, then call again.",
  },
  "InternalError.ConfigLocked": {
    kind: "busy",
    means: "The configuration is locked (OperationDenied.ConfigLocked says the same).",
    next: "Wait and call again; if the lock stays, a person looks for it in the EdgeOne console.",
  },
  "OperationDenied.ConfigLocked": {
    kind: "busy",
    means: "The configuration is locked (InternalError.ConfigLocked says the same).",
    next: "Wait and call again; if the lock stays, a person looks for it in the EdgeOne console.",
  },
  "OperationDenied.DisableZoneNotCompleted": {
    kind: "busy",
    means: "The zone is just being switched off.",
    next: "Wait until that has ended; the zone then has to be enabled before its hosts can change.",
  },
  "OperationDenied.VersionControlIsGraying": {
    kind: "busy",
    means: "A test version of the zone's configuration is out, and the live one is frozen meanwhile.",
    next: "A person releases or rolls back the test version in the EdgeOne console; then call again.",
  },

  // Faults
  "FailedOperation.ModifyFailed": {
    kind: "temporary",
    means: "EdgeOne could not write the change; with several hosts some may have it.",
    next: "Read each host's CertId with DescribeHostTeoInstanceList, then repeat for the hosts that lack the change.",
    mayHaveChanged: true,
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
  "InternalError.SystemError": { kind: "temporary", means: "EdgeOne failed internally.", mayHaveChanged: true },
  "InternalError.UnknowError": { kind: "temporary", means: "EdgeOne failed, cause unknown.", mayHaveChanged: true },
};
