import type { CodePattern, Diagnosis, ErrorFact, ErrorTable } from "./fact.js";

const tooManyCalls: Diagnosis = {
  causes: [
    "Many domains are set one after another without a pause.",
    "Another program of the account calls CDN's, DCDN's or VOD's API, such as a renewal job.",
  ],
  checks: ["What else is using the account's API.", "How many domains the running job still has to set."],
};

const unacceptedToken: Omit<ErrorFact, "means"> = {
  kind: "credential",
  next: "Ask the operator to renew the temporary credential: AccessKey id, secret and STS token always change together.",
};

const expiredToken: Omit<ErrorFact, "means"> = {
  ...unacceptedToken,
  causes: [
    "The token is past the end of its session.",
    "Only id and secret were renewed.",
    "A permanent AccessKey is used while ALIBABA_CLOUD_SECURITY_TOKEN is still set.",
  ],
  checks: ["Whether the AccessKey id begins with STS.: then it is temporary and needs its token."],
};

const wrongEndpoint: Omit<ErrorFact, "means"> = {
  kind: "unsupported",
  next: "Ask the operator to check the configured endpoint: CDN, DCDN and VOD each have their own hosts and versions.",
};

/** Codes of Alibaba Cloud's API gateway, which sits in front of every service. */
export const alibabaGatewayErrors: ErrorTable = {
  // Credential and clock
  "InvalidAccessKeyId.NotFound": {
    kind: "credential",
    means: "Alibaba Cloud has no AccessKey with this id.",
    status: 404,
    causes: [
      "The key was deleted in a rotation.",
      "The id is of another cloud; Alibaba Cloud's permanent ones begin with LTAI.",
      "A character was lost when copying.",
    ],
  },
  "InvalidAccessKeyId.Inactive": {
    kind: "credential",
    means: "The AccessKey exists but is disabled.",
    causes: ["The key was disabled in a rotation, or by Alibaba Cloud after it was found in public."],
    checks: ["RAM console, AccessKey list: when it was disabled.", "Message centre: a notice on a leaked key."],
  },
  SignatureDoesNotMatch: {
    kind: "credential",
    means: "The signature does not match the request; usually the AccessKey secret is wrong or truncated.",
    next: "Ask the operator to enter AccessKey id and secret again as a pair; if they are right, something on the way changed the request.",
    causes: [
      "A space or line break was copied with the AccessKey secret.",
      "The secret belongs to another AccessKey id.",
      "A proxy changes the request's body or headers.",
    ],
    checks: ["RAM console, AccessKey list: the id. A secret cannot be read again there, only replaced."],
  },
  IncompleteSignature: {
    kind: "credential",
    means: "The signature does not have the form that Alibaba Cloud prescribes.",
  },
  InvalidSecurityToken: {
    ...expiredToken,
    means: "The STS token is not accepted.",
  },
  "InvalidSecurityToken.Expired": {
    ...expiredToken,
    means: "The STS token has expired.",
  },
  "InvalidSecurityToken.Malformed": {
    ...unacceptedToken,
    means: "The STS token is truncated, altered or not a token at all.",
  },
  "InvalidSecurityToken.MismatchWithAccessKey": {
    kind: "credential",
    means: "The STS token was issued for another AccessKey.",
    next: "Ask the operator to configure id, secret and token from one and the same STS response.",
  },
  MissingSecurityToken: {
    kind: "credential",
    means: "The AccessKey is temporary, and its STS token is not configured.",
    next: "Ask the operator to configure the STS token that belongs to the key, or a permanent key.",
    causes: ["Id and secret of an STS credential were copied without their token."],
    checks: ["Whether ALIBABA_CLOUD_SECURITY_TOKEN reaches this server: a client hands on only the variables named."],
  },
  "InvalidTimeStamp.Expired": {
    kind: "clock",
    means: "The request's time is more than 15 minutes away from Alibaba Cloud's clock.",
    causes: [
      "Time synchronisation (NTP) is not running on this machine.",
      "The time zone is wrong and the time was set to look right, so UTC is hours off.",
      "A container or virtual machine was paused and woke up with the old time.",
    ],
    checks: ["The output of date -u against a clock that is right."],
  },
  "InvalidTimeStamp.Format": {
    kind: "input",
    means: "The request's time is not in the form YYYY-MM-DDTHH:mm:ssZ.",
    next: "This server writes that time itself; report it as a defect, or look for a proxy that alters requests.",
  },
  SignatureNonceUsed: {
    kind: "temporary",
    means: "Alibaba Cloud has seen this very request before: something on the way sent it twice.",
    next: "Check in the console whether the change took effect; a fresh call has a fresh nonce.",
    mayHaveChanged: true,
    causes: ["A proxy or gateway sent a request again that it assumed lost."],
    checks: ["Proxies between this server and the cloud.", "check_served_certificate: what the domain serves now."],
  },

  // Permission
  "Forbidden.RAM": {
    kind: "permission",
    means: "No RAM policy allows the AccessKey's user to do this.",
    next: "Ask a person to grant the user a RAM policy with cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate.",
    status: 403,
    causes: [
      "The user has a policy of another product, such as DNS or certificates, and none for CDN, DCDN or VOD.",
      "A custom policy lists single actions or domains, and this one is not among them.",
      "The policy was given to another user than the AccessKey's.",
    ],
    checks: ["RAM console: the permissions of the AccessKey's user.", "The Message: it may name action and resource."],
  },
  NoPermission: {
    kind: "permission",
    means: "No RAM policy allows the AccessKey's user to do this.",
    status: 403,
    checks: ["RAM console: the permissions of the AccessKey's user.", "The Message: it may name action and resource."],
    causes: ["The user, or the role that it assumes, has no policy for this product."],
  },
  "Forbidden.RiskControl": {
    kind: "permission",
    means: "Alibaba Cloud's risk control blocks the account or the operation.",
    next: "Ask a person to contact Alibaba Cloud support; no argument changes this.",
    status: 403,
  },

  // The request
  MissingParameter: { kind: "input", means: "A required argument is missing." },
  InvalidParameter: { kind: "input", means: "An argument has a value that is not accepted." },
  InvalidVersion: {
    ...wrongEndpoint,
    means: "The endpoint does not support this version of the API.",
  },
  "InvalidAction.NotFound": {
    ...wrongEndpoint,
    means: "The endpoint does not know the operation in this version.",
    status: 404,
  },
  "InvalidApi.NotFound": {
    ...wrongEndpoint,
    means: "The gateway finds no API at this host for the operation.",
    status: 404,
  },
  "InvalidProtocol.NeedSsl": {
    kind: "unsupported",
    means: "The gateway accepts this operation over HTTPS only.",
    next: "Ask the operator to check that the configured endpoint begins with https.",
    status: 404,
  },
  UnsupportedHTTPMethod: {
    kind: "unsupported",
    means: "The operation does not support this HTTP method.",
  },
  InvalidAccountStatus: {
    kind: "state",
    means: "The account's own state does not allow the call.",
    next: "Ask the account's owner to look in the console for an unpaid bill, a missing real-name check or a lock.",
    status: 403,
    causes: [
      "A bill is unpaid.",
      "The real-name registration is not complete.",
      "Alibaba Cloud has locked the account.",
    ],
    checks: ["Expenses console: balance and unpaid bills."],
  },
  "InvalidAccountStatus.NotEnoughBalance": {
    kind: "state",
    means: "The account's balance is too low for Alibaba Cloud to accept changes.",
    next: "Ask the account's owner to pay the bill or top up the account in the console; then call again.",
    status: 403,
    causes: ["A bill is unpaid, or a prepaid balance is used up."],
    checks: ["Expenses console: balance and unpaid bills."],
  },
  OperationDenied: {
    kind: "permission",
    means: "The service is not activated for this account, or the object is locked.",
    next: "Ask a person to check in the console that the service is activated, paid for and not locked.",
    status: 403,
  },

  // Rate and faults
  Throttling: {
    kind: "throttled",
    means: "Alibaba Cloud rejected the call: there were too many calls.",
    ...tooManyCalls,
  },
  "Throttling.User": {
    kind: "throttled",
    means: "The account has called too often (30 calls a second here); its other programs count as well.",
    ...tooManyCalls,
  },
  "Throttling.Api": {
    kind: "throttled",
    means: "This operation is being called too often.",
    ...tooManyCalls,
  },
  FlowControlError: {
    kind: "throttled",
    means: "There were too many calls in a short time.",
    ...tooManyCalls,
  },
  InternalError: {
    kind: "temporary",
    means: "Alibaba Cloud had an internal error while processing the call.",
    status: 500,
    mayHaveChanged: true,
  },
  ServiceUnavailable: {
    kind: "temporary",
    means: "The service is currently down or overloaded.",
    status: 503,
    mayHaveChanged: true,
  },
};

