import { brief, type SafeText, safe, termInWords } from "../../visible.js";
import { changing } from "../operation.js";
import { flag, struct } from "../params.js";
import { planned } from "../planned.js";
import { bool, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { outage } from "../warnings.js";
import { describeCertificate } from "./describe-certificate.js";
import { certificateId, certificateSubject } from "./params.js";

export const deleteCertificate = changing({
  name: "DeleteCertificate",
  service: tencentSsl,
  title: "Delete a certificate",
  summary:
    "Delete a certificate. IsCheckResource makes it asynchronous: wait_for (deletion), or DescribeCertificate until CertificateNotFound.",
  effect: "destroy",
  // Every call with the resource check starts another task (docs/cloud-behaviour.md 1.5).
  retry: (p) => (p.IsCheckResource ? "look-first" : "gone-is-done"),
  params: struct({
    CertificateId: certificateId(),
    IsCheckResource: flag(
      "Refuse while cloud resources use it; needs SSL_QCSLinkedRoleInReplaceLoadCertificate",
    ).optional(),
  }),
  result: reply({ DeleteResult: bool(), TaskId: string() }),
  ask: (p) => safe`Delete certificate ${brief(p.CertificateId)} for good?`,
  changes: (p) => {
    const subject = certificateSubject(p.CertificateId);
    const [deleted, bound]: readonly [SafeText, SafeText] = p.IsCheckResource
      ? [safe`deleted, unless a cloud resource uses it`, safe`as now; any of them prevents the deletion`]
      : [safe`deleted`, safe`left with a certificate that is gone`];
    return [planned(subject, "existence", deleted), planned(subject, "bound resources", bound)];
  },
  typed: (p) => termInWords(p.CertificateId),
  warn: (p) =>
    p.IsCheckResource ? [] : [outage(safe`Whether cloud resources still use the certificate is not checked.`)],
  // With the resource check the deletion is a task, and a certificate that is still there tells nothing of it.
  trace: (p) =>
    p.IsCheckResource
      ? undefined
      : {
          read: describeCertificate,
          params: { CertificateId: p.CertificateId },
          shows: () => false,
          gone: "FailedOperation.CertificateNotFound",
          result: { DeleteResult: true },
        },
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.BoundResources",
    "FailedOperation.CancelOrderFailed",
    "FailedOperation.CannotBeDeletedIssued",
    "FailedOperation.CannotBeDeletedWithinHour",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.DeleteFailedTimeNotUp",
    "FailedOperation.DeleteResourceFailed",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidParam",
    "FailedOperation.NetworkError",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "FailedOperation.OrderAlreadyReplaced",
    "FailedOperation.RenewNotIssued",
    "FailedOperation.RoleNotFoundAuthorization",
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ],
});
