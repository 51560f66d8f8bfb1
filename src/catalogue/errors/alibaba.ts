import { alibabaGatewayErrors } from "./alibaba-gateway.js";
import { alibabaReadErrors } from "./alibaba-reads.js";
import type { Diagnosis, ErrorTable } from "./fact.js";

const nameTaken: Diagnosis = {
  causes: [
    "A renewal uploads under the name of the certificate that it renews.",
    "An earlier call stored the certificate, and only its reply was lost.",
    "The same certificate was uploaded for another domain of the account.",
  ],
  checks: [
    "Certificate Management console, by name: whose fingerprint the stored one has.",
    "check_served_certificate: whether the domain already serves the new one.",
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
  checks: [
    "CDN, DCDN or VOD console, domain list: exact name and status.",
    "The account that the AccessKey belongs to.",
  ],
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

/**
 * Codes of SetCdnDomainSSLCertificate, SetDcdnDomainSSLCertificate, SetVodDomainSSLCertificate and their gateway. The
 * lists differ in two codes: InvalidEnv is CDN's, DomainOwnerVerifyFail is VOD's.
 */
export const alibabaErrors: ErrorTable = {
  ...alibabaGatewayErrors,
  ...alibabaReadErrors,

  // Arguments
  "InvalidSSLProtocol.ValueNotSupported": {
    kind: "input",
    means: "SSLProtocol is neither on nor off.",
    next: "Set SSLProtocol to on or off, in lower case.",
  },
  "SSLPub.MissingParameter": {
    kind: "input",
    means: "The call would switch HTTPS on without a certificate.",
    next: "Give SSLPub (with SSLPri), or CertType cas with CertId.",
    causes: [
      "CertType cas was left out, so a stored certificate's CertId was read as an upload.",
      "HTTPS was meant to be switched off: that is SSLProtocol off.",
    ],
  },
  "SSLPri.MissingParameter": {
    kind: "input",
    means: "A certificate was passed without its private key.",
    next: "Give SSLPri with SSLPub, or CertType cas with CertId. Certificate.KeyNull says the same.",
    causes: [
      "CertType cas was left out, so a stored certificate's CertId was read as an upload.",
      "SSLPub was passed without the reference to its key.",
    ],
  },
  "Certificate.KeyNull": {
    kind: "input",
    means: "The private key is empty.",
    next: "Give SSLPri with SSLPub. SSLPri.MissingParameter says the same.",
  },
  "CertName.MissingParameter": {
    kind: "input",
    means: "CertName is missing: with cas, neither it nor CertId identifies the certificate, or an upload has no name.",
    next: "With cas give CertId; for an upload give CertName, as deploy_certificate does by itself.",
    status: 404,
    causes: [
      "An upload without CertName, which the documents call optional.",
      "CertType is cas while the certificate was meant to be uploaded.",
      "CertType is cas and CertId was left out.",
    ],
  },
  "InvalidCertName.TooLong": {
    kind: "input",
    means: "CertName is longer than 128 characters.",
    next: "Shorten CertName to 128 characters or fewer.",
  },
  "InvalidCertificate.TooLong": {
    kind: "input",
    means: "The certificate text is longer than Alibaba Cloud accepts.",
    next: "Send in SSLPub only the leaf and its intermediates, without the root or other certificates.",
  },
  "Abs.CertRegion.ValueNotSupported": {
    kind: "input",
    means: "CertRegion is not a region of Certificate Management Service.",
    next: "Set CertRegion to cn-hangzhou, or to ap-southeast-1 for an account of the international site.",
    causes: ["The domain's or the server's region was given."],
  },
  InvalidEnv: {
    kind: "input",
    means: "Env has a value other than staging (CDN only).",
    next: "Leave Env out for a normal rollout.",
  },
  "SetDomainCertificate.ParameterError": {
    kind: "input",
    means: "The arguments for setting a certificate contradict each other.",
    next: "Check that CertType upload goes with SSLPub and SSLPri, and cas with CertId.",
  },

  // The certificate and its key
  InvalidSSLPub: {
    kind: "input",
    means: "SSLPub is not a usable certificate.",
    next: "Send PEM in SSLPub, the leaf first, then its intermediates.",
    ...badCertificate,
  },
  InvalidSSLPri: {
    kind: "input",
    means: "SSLPri is not a usable private key.",
    next: "Name an unencrypted PEM private key in SSLPri.",
    ...badKey,
  },
  "Certificate.FormatError": {
    kind: "input",
    means: "The certificate text does not have the form of a PEM chain.",
    next: "Send PEM in SSLPub, the leaf first, then its intermediates, with nothing around the blocks.",
    ...badCertificate,
  },
  "Certificate.MissMatch": {
    kind: "input",
    means: "The private key does not belong to the certificate.",
    next: "Name in SSLPri the key that the certificate in SSLPub was issued for.",
    causes: [
      "The key is that of the previous certificate.",
      "The chain does not begin with the leaf, so another certificate is compared with the key.",
      "The file holds several keys, and the first is not the one meant.",
    ],
    checks: ["inspect_certificate with certificate and private_key: it says whether they are a pair."],
  },
  "Certificate.Expired": {
    kind: "input",
    means: "The certificate has expired.",
    next: "Send a certificate that is still valid, or another CertId.",
    causes: ["The old file was sent instead of the renewed one.", "CertId still names the old certificate."],
    checks: ["inspect_certificate: dates and days left."],
  },
  "Key.Malformed": {
    kind: "input",
    means: "The private key's text cannot be read as a key.",
    next: "Name an unencrypted PEM private key in SSLPri.",
    ...badKey,
  },
  "Decode.Error": {
    kind: "input",
    means: "Certificate or key could not be decoded from PEM.",
    next: "Check that line breaks of SSLPub and SSLPri survived, and that each block is whole.",
    ...badCertificate,
  },
  "sslPub.Error": {
    kind: "input",
    means: "The certificate could not be turned into the form in which it is stored.",
    next: "Send SSLPub as plain PEM, leaf first, without other text.",
  },
  "sslPri.Error": {
    kind: "input",
    means: "The private key could not be turned into the form in which it is stored.",
    next: "Name an unencrypted PEM private key in SSLPri.",
  },

  // Already exists, or not found
  "Certificate.NotFind": {
    kind: "not-found",
    means: "Certificate Management Service has no certificate with this id or name for the account and region.",
    next: "Check CertId in the Certificate Management console, and CertRegion: cn-hangzhou and ap-southeast-1 are separate.",
    causes: [
      "The id is one of Tencent Cloud or of the CDN console, not that of Certificate Management Service.",
      "The certificate is in the other region: an international account stores in ap-southeast-1.",
      "It was deleted.",
    ],
    checks: ["Certificate Management console: the certificate's numeric id and region."],
  },
  "Certificate.StatusError": {
    kind: "state",
    means: "The certificate's status does not allow it to be set on a domain.",
    next: "Ask a person to check in the Certificate Management console that it is issued and neither revoked nor expired.",
    causes: ["The certificate's application has not been issued yet.", "It was revoked or has expired."],
  },
  "Certificate.Duplicated": {
    kind: "state",
    means: "Another certificate has this name (CertNameAlreadyExists says the same).",
    next: "Choose another CertName (deploy_certificate: cert_name; without it each call uses new names), or set the stored one with CertType cas and CertId.",
    ...nameTaken,
  },
  CertNameAlreadyExists: {
    kind: "state",
    means: "Another certificate has this name (Certificate.Duplicated says the same).",
    next: "Choose another CertName (deploy_certificate: cert_name; without it each call uses new names), or set the stored one with CertType cas and CertId.",
    ...nameTaken,
  },
  "CertificateContent.Duplicated": {
    kind: "state",
    means: "Alibaba Cloud already has this certificate: on the domain or in its store.",
    next: "If check_served_certificate shows that the domain serves it, nothing is left to do. If not, ask a person for the stored one's id from the Certificate Management console and set it with CertType cas and CertId.",
    causes: [
      "An earlier call stored the certificate, and only its reply was lost.",
      "It was uploaded for another domain.",
    ],
    checks: [
      "Certificate Management console: the stored certificate's id.",
      "check_served_certificate: whether the domain already serves it.",
    ],
  },

  // The domain
  "InvalidDomain.notOnline": {
    kind: "busy",
    means: "The domain is not in service: stopped, or still being configured.",
    next: "Ask a person to look at the domain's status in the console; call again once it is in service, not before.",
    ...notInService,
  },
  "InvalidDomain.Offline": {
    kind: "not-found",
    means: "No domain of this name is in service in the account.",
    next: "Check DomainName and the account; a stopped domain must be started in the console first.",
    ...notInService,
  },
  ServiceBusy: {
    kind: "busy",
    means: "The domain is still being configured by an earlier change.",
    next: "Wait some minutes until the domain's status is online again, then call again.",
    ...notInService,
  },
  UserNotInTheSameAccount: {
    kind: "permission",
    means: "The domain belongs to another Alibaba Cloud account than the AccessKey.",
    next: "Ask the operator to configure an AccessKey of the account that owns the domain.",
    status: 403,
    causes: ["The domain was moved to another account.", "The AccessKey is that of another account."],
    checks: ["The product's console, logged in to the AccessKey's account: whether it lists the domain."],
  },
  DomainInSafeMode: {
    kind: "permission",
    means: "Alibaba Cloud has put the domain into safe mode, which freezes its settings.",
    next: "Ask a person to have Alibaba Cloud support release the domain; repeating the call does not help.",
    ...frozen,
  },
  DomainInProtectedMode: {
    kind: "permission",
    means: "The domain is protected, and this account may not change its settings.",
    next: "Ask a person to have Alibaba Cloud support release the domain; repeating the call does not help.",
    status: 403,
    ...frozen,
  },
  DomainOwnerVerifyFail: {
    kind: "permission",
    means: "The account has not proven that it owns the root domain (VOD only).",
    next: "Ask a person to complete the ownership check of the root domain in the VOD console.",
    causes: ["The domain was added by another account before.", "The TXT record of the ownership check is missing."],
    checks: ["DNS: the TXT record that the VOD console names."],
  },
  AuthenticationFailed: {
    kind: "permission",
    means: "Alibaba Cloud could not verify that the caller may act on this domain or certificate.",
    next: "Ask a person to check the RAM policy (cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate), and that domain and certificate belong to the same account.",
    causes: [
      "The certificate is in another account than the domain.",
      "CDN, DCDN or VOD was never authorised to read Certificate Management Service.",
    ],
    checks: ["CDN, DCDN or VOD console: set the same certificate by hand, which asks for a missing authorisation."],
  },

  // Faults
  "CertStorage.failed": {
    kind: "temporary",
    means: "The certificate could not be saved; part of the change may have been made.",
    next: "Check with check_served_certificate which certificate the domain serves before calling again.",
    mayHaveChanged: true,
    ...stored,
  },
  CreateCertificateFailed: {
    kind: "temporary",
    means: "The certificate's entry could not be created; it may exist nevertheless.",
    next: "Check with check_served_certificate what the domain serves, and in the console whether the certificate exists, before calling again.",
    mayHaveChanged: true,
    ...stored,
  },
  DeleteFailed: {
    kind: "temporary",
    means: "The domain's certificate could not be removed; part of the change may have been made.",
    next: "Check with check_served_certificate whether the domain still has HTTPS before calling again.",
    mayHaveChanged: true,
  },
};
