import type { ErrorTable } from "./fact.js";

/** Codes shared by every Tencent Cloud service, and those listed by both SSL and EdgeOne. */
export const tencentCommonErrors: ErrorTable = {
  ActionOffline: { kind: "unsupported", means: "Tencent Cloud has withdrawn this operation." },
  AuthFailure: { kind: "credential", means: "CAM could not authenticate or authorise the signed request." },
  "AuthFailure.InvalidAuthorization": {
    kind: "credential",
    means: "The Authorization header does not have the form that the signing method prescribes.",
    next: "A person checks that the configured SecretId and SecretKey hold no stray characters, and that no proxy alters headers.",
  },
  "AuthFailure.InvalidSecretId": {
    kind: "credential",
    means: "The SecretId is not one of a Tencent Cloud API key.",
    next: "A person checks that the configured key was made under API Keys of this site (intl and mainland keys differ).",
  },
  "AuthFailure.MFAFailure": {
    kind: "credential",
    means: "The account demands multi-factor authentication and the request did not satisfy it.",
    next: "A person checks which MFA rule holds for the key's user in CAM.",
  },
  "AuthFailure.SecretIdNotFound": {
    kind: "credential",
    means: "No key with this SecretId exists on this site, or it was disabled or deleted.",
  },
  "AuthFailure.SignatureExpire": {
    kind: "clock",
    means: "The request's timestamp is more than five minutes away from Tencent Cloud's clock.",
  },
  "AuthFailure.SignatureFailure": {
    kind: "credential",
    means: "The signature does not match the request; usually the SecretKey belongs to another SecretId or is cut.",
    next: "A person enters SecretId and SecretKey again as one pair; if they are right, something in between changed the request.",
  },
  "AuthFailure.TokenFailure": {
    kind: "credential",
    means: "The session token has expired or does not belong to this temporary key.",
    next: "A person renews the temporary credential: SecretId, SecretKey and token always change together.",
  },
  "AuthFailure.UnauthorizedOperation": {
    kind: "permission",
    means: "No CAM policy allows the configured key's user to do this.",
  },
  DryRunOperation: {
    kind: "input",
    means: "A dry run passed all checks and, as asked, nothing was carried out.",
    next: "Leave DryRun out when the operation is meant to be carried out.",
  },
  FailedOperation: {
    kind: "state",
    means: "The operation failed for a reason that only the code's last part or the message tells.",
    next: "Read the message, then the object (DescribeCertificate for a certificate) before deciding on another call.",
    mayHaveChanged: true,
  },
  InternalError: {
    kind: "temporary",
    means: "Tencent Cloud failed internally while processing the call.",
    mayHaveChanged: true,
  },
  InvalidAction: {
    kind: "unsupported",
    means: "This endpoint does not have the operation.",
    next: "Check the configured site: the five CSR operations exist on intl only. A custom endpoint may point at another service.",
  },
  InvalidParameter: { kind: "input", means: "An argument is malformed or does not fit the others." },
  InvalidParameterValue: { kind: "input", means: "An argument has the right type and a value that is not accepted." },
  InvalidRequest: { kind: "input", means: "The request as a whole is not well formed." },
  IpInBlacklist: {
    kind: "permission",
    means: "The address that this server calls from is on the account's deny list.",
    next: "A person reviews the network restriction of the key or account in the CAM console.",
  },
  IpNotInWhitelist: {
    kind: "permission",
    means: "The address that this server calls from is not on the account's allow list.",
    next: "A person adds this server's address to the network restriction in the CAM console.",
  },
  LimitExceeded: { kind: "quota", means: "A quota of the account is used up." },
  "LimitExceeded.RateLimitExceeded": {
    kind: "throttled",
    means: "The operation was called more often than its rate limit allows (SSL 10, EdgeOne 20 calls a second).",
  },
  MissingParameter: { kind: "input", means: "A required argument is absent." },
  NoSuchProduct: {
    kind: "unsupported",
    means: "The endpoint does not serve this product.",
    next: "A person checks the configured endpoint and site.",
  },
  NoSuchVersion: {
    kind: "unsupported",
    means: "The endpoint does not serve this version of the API.",
    next: "A person checks the configured endpoint and site.",
  },
  RequestLimitExceeded: { kind: "throttled", means: "Too many calls in a short time." },
  "RequestLimitExceeded.GlobalRegionUinLimitExceeded": {
    kind: "throttled",
    means: "The main account has called too often, counted over all regions.",
  },
  "RequestLimitExceeded.IPLimitExceeded": {
    kind: "throttled",
    means: "Too many calls came from this network address.",
  },
  "RequestLimitExceeded.UinLimitExceeded": {
    kind: "throttled",
    means: "The main account has called too often; its other programs count as well.",
  },
  RequestSizeLimitExceeded: {
    kind: "input",
    means: "The request is larger than allowed: 10 MB with TC3 signing, 1 MB with the older methods.",
    next: "Send a smaller file or fewer items; a confirmation letter needs TC3 signing.",
  },
  ResourceInUse: { kind: "busy", means: "Another operation is using the object at this moment." },
  ResourceInsufficient: {
    kind: "quota",
    means: "Tencent Cloud does not have enough capacity for the request.",
    next: "A person asks Tencent Cloud support about the capacity; nothing here frees it.",
  },
  ResourceNotFound: { kind: "not-found", means: "The object named does not exist in this account." },
  ResourceUnavailable: { kind: "state", means: "The object exists and cannot be used at present." },
  ResponseSizeLimitExceeded: {
    kind: "input",
    means: "The answer would be larger than Tencent Cloud returns at once.",
    next: "Ask for less: lower Limit, page with Offset, or add filters.",
  },
  ServiceUnavailable: {
    kind: "temporary",
    means: "The service is down or overloaded for the moment.",
    mayHaveChanged: true,
  },
  UnauthorizedOperation: { kind: "permission", means: "The configured key's user may not do this." },
  UnknownParameter: {
    kind: "input",
    means: "The request carries an argument that this operation does not have on this site.",
    next: "Remove the argument that the message names; some exist on the mainland site only.",
  },
  UnsupportedOperation: { kind: "unsupported", means: "The operation exists but not for this object or account." },
  UnsupportedProtocol: {
    kind: "unsupported",
    means: "The endpoint accepts only GET and POST over HTTP or HTTPS.",
    next: "A person checks the configured endpoint and any proxy on the way.",
  },
  UnsupportedRegion: {
    kind: "unsupported",
    means: "The service does not run in the region named.",
    next: "A person removes the configured region: SSL and EdgeOne operations do not need one.",
  },
};
