import type { Diagnosis, DiagnosisTable } from "./diagnosis.js";

/** Likely causes of Alibaba Cloud's codes; for their order see `causes-tencent-common.ts`. */

const tooManyCalls: Diagnosis = {
  causes: [
    "Many domains are set one after the other without a pause.",
    "Another program of the account calls CDN's or VOD's API, such as a renewal job.",
  ],
  checks: ["What else is using the account's API.", "How many domains the running job still has to set."],
};

const expiredToken: Diagnosis = {
  causes: [
    "The token is past the end of its session.",
    "Only id and secret were renewed.",
    "A permanent AccessKey is used while ALIBABA_CLOUD_SECURITY_TOKEN is still set.",
  ],
  checks: ["Whether the AccessKey id begins with STS.: then it is temporary and needs its token."],
};

const nameTaken: Diagnosis = {
  causes: [
    "A renewal uploads under the name of the certificate that it renews.",
    "An earlier call stored the certificate, and only its reply was lost.",
    "The same certificate was uploaded for another domain of the account.",
  ],
  checks: [
    "Certificate Management console, by name: whose fingerprint the stored one has.",
    "check_served_certificate: whether the domain serves the new one already.",
  ],
};

const badCertificate: Diagnosis = {
  causes: [
    "Line breaks were lost when the PEM was copied.",
    "The chain is in the wrong order, or has blank lines between its certificates.",
    "A PKCS#12 or DER file was given instead of PEM.",
  ],
  checks: ["inspect_certificate with the same text or file."],
};

const badKey: Diagnosis = {
  causes: [
    "The key is encrypted with a password.",
    "The file holds the certificate, or a CSR, instead of the key.",
    "The key has a form that this product does not read; its documents show RSA in PKCS#1.",
  ],
  checks: ["inspect_certificate with private_key: whether it can be read and fits."],
};

const notInService: Diagnosis = {
  causes: [
    "The domain was added or changed minutes ago and is still being configured.",
    "It was stopped, for instance for an unpaid bill or a missing ICP filing.",
    "A wildcard was given where the exact accelerated domain is wanted.",
  ],
  checks: ["CDN or VOD console, domain list: exact name and status.", "The account that the AccessKey belongs to."],
};

const frozen: Diagnosis = {
  causes: ["A security event or a violation of rules on the domain.", "An investigation by Alibaba Cloud."],
  checks: ["Message centre of the account: a notice on this domain."],
};

const stored: Diagnosis = {
  causes: [
    "A passing fault of the certificate store.",
    "A name or chain that the store cannot take, if it fails each time.",
  ],
  checks: [
    "Certificate Management console: whether an entry was made.",
    "check_served_certificate: what the domain serves now.",
  ],
};

