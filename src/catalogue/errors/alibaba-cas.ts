import type { ErrorTable } from "./fact.js";

/** Codes of Alibaba Cloud's certificate store (docs/cloud-behaviour.md 5.6). */
export const alibabaCasErrors: ErrorTable = {
  NotFound: {
    kind: "not-found",
    means: "This store has no such certificate; the other of the two stores may have it.",
    next: "Look in the other store (CertRegion), or list the certificates.",
  },
  PermissionDenied: {
    kind: "permission",
    means: "The AccessKey's user may not do this in Certificate Management.",
    next: "Ask a person to grant yundun-cert:… for this operation in RAM.",
  },
  "OperationDenied.SystemUpgrading": {
    kind: "temporary",
    means: "Certificate Management is under maintenance.",
    next: "Wait for the maintenance to end, then call again.",
  },
  InternalError: {
    kind: "temporary",
    means: "Certificate Management had an internal error, which it reports with status 400.",
    mayHaveChanged: true,
  },
  NameRepeat: {
    kind: "state",
    means: "A certificate in this store already has this name.",
    next: "Choose another Name, or use the stored certificate if it is the same.",
  },
  NameAlreadyExist: {
    kind: "state",
    means: "A certificate in this store already has this name.",
    next: "Choose another Name, or use the stored certificate if it is the same.",
  },
  ParamRepeat: {
    kind: "state",
    means: "This certificate is already stored.",
    next: "List the certificates and use the stored one.",
  },
  ParseCertificateFailed: {
    kind: "input",
    means: "The PEM of the certificate or key could not be read.",
  },
  KeyNotMatchCert: { kind: "input", means: "The key does not belong to the certificate." },
  "InvalidParameter.Cert": { kind: "input", means: "The certificate is not valid." },
};
