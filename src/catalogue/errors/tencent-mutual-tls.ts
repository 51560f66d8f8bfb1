import type { ErrorTable } from "./fact.js";

/** Codes of EdgeOne about client certificates, the origin's certificate and keyless certificates. */
export const tencentMutualTlsErrors: ErrorTable = {
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
    means: "The client CA is RSA or ECC, and no certificate for visitors is of that type.",
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
    next: "Ask a person to have Tencent Cloud enable it for the account; until then leave UpstreamMutualTLS out.",
    causes: ["UpstreamMutualTLS was copied from an account that has the feature."],
    checks: ["EdgeOne console: whether the zone's plan shows mutual TLS with the origin."],
  },
  "OperationDenied.UnSupportToCloseUpstreamMTLS": {
    kind: "unsupported",
    means: "Mutual TLS with the origin cannot be switched off by itself.",
    next: "It ends only with the host's HTTPS as a whole (Mode disable), which visitors notice: ask a person to decide.",
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
    next: "Ask a person to bind the missing part in the EdgeOne console first.",
  },
  "InvalidParameterValue.InvalidKeylessServerId": {
    kind: "not-found",
    means: "No keyless server has this id.",
    next: "Ask a person to look the id up in the EdgeOne console.",
  },
  "OperationDenied.CertificatePrivateKeyIsEmpty": {
    kind: "input",
    means: "The certificate is stored without its private key, which only keyless mode allows.",
    next: "Put a certificate that was uploaded with its key into ServerCertInfo.",
    causes: ["The certificate was uploaded without its key.", "A CA certificate was chosen for visitors."],
    checks: ["DescribeCertificate: CertificateType, From."],
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
    next: "Ask a person to have Tencent Cloud enable them for the account; until then use a certificate stored with its key.",
  },
};
