import { brief, safe, termInWords } from "../../visible.js";
import { changing } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeCertificate } from "./describe-certificate.js";
import { certificateId, certificateSubject } from "./params.js";

/** Being cancelled, and cancelled (docs/cloud-behaviour.md 3.2). */
const endStatuses: readonly unknown[] = [6, 7];

export const cancelCertificateOrder = changing({
  name: "CancelCertificateOrder",
  service: tencentSsl,
  title: "Cancel an order",
  summary:
    "Cancel an order that is not issued (status 0, 4, 5 or 8). Asynchronous: DescribeCertificate shows status 6, then 7.",
  effect: "destroy",
  retry: "gone-is-done",
  params: struct({ CertificateId: certificateId() }),
  result: reply({ CertificateId: string() }),
  ask: (p) => safe`Cancel the order of certificate ${brief(p.CertificateId)} for good?`,
  changes: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`order cancelled`)],
  typed: (p) => termInWords(p.CertificateId),
  trace: (p) => ({
    read: describeCertificate,
    params: { CertificateId: p.CertificateId },
    shows: ({ Status }) => endStatuses.includes(Status),
    result: { CertificateId: p.CertificateId },
  }),
  errors: [
    "FailedOperation.AuthError",
    "FailedOperation.CancelOrderFailed",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidParam",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "InternalError",
  ],
});
