import { brief, safe } from "../../lib/safe-text.js";
import { deniedBy } from "../failed-in-reply.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { bool, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss } from "../warnings.js";
import { verifiedByStatus } from "./describe-certificate.js";
import { certificateId, certificateSubject } from "./params.js";
import { unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

const { underReview, validating, awaitingDocuments, awaitingLetter, reviewFailed } = certificateStatus;

/** A free application has failed then, a paid one awaits its documents (docs/cloud-behaviour.md 3.2, inferred). */
const endStatuses = [reviewFailed, awaitingDocuments];

/** docs/cloud-behaviour.md 3.2. */
const withdrawable = [underReview, validating, awaitingLetter];

export const cancelAuditCertificate = defineChange({
  name: "CancelAuditCertificate",
  service: tencentSsl,
  title: "Withdraw an application",
  titleInChinese: "取消证书审核",
  summary:
    "Withdraw an application from review (status 0, 4 or 8): a paid order then awaits documents again (5), a free one has failed (2).",
  effect: "change",
  retry: "not-found-is-success",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({ Result: bool() }),
  denial: (_, said) => deniedBy(said, "Result"),
  approvalQuestion: (p) => safe`Withdraw certificate ${brief(p.CertificateId)} from review?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`withdrawn from review`)],
  warnings: (p, found) =>
    found?.certificate(p.CertificateId)?.isFree
      ? [loss(safe`This ends a free application: it cannot be resumed, only applied for again.`)]
      : [],
  obstacles: ({ CertificateId: id }, found) => {
    const next = safe`Only an application under review can be withdrawn; CancelCertificateOrder cancels an order before.`;
    return unlessStatus(id, found, withdrawable, safe`nothing of it is under review`, () => next);
  },
  verifyWith: (p) => verifiedByStatus(p, endStatuses, { Result: true }),
  errors: ["FailedOperation.CertificateNotFoundOrCantCancel"],
});
