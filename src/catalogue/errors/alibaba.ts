import { alibabaGatewayErrors } from "./alibaba-gateway.js";
import type { ErrorTable } from "./fact.js";

/**
 * Codes of SetCdnDomainSSLCertificate, SetVodDomainSSLCertificate and their gateway. The two lists differ in one code
 * each: InvalidEnv is CDN's, DomainOwnerVerifyFail is VOD's.
 */
export const alibabaErrors: ErrorTable = {
  ...alibabaGatewayErrors,

  // Arguments
  "InvalidSSLProtocol.ValueNotSupported": {
    kind: "input",
    means: "SSLProtocol is neither on nor off.",
    next: "Set SSLProtocol to on or off, in lower case.",
    status: 400,
  },
  "SSLPub.MissingParameter": {
    kind: "input",
    means: "HTTPS is to be switched on without a certificate.",
    next: "Give SSLPub (with SSLPri), or CertType cas with CertId.",
    status: 400,
  },
  "SSLPri.MissingParameter": {
    kind: "input",
    means: "A certificate is given without its private key.",
    next: "Give SSLPri with SSLPub, or CertType cas with CertId. Certificate.KeyNull says the same.",
    status: 400,
  },
  "Certificate.KeyNull": {
    kind: "input",
    means: "The private key is empty.",
    next: "Give SSLPri with SSLPub. SSLPri.MissingParameter says the same.",
    status: 400,
  },
  "CertName.MissingParameter": {
    kind: "input",
    means: "CertName is absent: with cas neither it nor CertId says which certificate, or an upload has no name.",
    next: "With cas give CertId; for an upload give CertName, as deploy_certificate does by itself.",
    status: 404,
  },
  "InvalidCertName.TooLong": {
    kind: "input",
    means: "CertName is longer than 128 characters.",
    next: "Shorten CertName to 128 characters or fewer.",
    status: 400,
  },
  "InvalidCertificate.TooLong": {
    kind: "input",
    means: "The certificate text is longer than Alibaba Cloud accepts.",
    next: "Send in SSLPub only the leaf and its intermediates, without the root or other certificates.",
    status: 400,
  },
  "Abs.CertRegion.ValueNotSupported": {
    kind: "input",
    means: "CertRegion is not a region of Certificate Management Service.",
    next: "Set CertRegion to cn-hangzhou, or to ap-southeast-1 for an account of the international site.",
    status: 400,
  },
  InvalidEnv: {
    kind: "input",
    means: "Env has a value other than staging (CDN only).",
    next: "Leave Env out for a normal rollout.",
    status: 400,
  },
  "SetDomainCertificate.ParameterError": {
    kind: "input",
    means: "The arguments do not fit together for setting a certificate.",
    next: "Check that CertType upload goes with SSLPub and SSLPri, and cas with CertId.",
    status: 400,
  },

  // The certificate and its key
  InvalidSSLPub: {
    kind: "input",
    means: "SSLPub is not a usable certificate.",
    next: "Send PEM in SSLPub, the leaf first, then its intermediates.",
    status: 400,
  },
  InvalidSSLPri: {
    kind: "input",
    means: "SSLPri is not a usable private key.",
    next: "Name an unencrypted PEM private key in SSLPri.",
    status: 400,
  },
  "Certificate.FormatError": {
    kind: "input",
    means: "The certificate text does not have the form of a PEM chain.",
    next: "Send PEM in SSLPub, the leaf first, then its intermediates, with nothing around the blocks.",
    status: 400,
  },
  "Certificate.MissMatch": {
    kind: "input",
    means: "The private key does not belong to the certificate.",
    next: "Name in SSLPri the key that the certificate in SSLPub was issued for.",
    status: 400,
  },
  "Certificate.Expired": {
    kind: "input",
    means: "The certificate's validity has ended.",
    next: "Send a certificate that is still valid, or another CertId.",
    status: 400,
  },
  "Key.Malformed": {
    kind: "input",
    means: "The private key's text cannot be read as a key.",
    next: "Name an unencrypted PEM private key in SSLPri.",
    status: 400,
  },
  "Decode.Error": {
    kind: "input",
    means: "Certificate or key could not be decoded from PEM.",
    next: "Check that line breaks of SSLPub and SSLPri survived, and that each block is whole.",
    status: 400,
  },
  "sslPub.Error": {
    kind: "input",
    means: "The certificate could not be turned into the form in which it is stored.",
    next: "Send SSLPub as plain PEM, leaf first, without other text.",
    status: 400,
  },
  "sslPri.Error": {
    kind: "input",
    means: "The private key could not be turned into the form in which it is stored.",
    next: "Name an unencrypted PEM private key in SSLPri.",
    status: 400,
  },

  // Already exists, or not found
  "Certificate.NotFind": {
    kind: "not-found",
    means: "Certificate Management Service has no certificate with this id or name for the account and region.",
    next: "Check CertId in the Certificate Management console, and CertRegion: cn-hangzhou and ap-southeast-1 are separate.",
    status: 400,
  },
  "Certificate.StatusError": {
    kind: "state",
    means: "The certificate's status does not allow it to be set on a domain.",
    next: "A person checks in the Certificate Management console that it is issued and neither revoked nor expired.",
    status: 400,
  },
  "Certificate.Duplicated": {
    kind: "state",
    means: "Another certificate has this name (CertNameAlreadyExists says the same).",
    next: "Choose another CertName (deploy_certificate: cert_name; without it each call uses new names), or set the stored one with CertType cas and CertId.",
    status: 400,
  },
  CertNameAlreadyExists: {
    kind: "state",
    means: "Another certificate has this name (Certificate.Duplicated says the same).",
    next: "Choose another CertName (deploy_certificate: cert_name; without it each call uses new names), or set the stored one with CertType cas and CertId.",
    status: 400,
  },
  "CertificateContent.Duplicated": {
    kind: "state",
    means: "Alibaba Cloud already has this certificate: on the domain or in its store.",
    next: "See with check_served_certificate whether the domain serves it: then nothing is left to do. If not, a person takes the stored one's id from the Certificate Management console, and it is set with CertType cas and CertId.",
    status: 400,
  },

  // The domain
  "InvalidDomain.notOnline": {
    kind: "busy",
    means: "The domain is not in service: stopped, or still being configured.",
    next: "A person looks at the domain's status in the console; call again once it is in service, not before.",
    status: 400,
  },
  "InvalidDomain.Offline": {
    kind: "not-found",
    means: "No domain of this name is in service in the account.",
    next: "Check DomainName and the account; a stopped domain has to be started in the console first.",
    status: 400,
  },
  DomainInSafeMode: {
    kind: "permission",
    means: "Alibaba Cloud has put the domain into safe mode, which freezes its settings.",
    next: "A person asks Alibaba Cloud support to release the domain; repeating the call does not help.",
    status: 400,
  },
  DomainInProtectedMode: {
    kind: "permission",
    means: "The domain is under protection and its settings are not open to this account.",
    next: "A person asks Alibaba Cloud support to release the domain; repeating the call does not help.",
    status: 403,
  },
  DomainOwnerVerifyFail: {
    kind: "permission",
    means: "The account has not proven that it owns the root domain (VOD only).",
    next: "A person completes the ownership check of the root domain in the VOD console.",
    status: 400,
  },
  AuthenticationFailed: {
    kind: "permission",
    means: "Alibaba Cloud could not verify that the caller may act on this domain or certificate.",
    next: "A person checks the RAM policy (cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate) and that domain and certificate are of the same account.",
    status: 400,
  },

  // Faults
  "CertStorage.failed": {
    kind: "temporary",
    means: "The certificate could not be saved; part of the change may be done.",
    next: "See with check_served_certificate which certificate the domain serves before calling again.",
    status: 400,
    mayHaveChanged: true,
  },
  CreateCertificateFailed: {
    kind: "temporary",
    means: "The certificate's entry could not be created; it may exist all the same.",
    next: "See with check_served_certificate what the domain serves, and in the console whether the certificate exists, before calling again.",
    status: 400,
    mayHaveChanged: true,
  },
  DeleteFailed: {
    kind: "temporary",
    means: "The domain's certificate could not be removed; part of the change may be done.",
    next: "See with check_served_certificate whether the domain still has HTTPS before calling again.",
    status: 400,
    mayHaveChanged: true,
  },
};
