import type { ErrorTable } from "./fact.js";

/** Codes of Huawei Cloud's certificate store (docs/cloud-behaviour.md 6.5). */
export const huaweiScmErrors: ErrorTable = {
  "SCM.0003": {
    kind: "permission",
    means: "The certificate belongs to another tenant.",
    next: "Take a certificate of this account: list them.",
  },
  "SCM.0005": { kind: "input", means: "An argument has a value that the store does not accept." },
  "SCM.0008": { kind: "input", means: "The id does not have the form of a certificate's." },
  "SCM.0010": {
    kind: "state",
    means: "Kind or state of the certificate does not allow this.",
    next: "Look at its status; a certificate that was not issued has no content.",
  },
  "SCM.0020": {
    kind: "not-found",
    means: "The store has no certificate with this id.",
    next: "List the certificates and take the exact id.",
  },
};
