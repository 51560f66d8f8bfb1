import { brief, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject, checkCertificate } from "./params.js";
import { certificateWithId, firstObstacles, unlessOrdered, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

/** docs/cloud-behaviour.md 3.2. */
const resubmittable = [certificateStatus.reviewFailed, certificateStatus.cancelled];

export const modifyCertificateResubmit = defineChange({
  name: "ModifyCertificateResubmit",
  service: tencentSsl,
  title: "Resubmit an application",
  titleInChinese: "重新提交证书审核",
  summary: "Put a paid certificate's failed or cancelled application up for review again.",
  effect: "change",
  retry: "verify-first",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) => safe`Put the application of certificate ${brief(p.CertificateId)} up for review again?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`application open again`)],
  obstacles: ({ CertificateId: id }, found) => {
    const next = safe`Only a paid order that failed or was cancelled can be resubmitted.`;
    const says = safe`${certificateWithId(id)} is free, and a free application cannot be resubmitted`;
    const free = { says, next: safe`Apply for a new one (ApplyCertificate).` };
    return firstObstacles(
      unlessOrdered(id, found, safe`there is no application`, next),
      unlessStatus(id, found, resubmittable, safe`its application needs no resubmission`, () => next),
      found.certificate(id)?.isFree ? [free] : [],
    );
  },
  checks: checkCertificate,
  errors: [
    "FailedOperation",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.CertificateStatusNotAllowResubmit",
    "InvalidParameter.CertificateStatusNotAllowResubmit",
    "InvalidParameter.WithDetailReason",
  ],
});
