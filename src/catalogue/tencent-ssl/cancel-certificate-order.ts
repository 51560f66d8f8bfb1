import { brief, formatId, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss } from "../warnings.js";
import { verifiedByStatus } from "./describe-certificate.js";
import { certificateErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, checkCertificate } from "./params.js";
import { unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

const { underReview, issued, validating, awaitingDocuments, awaitingLetter, cancelling, cancelled } = certificateStatus;

/** docs/cloud-behaviour.md 3.2. */
const endStatuses = [cancelling, cancelled];

/** Statuses before issue (docs/cloud-behaviour.md 3.2). */
const cancellable = [underReview, validating, awaitingDocuments, awaitingLetter];

export const cancelCertificateOrder = defineChange({
  name: "CancelCertificateOrder",
  service: tencentSsl,
  title: "Cancel an order",
  titleInChinese: "取消证书订单",
  summary:
    "Cancel an order that is not issued (status 0, 4, 5 or 8). Asynchronous: DescribeCertificate shows status 6, then 7.",
  effect: "destroy",
  retry: "not-found-is-success",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) => safe`Cancel the order of certificate ${brief(p.CertificateId)} for good?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`order cancelled`)],
  confirmationText: (p) => formatId(p.CertificateId),
  warnings: () => [loss(safe`The application is lost with its review and domain validations: a new one is needed.`)],
  obstacles: (p, found) =>
    unlessStatus(p.CertificateId, found, cancellable, safe`it has no order that can be cancelled`, ({ status }) =>
      status === issued.code
        ? safe`An issued certificate is deleted, not cancelled.`
        : safe`Nothing has to be cancelled.`,
    ),
  verifyWith: (p) => verifiedByStatus(p, endStatuses, { CertificateId: p.CertificateId }),
  checks: checkCertificate,
  errors: codes(certificateErrors, "FailedOperation.CancelOrderFailed", "FailedOperation.InvalidCertificateStatusCode"),
});