/** What the form of an unlisted code says; the first match counts. */
export const alibabaPatterns: readonly CodePattern[] = [
  {
    form: /Throttling|FlowControl/,
    fact: { kind: "throttled", means: "Alibaba Cloud rejected the call: there were too many calls." },
  },
  {
    form: /^Forbidden/,
    fact: {
      kind: "permission",
      means: "The AccessKey's user may not do this.",
      next: "Ask a person to grant the user a RAM policy with cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate.",
      status: 403,
    },
  },
  {
    form: /NoPermission|Unauthorized|NotAuthorized|AccessDenied|PermissionDenied/,
    fact: { kind: "permission", means: "The AccessKey's user may not do this.", status: 403 },
  },
  { form: /^InvalidAccessKey/, fact: { kind: "credential", means: "The AccessKey is not accepted." } },
  { form: /^InvalidTimeStamp/i, fact: { kind: "clock", means: "The request's time is not accepted." } },
  {
    form: /^Missing|\.MissingParameter$/,
    fact: {
      kind: "input",
      means: "A required argument is missing.",
      next: "Add the argument that the code names and call again.",
    },
  },
  {
    form: /\.TooLong$/,
    fact: {
      kind: "input",
      means: "An argument is longer than allowed.",
      next: "Shorten the argument that the code names and call again.",
    },
  },
  { form: /\.NotFound$/, fact: { kind: "not-found", means: "What the code names does not exist in this account." } },
  { form: /\.Duplicated$/, fact: { kind: "state", means: "What the code names already exists." } },
  {
    form: /^Invalid\w*Stat(?:us|e)(?:\.|$)/,
    fact: { kind: "state", means: "The state of what the code names does not allow this." },
  },
  {
    form: /^InvalidCredentials?$/,
    fact: {
      kind: "credential",
      means: "The SDK found no credentials, or incomplete ones, where the program runs; no cloud was asked.",
      next: "Ask the operator to set the AccessKey for that program, for instance ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET in its environment.",
      causes: [
        "The variables are set in another shell, user, service or container than the program's.",
        "One of the two parts is missing or empty.",
      ],
      checks: ["The environment and the settings of the program that reported it."],
    },
  },
  { form: /^Invalid/, fact: { kind: "input", means: "An argument has a value that is not accepted." } },
];
