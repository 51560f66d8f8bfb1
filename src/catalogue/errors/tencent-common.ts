import type { Diagnosis, ErrorFact, ErrorTable } from "./fact.js";

const tooManyCalls: Diagnosis = {
  causes: [
    "Several calls run in parallel, or a loop polls a task without pauses.",
    "Another program of the account calls the same API: a renewal job, Terraform, a second assistant.",
  ],
  checks: [
    "How often the same operation was called within the last second.",
    "For a deployment or an order: wait_for polls at a pace that the API allows.",
  ],
};

const noPolicy: Diagnosis = {
  causes: [
    "The key belongs to a sub-user that was given no policy for this product.",
    "The policy lists other actions, for example reads only.",
    "The policy is bound to a project, tag or resource that this object does not have.",
  ],
  checks: [
    "The message: it names the action (ssl:…, teo:…) and the resource that were refused.",
    "CAM console: the policies of the key's user, its groups and its permission boundary.",
  ],
};

/** InvalidParameterValue, about which one service knows more than the other. */
export const unacceptedValue: ErrorFact = {
  kind: "input",
  means: "An argument has the right type but a value that is not accepted.",
};

/** Codes shared by every Tencent Cloud service, and those listed by both SSL and EdgeOne. */
export const tencentCommonErrors: ErrorTable = {
  ActionOffline: { kind: "unsupported", means: "Tencent Cloud has withdrawn this operation." },
  AuthFailure: { kind: "credential", means: "CAM could not authenticate or authorise the signed request." },
  "AuthFailure.InvalidAuthorization": {
    kind: "credential",
    means: "The Authorization header does not have the form that the signing method prescribes.",
    next: "Ask the operator to check that the configured SecretId and SecretKey contain no stray characters, and that no proxy alters headers.",
    causes: [
      "The configured SecretId contains a line break or quotation mark.",
      "A proxy rewrites or removes the Authorization header.",
    ],
    checks: ["The configured values character by character.", "The same call from a network without the proxy."],
  },
  "AuthFailure.InvalidSecretId": {
    kind: "credential",
    means: "The SecretId does not belong to a Tencent Cloud API key.",
    next: "Ask the operator to check that the configured key was created under API Keys of this site (intl and mainland keys differ).",
    causes: [
      "The id of another product, such as a DNSPod token, was taken for an API key.",
      "SecretId and SecretKey were swapped.",
      "The key belongs to the other site.",
    ],
    checks: ["Whether the id begins as those under CAM console, API Keys, do: permanent ones with AKID."],
  },
  "AuthFailure.MFAFailure": {
    kind: "credential",
    means: "The account requires multi-factor authentication, which the request did not provide.",
    next: "Ask a person to check which MFA rule applies to the key's user in CAM.",
    causes: ["A CAM rule demands MFA for this operation, which a plain API key cannot give."],
    checks: ["CAM console: the key's user, its login and operation protection."],
  },
  "AuthFailure.SecretIdNotFound": {
    kind: "credential",
    means: "No key with this SecretId exists on this site, or it was disabled or deleted.",
    causes: [
      "The key belongs to the other site: intl and mainland do not know each other's keys.",
      "The id of another product, such as a DNSPod token, was taken for an API key.",
      "The key was deleted or disabled in a rotation.",
      "A character is missing, or an invisible one was copied too.",
    ],
    checks: [
      "CAM console, API Keys: whether this SecretId is listed and enabled.",
      "The configured site against the console that the key comes from.",
    ],
  },
  "AuthFailure.SignatureExpire": {
    kind: "clock",
    means: "The request's timestamp is more than five minutes away from Tencent Cloud's clock.",
    causes: [
      "Time synchronisation (NTP) is not running on this machine.",
      "A container or virtual machine was paused and woke up with the old time.",
      "The time zone is wrong and the time was set to look right, so UTC is hours off.",
    ],
    checks: [
      "The output of date -u against a clock that is right.",
      "In a container: the host's clock. A TZ variable does not change the time.",
    ],
  },
  "AuthFailure.SignatureFailure": {
    kind: "credential",
    means:
      "The signature does not match the request; usually the SecretKey belongs to another SecretId or is truncated.",
    next: "Ask the operator to enter SecretId and SecretKey again as a pair; if they are right, something on the way changed the request.",
    causes: [
      "A space or line break was copied with SecretId or SecretKey.",
      "SecretKey holds the SecretId, or the key of another pair.",
      "A variable still holds an older key, while the new one is in a file.",
      "A proxy changes the request's body or headers.",
    ],
    checks: [
      "The lengths: a permanent SecretId has 36 characters, its SecretKey 32.",
      "Whether DescribeCertificates fails alike: if so, it is the key; otherwise it is this request.",
      "Where the key comes from: variables win over ~/.tencentcloud/credentials and tccli.",
    ],
  },
  "AuthFailure.TokenFailure": {
    kind: "credential",
    means: "The session token has expired or does not belong to this temporary key.",
    next: "Ask the operator to renew the temporary credential: SecretId, SecretKey and token always change together.",
    causes: [
      "The temporary credential has expired.",
      "SecretId and SecretKey were renewed without the token.",
      "A permanent key is used while a token variable is still set.",
    ],
    checks: [
      "Which of TENCENTCLOUD_SESSION_TOKEN and its older names are set.",
      "When the temporary credential was issued, and for how long.",
    ],
  },
  "AuthFailure.UnauthorizedOperation": {
    kind: "permission",
    means: "No CAM policy allows the configured key's user to do this.",
    ...noPolicy,
  },
  DryRunOperation: {
    kind: "input",
    means: "A dry run passed all checks and, as asked, nothing was carried out.",
    next: "Leave DryRun out when the operation is meant to be carried out.",
  },
  FailedOperation: {
    kind: "state",
    means: "The operation failed for a reason that only the last part of the code or the message gives.",
    next: "Read the message, then the object (DescribeCertificate for a certificate) before deciding on another call.",
    mayHaveChanged: true,
    causes: [
      "A rule of the product that the code does not name: the message tells which.",
      "The object changed between reading it and acting on it.",
    ],
    checks: [
      "The message, word for word.",
      "DescribeCertificateOperateLogs: what was done to the certificate just before.",
    ],
  },
  InternalError: {
    kind: "temporary",
    means: "Tencent Cloud had an internal error while processing the call.",
    mayHaveChanged: true,
  },
  InvalidAction: {
    kind: "unsupported",
    means: "This endpoint does not have the operation.",
    next: "Check the configured site: the five CSR operations exist on intl only. A custom endpoint may point at another service.",
    causes: [
      "A CSR operation was called on the mainland site, which has none.",
      "A custom endpoint points at another product.",
    ],
    checks: ["The configured site and endpoint."],
  },
  InvalidParameter: { kind: "input", means: "An argument is malformed or contradicts the others." },
  InvalidRequest: { kind: "input", means: "The request as a whole is malformed." },
  IpInBlacklist: {
    kind: "permission",
    means: "The address that this server calls from is on the account's deny list.",
    next: "Ask a person to review the network restriction of the key or account in the CAM console.",
  },
  IpNotInWhitelist: {
    kind: "permission",
    means: "The address that this server calls from is not on the account's allow list.",
    next: "Ask a person to add this server's address to the network restriction in the CAM console.",
    causes: [
      "The server moved to another network, or its provider changed the address.",
      "Traffic leaves through a proxy or NAT whose address is not listed.",
    ],
    checks: ["The public address from which this machine reaches the internet."],
  },
  LimitExceeded: {
    kind: "quota",
    means: "A quota of the account is used up.",
    next: "If it is that of stored certificates, delete_unused_certificates proposes those that nothing uses, for a person to decide. Any other: ask a person to free some of it or to have it raised. A repeat does not help.",
  },
  "LimitExceeded.RateLimitExceeded": {
    kind: "throttled",
    means: "The operation was called more often than its rate limit allows (SSL 10, EdgeOne 20 calls a second).",
    ...tooManyCalls,
  },
  MissingParameter: { kind: "input", means: "A required argument is missing." },
  NoSuchProduct: {
    kind: "unsupported",
    means: "The endpoint does not serve this product.",
    next: "Ask the operator to check the configured endpoint and site.",
  },
  NoSuchVersion: {
    kind: "unsupported",
    means: "The endpoint does not support this version of the API.",
    next: "Ask the operator to check the configured endpoint and site.",
  },
  RequestLimitExceeded: {
    kind: "throttled",
    means: "There were too many calls in a short time.",
    ...tooManyCalls,
  },
  "RequestLimitExceeded.GlobalRegionUinLimitExceeded": {
    kind: "throttled",
    means: "The main account has called too often, counted over all regions.",
    ...tooManyCalls,
  },
  "RequestLimitExceeded.IPLimitExceeded": {
    kind: "throttled",
    means: "Too many calls came from this network address.",
    ...tooManyCalls,
  },
  "RequestLimitExceeded.UinLimitExceeded": {
    kind: "throttled",
    means: "The main account has called too often; its other programs count as well.",
    ...tooManyCalls,
  },
  RequestSizeLimitExceeded: {
    kind: "input",
    means: "The request is larger than allowed: 10 MB with TC3 signing, 1 MB with the older methods.",
    next: "Send a smaller file or fewer items; a confirmation letter needs TC3 signing.",
  },
  ResourceInUse: {
    kind: "busy",
    means: "Another operation is currently using the object.",
    causes: ["A deployment of the same object is being rolled out.", "Somebody works on it in the console."],
    checks: ["DescribeHostUpdateRecord: whether a record of the certificate is still running."],
  },
  ResourceInsufficient: {
    kind: "quota",
    means: "Tencent Cloud does not have enough capacity for the request.",
    next: "Ask a person to contact Tencent Cloud support about the capacity; nothing here frees it.",
  },
  ResourceNotFound: { kind: "not-found", means: "The object named does not exist in this account." },
  ResourceUnavailable: { kind: "state", means: "The object exists but cannot be used at present." },
  ResponseSizeLimitExceeded: {
    kind: "input",
    means: "The reply would be larger than Tencent Cloud returns at once.",
    next: "Ask for less: lower Limit, page with Offset, or add filters.",
  },
  ServiceUnavailable: {
    kind: "temporary",
    means: "The service is currently down or overloaded.",
    mayHaveChanged: true,
  },
  UnauthorizedOperation: {
    kind: "permission",
    means: "The configured key's user may not do this.",
    ...noPolicy,
  },
  UnknownParameter: {
    kind: "input",
    means: "The request carries an argument that this operation does not have on this site.",
    next: "Remove the argument that the message names; some exist on the mainland site only.",
    causes: ["An argument of the mainland site was sent to intl.", "The argument belongs to a similar operation."],
    checks: ["The configured site.", "The list of parameters in this server's description of the tool."],
  },
  UnsupportedOperation: { kind: "unsupported", means: "The operation exists but not for this object or account." },
  UnsupportedProtocol: {
    kind: "unsupported",
    means: "The endpoint accepts only GET and POST over HTTP or HTTPS.",
    next: "Ask the operator to check the configured endpoint and any proxy on the way.",
  },
  UnsupportedRegion: {
    kind: "unsupported",
    means: "The service is not available in the region named.",
    next: "Ask the operator to remove the configured region: SSL and EdgeOne operations do not need one.",
    causes: ["A region of another product is configured, while SSL and EdgeOne work without one."],
    checks: ["The configured region."],
  },
};
