import type { Diagnosis, DiagnosisTable } from "./diagnosis.js";

/**
 * Likely causes of Tencent Cloud's shared codes. Their order follows public reports (issue trackers of the SDKs and
 * of certificate tools) if there are any; otherwise it is an inference (I) from the documents.
 */

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

export const tencentCommonCauses: DiagnosisTable = {
  "AuthFailure.SignatureFailure": {
    causes: [
      "A space or line break was copied along with SecretId or SecretKey.",
      "SecretKey holds the SecretId, or the key of another pair.",
      "A variable still holds an older key, while the new one is in a file.",
      "A proxy changes the request's body or headers.",
    ],
    checks: [
      "The lengths: a permanent SecretId has 36 characters, its SecretKey 32.",
      "Whether DescribeCertificates fails alike: then it is the key, else the way of this one request.",
      "Where the key comes from: variables win over ~/.tencentcloud/credentials and tccli.",
    ],
  },
  "AuthFailure.SecretIdNotFound": {
    causes: [
      "The key belongs to the other site: intl and mainland do not know each other's keys.",
      "The id of another product, such as a DNSPod token, was taken for an API key.",
      "The key was deleted or disabled in a rotation.",
      "A character is missing or an invisible one was copied along.",
    ],
    checks: [
      "CAM console, API Keys: whether this SecretId is listed and enabled.",
      "The configured site against the console that the key comes from.",
    ],
  },
  "AuthFailure.InvalidSecretId": {
    causes: [
      "The id of another product, such as a DNSPod token, was taken for an API key.",
      "SecretId and SecretKey were swapped.",
      "The key belongs to the other site.",
    ],
    checks: ["Whether the id begins as those under CAM console, API Keys, do: permanent ones with AKID."],
  },
  "AuthFailure.InvalidAuthorization": {
    causes: [
      "The configured SecretId contains a line break or quotation mark.",
      "A proxy rewrites or removes the Authorization header.",
    ],
    checks: ["The configured values character by character.", "The same call from a network without the proxy."],
  },
  "AuthFailure.SignatureExpire": {
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
  "AuthFailure.TokenFailure": {
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
  "AuthFailure.MFAFailure": {
    causes: ["A CAM rule demands MFA for this operation, which a plain API key cannot give."],
    checks: ["CAM console: the key's user, its login and operation protection."],
  },
  "AuthFailure.UnauthorizedOperation": noPolicy,
  UnauthorizedOperation: noPolicy,
  IpNotInWhitelist: {
    causes: [
      "The server moved to another network, or its provider changed the address.",
      "Traffic leaves through a proxy or NAT whose address is not listed.",
    ],
    checks: ["The public address from which this machine reaches the internet."],
  },
  RequestLimitExceeded: tooManyCalls,
  "RequestLimitExceeded.UinLimitExceeded": tooManyCalls,
  "RequestLimitExceeded.IPLimitExceeded": tooManyCalls,
  "RequestLimitExceeded.GlobalRegionUinLimitExceeded": tooManyCalls,
  "LimitExceeded.RateLimitExceeded": tooManyCalls,
  FailedOperation: {
    causes: [
      "A rule of the product that the code does not name: the message tells which.",
      "The object changed between reading it and acting on it.",
    ],
    checks: [
      "The message, word by word.",
      "DescribeCertificateOperateLogs: what was done to the certificate just before.",
    ],
  },
  InvalidAction: {
    causes: [
      "A CSR operation was called on the mainland site, which has none.",
      "A custom endpoint points at another product.",
    ],
    checks: ["The configured site and endpoint."],
  },
  UnknownParameter: {
    causes: ["An argument of the mainland site was sent to intl.", "The argument belongs to a similar operation."],
    checks: ["The configured site.", "The list of parameters in this server's description of the tool."],
  },
  UnsupportedRegion: {
    causes: ["A region of another product is configured, while SSL and EdgeOne work without one."],
    checks: ["The configured region."],
  },
  ResourceInUse: {
    causes: ["A deployment of the same object is being rolled out.", "Somebody works on it in the console."],
    checks: ["DescribeHostUpdateRecord: whether a record of the certificate is still running."],
  },
};