export const alibabaCauses: DiagnosisTable = {
  // Credential and clock
  SignatureDoesNotMatch: {
    causes: [
      "A space or line break was copied along with the AccessKey secret.",
      "The secret belongs to another AccessKey id.",
      "A proxy changes the request's body or headers.",
    ],
    checks: ["RAM console, AccessKey list: the id. A secret cannot be read again there, only replaced."],
  },
  "InvalidAccessKeyId.NotFound": {
    causes: [
      "The key was deleted in a rotation.",
      "The id is of another cloud; Alibaba Cloud's permanent ones begin with LTAI.",
      "A character was lost when copying.",
    ],
  },
  "InvalidAccessKeyId.Inactive": {
    causes: ["The key was disabled in a rotation, or by Alibaba Cloud after it was found in public."],
    checks: ["RAM console, AccessKey list: since when it is disabled.", "Message centre: a notice on a leaked key."],
  },
  "InvalidSecurityToken.Expired": expiredToken,
  InvalidSecurityToken: expiredToken,
  MissingSecurityToken: {
    causes: ["Id and secret of an STS credential were copied without their token."],
    checks: ["Whether ALIBABA_CLOUD_SECURITY_TOKEN reaches this server: a client hands on only the variables named."],
  },
  "InvalidTimeStamp.Expired": {
    causes: [
      "Time synchronisation (NTP) is not running on this machine.",
      "The time zone is wrong and the time was set to look right, so UTC is hours off.",
      "A container or virtual machine was paused and woke up with the old time.",
    ],
    checks: ["The output of date -u against a clock that is right."],
  },
  SignatureNonceUsed: {
    causes: ["A proxy or gateway sends a request again that it thought lost."],
    checks: ["Proxies between this server and the cloud.", "check_served_certificate: what the domain serves now."],
  },

  // Permission
  "Forbidden.RAM": {
    causes: [
      "The user has a policy of another product, such as DNS or certificates, and none for CDN or VOD.",
      "A custom policy lists single actions or domains, and this one is missing.",
      "The policy was given to another user than the AccessKey's.",
    ],
    checks: ["RAM console: the permissions of the AccessKey's user.", "The Message: it may name action and resource."],
  },
  AuthenticationFailed: {
    causes: [
      "The certificate is in another account than the domain.",
      "CDN or VOD was never authorised to read Certificate Management Service.",
    ],
    checks: ["CDN or VOD console: set the same certificate by hand, which asks for a missing authorisation."],
  },
  DomainOwnerVerifyFail: {
    causes: ["The domain was added by another account before.", "The TXT record of the ownership check is missing."],
    checks: ["DNS: the TXT record that the VOD console names."],
  },
  DomainInSafeMode: frozen,
  DomainInProtectedMode: frozen,

  // Arguments
  "SSLPri.MissingParameter": {
    causes: [
      "CertType cas was left out, so a stored certificate's CertId was read as an upload.",
      "The reference to the key is missing beside SSLPub.",
    ],
  },
  "SSLPub.MissingParameter": {
    causes: [
      "CertType cas was left out, so a stored certificate's CertId was read as an upload.",
      "HTTPS was meant to be switched off: that is SSLProtocol off.",
    ],
  },
  "CertName.MissingParameter": {
    causes: [
      "An upload without CertName, which the documents call optional.",
      "CertType is cas while the certificate was meant to be uploaded.",
      "CertType is cas and CertId was left out.",
    ],
  },
  "Abs.CertRegion.ValueNotSupported": {
    causes: ["The domain's or the server's region was given."],
  },

  // The certificate and its key
  "Certificate.MissMatch": {
    causes: [
      "The key is that of the previous certificate.",
      "The chain does not begin with the leaf, so another certificate is compared with the key.",
      "The file holds several keys, and the first is not the one meant.",
    ],
    checks: ["inspect_certificate with certificate and private_key: it says whether they are a pair."],
  },
  "Certificate.FormatError": badCertificate,
  InvalidSSLPub: badCertificate,
  "Decode.Error": badCertificate,
  InvalidSSLPri: badKey,
  "Key.Malformed": badKey,
  "Certificate.Expired": {
    causes: ["The old file was sent instead of the renewed one.", "CertId still names the old certificate."],
    checks: ["inspect_certificate: dates and days left."],
  },

  // Already exists, or not found
  "Certificate.NotFind": {
    causes: [
      "The id is one of Tencent Cloud or of the CDN console, not that of Certificate Management Service.",
      "The certificate is in the other region: an international account stores in ap-southeast-1.",
      "It was deleted.",
    ],
    checks: ["Certificate Management console: the certificate's numeric id and region."],
  },
  "Certificate.StatusError": {
    causes: ["The certificate's application has not been issued yet.", "It was revoked or has expired."],
  },
  "Certificate.Duplicated": nameTaken,
  CertNameAlreadyExists: nameTaken,
  "CertificateContent.Duplicated": {
    causes: [
      "An earlier call stored the certificate, and only its reply was lost.",
      "It was uploaded for another domain.",
    ],
    checks: [
      "Certificate Management console: the stored certificate's id.",
      "check_served_certificate: whether the domain serves it already.",
    ],
  },

  // The domain
  "InvalidDomain.notOnline": notInService,
  "InvalidDomain.Offline": notInService,

  // Rate and faults
  Throttling: tooManyCalls,
  "Throttling.User": tooManyCalls,
  "Throttling.Api": tooManyCalls,
  "CertStorage.failed": stored,
  CreateCertificateFailed: stored,
};
