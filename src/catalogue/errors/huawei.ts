import type { CodePattern, ErrorTable } from "./fact.js";

/** Codes of Huawei Cloud Live. */
const liveErrors: ErrorTable = {
  "LIVE.100011001": {
    kind: "input",
    means: "An argument is missing or wrong, or the certificate did not pass Live's checks.",
    next: "Check domain, the PEM chain with its key, and that the call has certificate and key, tls_certificate or gm_certificate.",
    causes: [
      "Key and certificate are not a pair, or the chain is incomplete or out of order.",
      "tls_certificate is given together with certificate and certificate_key, and only it takes effect.",
      "source is scm without cert_id, or user without the PEM texts.",
      "domain holds a scheme, a port or a wildcard.",
    ],
    checks: [
      "inspect_certificate with certificate, private_key and domains.",
      "The error_msg that comes with the code: it may name the field.",
    ],
  },
  "LIVE.100011003": {
    kind: "permission",
    means: "The caller is authenticated but may not change this resource.",
    next: "Ask a person to grant the user live:domain:updateCDNConfig in IAM and to check that project_id is the domain's project.",
    status: 401,
    causes: [
      "The IAM user has Live permissions for another project or region.",
      "The user may only read Live.",
      "project_id is that of another account.",
    ],
  },
  "LIVE.100011004": {
    kind: "unsupported",
    means: "Live's API is available over HTTPS only.",
    next: "Ask the operator to check that the configured endpoint begins with https.",
  },
  "LIVE.100011005": {
    kind: "temporary",
    means: "Live had an internal error while processing the call.",
    status: 500,
    mayHaveChanged: true,
    causes: ["A passing fault of Live."],
    checks: ["Live console: which certificate the domain has.", "check_served_certificate: what it serves now."],
  },
  "LIVE.100011006": {
    kind: "temporary",
    means: "This version of Live does not have the operation, or Live is under maintenance.",
    next: "Wait for the maintenance to end; if it persists, ask the operator to check the configured region or to contact Huawei Cloud support.",
  },
  "LIVE.100011008": {
    kind: "temporary",
    means: "The operation is unavailable due to maintenance.",
    next: "Wait for the maintenance to end, then call again.",
  },
  "LIVE.100011009": {
    kind: "credential",
    means: "Live does not know the user who sent the request.",
    causes: ["The AK is of a deleted or disabled user.", "The domain account of the key has never used Live."],
  },
  "LIVE.100011011": {
    kind: "unsupported",
    means: "Live does not serve this path with this HTTP method.",
    next: "Ask the operator to check the configured endpoint and any proxy on the way.",
  },
  "LIVE.100011012": {
    kind: "input",
    means: "Live did not recognise the media type of the request body.",
    next: "This server sends JSON; ask the operator to look for a proxy that alters the Content-Type header.",
  },
  "LIVE.100011013": {
    kind: "permission",
    means: "The account has not passed real-name verification.",
    next: "Ask the account's owner to complete real-name verification in the Huawei Cloud console.",
    causes: ["The account is new.", "The key belongs to another account than the one that was verified."],
    checks: ["Account Center: state of the real-name verification."],
  },
  "LIVE.100011014": {
    kind: "credential",
    means: "Live did not accept the request's credential.",
    status: 401,
    causes: [
      "The token (HW_AUTH_TOKEN) is older than 24 hours.",
      "The token was issued for another project or region than the call's.",
      "AK and SK were rotated.",
    ],
  },
  "LIVE.103011018": { kind: "state", means: "What the call would create already exists." },
  "LIVE.103011019": {
    kind: "not-found",
    means: "The project has no such domain in this region.",
    next: "Check domain in the Live console, and that project_id and the configured region are the domain's.",
    status: 404,
    causes: [
      "The domain belongs to another project or region than project_id and the endpoint.",
      "The ingest domain was given where the streaming domain is required, or vice versa.",
      "The domain was deleted in Live and exists in DNS only.",
    ],
    checks: ["Live console, Domains, in the configured region: the exact name.", "My Credentials: the project's id."],
  },
  "LIVE.103011020": { kind: "quota", means: "The account has reached its limit of Live domains." },
  "LIVE.103011021": {
    kind: "temporary",
    means: "Live could not reach its database.",
    mayHaveChanged: true,
  },
  "LIVE.103011022": {
    kind: "state",
    means: "The domain's status does not allow this change.",
    next: "Ask a person to look at the domain in the Live console: while it is being configured or is disabled, it cannot be changed.",
    causes: ["The domain was added or changed minutes ago.", "The domain is disabled or awaits a review."],
    checks: ["Live console, Domains: the domain's status."],
  },
};

