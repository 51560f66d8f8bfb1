import { brief, formatId, type SafeText, safe } from "../../lib/safe-text.js";
import type { CertificateState } from "../current-state-types.js";
import { deniedBy } from "../failed-in-reply.js";
import { counted } from "../naming.js";
import { defineChange, type Warning } from "../operation.js";
import { flag, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { bool, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { outage } from "../warnings.js";
import { describeCertificate } from "./describe-certificate.js";
import { codes, limitedErrors, orderErrors } from "./error-codes.js";
import { certificateId, certificateNotFound, certificateSubject, checkCertificate } from "./params.js";
import { certificateWithId, formatStateMoment, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

const { issued, reviewFailed, expired, cancelled, revoked, reissuing, refunded } = certificateStatus;

/** Documented: a free certificate cannot be deleted for an hour. */
const freeRetentionMs = 3_600_000;

/** Issued, or never to be issued (docs/cloud-behaviour.md 3.2). */
const deletableStatuses = [issued, reviewFailed, expired, cancelled, revoked, refunded];

/** Warns about the resources that use it; IsCheckResource decides whether the cloud checks them itself. */
function useWarnings(state: CertificateState | undefined, isChecked: boolean): Warning[] {
  const { use } = state ?? {};
  if (use === undefined) {
    if (isChecked) return [];
    return [outage(safe`Whether cloud resources still use it could not be found out, and is not checked.`)];
  }
  const after = isChecked
    ? safe`Tencent Cloud does not delete it while they use it`
    : safe`Tencent Cloud may refuse the deletion; if it does not, they lose their certificate`;
  const resources = counted(use.total, safe`resource`);
  if (use.total > 0) return [outage(safe`Used by ${resources}: ${after}. Give them another certificate first.`)];
  if (use.isWhole) return [];
  return [outage(safe`Not all resources that may use it could be counted.`)];
}

export const deleteCertificate = defineChange({
  name: "DeleteCertificate",
  service: tencentSsl,
  title: "Delete a certificate",
  titleInChinese: "删除证书",
  summary:
    "Delete a certificate. IsCheckResource makes it asynchronous: wait_for (deletion), or DescribeCertificate until CertificateNotFound.",
  effect: "destroy",
  // Every call with the resource check starts another task (docs/cloud-behaviour.md 1.5).
  retry: (p) => (p.IsCheckResource ? "verify-first" : "not-found-is-success"),
  params: struct({
    CertificateId: certificateId(),
    IsCheckResource: flag(
      "Refuse while cloud resources use it; needs SSL_QCSLinkedRoleInReplaceLoadCertificate",
    ).optional(),
  }),
  example: { CertificateId: "8xZ3kQ1p", IsCheckResource: true },
  result: reply({ DeleteResult: bool(), TaskId: string() }),
  // With a task the deletion has only begun (docs/cloud-behaviour.md 3.10).
  denial: (_, said) => (said.TaskId ? undefined : deniedBy(said, "DeleteResult")),
  approvalQuestion: (p) =>
    p.IsCheckResource
      ? safe`Delete certificate ${brief(p.CertificateId)} for good, unless a cloud resource uses it?`
      : safe`Delete certificate ${brief(p.CertificateId)} for good?`,
  plannedChanges: (p) => {
    const subject = certificateSubject(p.CertificateId);
    const [deleted, bound, each]: readonly [SafeText, SafeText, SafeText] = p.IsCheckResource
      ? [
          safe`deleted, unless a cloud resource uses it`,
          safe`as now; any of them prevents the deletion`,
          safe`as now; prevents the deletion`,
        ]
      : [
          safe`deleted`,
          safe`each loses its certificate, unless Tencent Cloud refuses the deletion`,
          safe`none, unless Tencent Cloud refuses the deletion`,
        ];
    return [
      planned(subject, "existence", deleted),
      planned(subject, "bound resources", bound, { each: { then: each, none: safe`none` } }),
    ];
  },
  endedCertificates: (p) => [p.CertificateId],
  confirmationText: (p) => formatId(p.CertificateId),
  warnings: (p, found) =>
    found === undefined ? [] : useWarnings(found.certificate(p.CertificateId), p.IsCheckResource === true),
  obstacles: ({ CertificateId: id }, found) => {
    const state = found.certificate(id);
    if (state === undefined) return [];
    const { status, replacedBy, isUploaded, isFree, appliedAt } = state;
    const stays = (why: SafeText, next: SafeText) => [{ says: safe`${certificateWithId(id)} ${why}`, next }];
    if (status === reissuing.code) {
      const successor = replacedBy === undefined ? safe`its successor` : safe`its successor ${formatId(replacedBy)}`;
      return stays(
        safe`is being reissued, and stays until ${successor} is issued`,
        safe`wait_for (certificate) the successor.`,
      );
    }
    if (isUploaded) return [];
    const deletableFrom = appliedAt === undefined ? 0 : appliedAt + freeRetentionMs;
    if (isFree && deletableFrom > found.now) {
      const until = formatStateMoment(deletableFrom);
      return stays(
        safe`is free and less than an hour old: it cannot be deleted before ${until}`,
        safe`Call again after ${until}.`,
      );
    }
    if (status === issued.code) {
      return stays(
        safe`was issued here (CannotBeDeletedIssued): it can be deleted once it has expired or was revoked`,
        safe`Leave it; or a person revokes it in the vendor's console first.`,
      );
    }
    const next = safe`CancelCertificateOrder, then delete.`;
    return unlessStatus(id, found, deletableStatuses, safe`its order has to be cancelled first`, () => next);
  },
  // With the resource check the deletion is a task; a certificate that still exists proves nothing.
  verifyWith: (p) =>
    p.IsCheckResource
      ? undefined
      : {
          read: describeCertificate,
          params: { CertificateId: p.CertificateId },
          matches: () => false,
          provingCode: certificateNotFound,
          result: { DeleteResult: true },
        },
  checks: checkCertificate,
  errors: codes(
    limitedErrors,
    orderErrors,
    "FailedOperation.BoundResources",
    "FailedOperation.DeleteFailedTimeNotUp",
    "FailedOperation.DeleteResourceFailed",
    "FailedOperation.RenewNotIssued",
    "FailedOperation.RoleNotFoundAuthorization",
  ),
});
