import { brief, safe } from "../../visible.js";
import { changing } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned.js";
import { int, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject, verifyType, warnOfDnsChange } from "./params.js";
import { awaitingDocuments, nextForOrder, unlessOrdered, unlessStatus } from "./preconditions.js";

export const commitCertificateInformation = changing({
  name: "CommitCertificateInformation",
  service: tencentSsl,
  title: "Submit a paid order",
  summary:
    "Send a paid order to the CA after SubmitCertificateInformation. Frozen; the vendor's successor CertificateOrderSubmit is not offered here.",
  effect: "change",
  retry: "look-first",
  params: struct({ CertificateId: certificateId(), VerifyType: verifyType().optional() }),
  result: reply({ OrderId: string(), Status: int() }),
  ask: (p) => safe`Send the order of certificate ${brief(p.CertificateId)} to the CA?`,
  changes: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`sent to the CA for review`)],
  warn: (p) => warnOfDnsChange(p.VerifyType),
  obstacles: (p, found) => {
    const unordered = unlessOrdered(
      p.CertificateId,
      found,
      safe`there is no order to send`,
      safe`Choose a paid order (status 5).`,
    );
    return unordered.length > 0
      ? unordered
      : unlessStatus(p.CertificateId, found, awaitingDocuments, safe`its order does not wait to be sent`, nextForOrder);
  },
  errors: [
    "FailedOperation.AuthError",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidParam",
    "FailedOperation.NetworkError",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
    "InternalError.BackendResponseError",
  ],
});