/** Codes of the gateway in front of Live, which calls itself APIGW or APIG, by their numbers. */
const gatewayErrors: ErrorTable = {
  "0101": {
    kind: "unsupported",
    means: "The gateway has no such API at this host.",
    next: "Ask the operator to check the configured region and endpoint; Live is not available in every region.",
    status: 404,
    causes: ["The configured region has no Live.", "A custom endpoint is missing or repeats a part of the path."],
  },
  "0201": {
    kind: "temporary",
    means:
      "The gateway got no answer from Live (502, 504), failed itself (500), or found the request malformed or too large (4xx).",
    next: "With status 4xx, correct or shorten the request; otherwise check in the Live console what took effect before calling again.",
    mayHaveChanged: true,
    causes: ["Live was slow or restarting.", "Certificate and key together are larger than the gateway takes."],
    checks: ["The HTTP status: 4xx is about the request, 5xx about the cloud.", "check_served_certificate afterwards."],
  },
  "0202": { kind: "temporary", means: "The gateway could not reach Live.", status: 502, mayHaveChanged: true },
  "0301": {
    kind: "credential",
    means: "The gateway could not verify AK, SK or token; a clock more than 15 minutes off gives the same code.",
    next: "Ask the operator to check AK, SK, token and the clock. Five failures in a row lock the key for five minutes.",
    status: 401,
    causes: [
      "The AK is unknown: of another cloud (LTAI… is Alibaba's, AKID… Tencent's), deleted or truncated.",
      "The SK belongs to another AK, or a space was copied with it.",
      "The clock is off: the message then names signature time and server time.",
      "A temporary AK is used without its security token.",
    ],
    checks: [
      "The message: 'ak … not exist', 'verify … fail' or 'signature expired' tell these apart.",
      "The output of date -u against a clock that is right.",
      "Console, My Credentials, Access Keys: the AK is listed and enabled.",
    ],
    retry: "No, not until key or clock are corrected; each failed try brings the lock of the key nearer.",
  },
  "0302": {
    kind: "permission",
    means: "The IAM user is not authorized to call this API.",
    status: 403,
    causes: ["The user's groups have no policy for this service.", "The policy holds for another project or region."],
  },
  "0303": {
    kind: "credential",
    means:
      "The gateway could not verify the request's signature; a clock more than 15 minutes off gives the same code.",
    next: "Ask the operator to check that the key is an AK with its SK, not an app key, and that the clock is right.",
    status: 401,
    causes: ["An app key of API Gateway was configured instead of an AK and SK.", "The clock is off."],
  },
  "0304": {
    kind: "permission",
    means: "The app key is not authorized to call this API.",
    next: "Ask the operator to configure an AK with its SK; this server signs with those, not with app keys.",
    status: 403,
    causes: ["An app key of API Gateway was configured instead of an AK and SK."],
  },
  "0305": {
    kind: "credential",
    means: "The gateway could not authenticate the caller.",
    status: 401,
    causes: ["The AK is disabled or deleted.", "A temporary AK is used without its security token, or after its end."],
  },
  "0306": { kind: "permission", means: "The gateway denied the caller access to this API.", status: 403 },
  "0307": {
    kind: "credential",
    means: "The IAM token has expired or was revoked, and must be replaced.",
    next: "Ask the operator to get a new token, or to configure an AK and SK, which do not expire by themselves.",
    status: 401,
    causes: [
      "The token is older than 24 hours.",
      "The user's password or permissions were changed, which ends its tokens.",
    ],
  },
  "0308": {
    kind: "throttled",
    means: "The gateway counted more calls than its limit allows.",
    status: 429,
    causes: [
      "Many domains are set one after another without a pause (150 calls a minute and user).",
      "Another program uses the same user.",
    ],
  },
  "0802": {
    kind: "permission",
    means: "The IAM user may not use the region that was called.",
    next: "Ask an administrator to allow the user this region in IAM, or the operator to configure the domain's region.",
    status: 403,
    causes: ["The configured region is not the domain's.", "IAM limits the user to other regions."],
    checks: ["Console, My Credentials: the projects, and in which regions they are."],
  },
};

/** The same under both of the gateway's names. */
export const huaweiGatewayErrors: ErrorTable = Object.fromEntries(
  ["APIGW", "APIG"].flatMap((name) =>
    Object.entries(gatewayErrors).map(([number, fact]) => [`${name}.${number}`, fact] as const),
  ),
);

/**
 * What the form of an unlisted code says: the gateway refuses with these numbers before the service gets the call
 * (docs/cloud-behaviour.md 1.4).
 */
export const huaweiPatterns: readonly CodePattern[] = [
  {
    form: /^API(?:GW|G)\.0[348]\d\d$/,
    fact: { kind: "permission", means: "The gateway refused the caller and did not pass the call on.", status: 403 },
  },
];

/** Codes of Huawei Cloud Live and its gateway. */
export const huaweiErrors: ErrorTable = { ...liveErrors, ...huaweiGatewayErrors };

/** Codes of Huawei Cloud's certificate store (docs/cloud-behaviour.md 6.5). */
export const huaweiScmErrors: ErrorTable = {
  "SCM.0003": {
    kind: "permission",
    means: "The certificate belongs to another tenant.",
    next: "List the certificates of this account and choose one of them.",
  },
  "SCM.0005": { kind: "input", means: "An argument has a value that the store does not accept." },
  "SCM.0008": { kind: "input", means: "The id does not have the form of a certificate id." },
  "SCM.0010": {
    kind: "state",
    means: "The kind or state of the certificate does not allow this.",
    next: "Look at its status; a certificate that was not issued has no content.",
  },
  "SCM.0020": {
    kind: "not-found",
    means: "The store has no certificate with this id.",
    next: "List the certificates and take the exact id.",
  },
};
