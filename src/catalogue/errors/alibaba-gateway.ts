import type { ErrorFact, ErrorTable } from "./fact.js";

/** Codes of Alibaba Cloud's API gateway, which sits in front of every service. */
export const alibabaGatewayErrors: ErrorTable = {
  // Credential and clock
  "InvalidAccessKeyId.NotFound": {
    kind: "credential",
    means: "Alibaba Cloud has no AccessKey with this id.",
    status: 404,
  },
  "InvalidAccessKeyId.Inactive": { kind: "credential", means: "The AccessKey exists and is disabled.", status: 400 },
  SignatureDoesNotMatch: {
    kind: "credential",
    means: "The signature does not match the request; usually the AccessKey secret is wrong or cut.",
    next: "A person enters AccessKey id and secret again as one pair; if they are right, something in between changed the request.",
    status: 400,
  },
  IncompleteSignature: {
    kind: "credential",
    means: "The signature does not have the form that Alibaba Cloud prescribes.",
    status: 400,
  },
  InvalidSecurityToken: {
    kind: "credential",
    means: "The STS token is not accepted.",
    next: "A person renews the temporary credential: AccessKey id, secret and STS token always change together.",
    status: 400,
  },
  "InvalidSecurityToken.Expired": {
    kind: "credential",
    means: "The STS token has expired.",
    next: "A person renews the temporary credential: AccessKey id, secret and STS token always change together.",
    status: 400,
  },
  "InvalidSecurityToken.Malformed": {
    kind: "credential",
    means: "The STS token is cut, altered or not a token at all.",
    next: "A person renews the temporary credential: AccessKey id, secret and STS token always change together.",
    status: 400,
  },
  "InvalidSecurityToken.MismatchWithAccessKey": {
    kind: "credential",
    means: "The STS token was issued for another AccessKey.",
    next: "A person configures id, secret and token from one and the same STS answer.",
    status: 400,
  },
  MissingSecurityToken: {
    kind: "credential",
    means: "The AccessKey is a temporary one and its STS token is not configured.",
    next: "A person configures the STS token that belongs to the key, or a permanent key.",
    status: 400,
  },
  "InvalidTimeStamp.Expired": {
    kind: "clock",
    means: "The request's time is more than 15 minutes away from Alibaba Cloud's clock.",
    status: 400,
  },
  "InvalidTimeStamp.Format": {
    kind: "input",
    means: "The request's time is not in the form YYYY-MM-DDTHH:mm:ssZ.",
    next: "This server writes that time itself; report it as a defect, or look for a proxy that alters requests.",
    status: 400,
  },
  SignatureNonceUsed: {
    kind: "temporary",
    means: "Alibaba Cloud has seen this very request before: something on the way sent it twice.",
    next: "See in the console whether the change took effect; a fresh call has a fresh nonce.",
    status: 400,
    mayHaveChanged: true,
  },

  // Permission
  "Forbidden.RAM": {
    kind: "permission",
    means: "No RAM policy allows the AccessKey's user to do this.",
    next: "A person grants the user a RAM policy with cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate.",
    status: 403,
  },
  "Forbidden.RiskControl": {
    kind: "permission",
    means: "Alibaba Cloud's risk control blocks the account or the operation.",
    next: "A person asks Alibaba Cloud support why; no argument changes this.",
    status: 403,
  },

  // The request
  MissingParameter: { kind: "input", means: "A required argument is absent.", status: 400 },
  InvalidParameter: { kind: "input", means: "An argument has a value that is not accepted.", status: 400 },
  InvalidVersion: {
    kind: "unsupported",
    means: "The endpoint does not serve this version of the API.",
    next: "A person checks the configured endpoint: CDN and VOD have hosts and versions of their own.",
    status: 400,
  },
  "InvalidAction.NotFound": {
    kind: "unsupported",
    means: "The endpoint does not know the operation in this version.",
    next: "A person checks the configured endpoint: CDN and VOD have hosts and versions of their own.",
    status: 404,
  },
  "InvalidApi.NotFound": {
    kind: "unsupported",
    means: "The gateway finds no API at this host for the operation.",
    next: "A person checks the configured endpoint: CDN and VOD have hosts and versions of their own.",
    status: 404,
  },
  "InvalidProtocol.NeedSsl": {
    kind: "unsupported",
    means: "The gateway accepts this operation over HTTPS only.",
    next: "A person checks that the configured endpoint begins with https.",
    status: 404,
  },
  UnsupportedHTTPMethod: {
    kind: "unsupported",
    means: "The operation is not served with this HTTP method.",
    status: 400,
  },
  OperationDenied: {
    kind: "permission",
    means: "The service is not open for this account, or the object is locked.",
    next: "A person checks in the console that the service is activated, paid for and not locked.",
    status: 403,
  },

  // Rate and faults
  Throttling: {
    kind: "throttled",
    means: "Alibaba Cloud rejected the call: there were too many.",
    status: 400,
  },
  "Throttling.User": {
    kind: "throttled",
    means: "The account has called too often (30 calls a second here); its other programs count as well.",
    status: 400,
  },
  "Throttling.Api": { kind: "throttled", means: "This operation is being called too often.", status: 400 },
  InternalError: {
    kind: "temporary",
    means: "Alibaba Cloud failed internally while processing the call.",
    status: 500,
    mayHaveChanged: true,
  },
  ServiceUnavailable: {
    kind: "temporary",
    means: "The service is down or overloaded for the moment.",
    status: 503,
    mayHaveChanged: true,
  },
};

/** What the form of an unlisted code says; the first match counts. */
export const alibabaPatterns: readonly { readonly form: RegExp; readonly fact: ErrorFact }[] = [
  { form: /Throttling/, fact: { kind: "throttled", means: "Alibaba Cloud rejected the call: there were too many." } },
  {
    form: /^Forbidden/,
    fact: {
      kind: "permission",
      means: "The AccessKey's user may not do this.",
      next: "A person grants the user a RAM policy with cdn:SetCdnDomainSSLCertificate or vod:SetVodDomainSSLCertificate.",
      status: 403,
    },
  },
  { form: /^InvalidAccessKey/, fact: { kind: "credential", means: "The AccessKey is not accepted." } },
  { form: /^InvalidTimeStamp/i, fact: { kind: "clock", means: "The request's time is not accepted." } },
  {
    form: /^Missing|\.MissingParameter$/,
    fact: {
      kind: "input",
      means: "An argument that the call needs is absent.",
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
  { form: /\.Duplicated$/, fact: { kind: "state", means: "What the code names exists already." } },
  { form: /^Invalid/, fact: { kind: "input", means: "An argument has a value that is not accepted." } },
];
