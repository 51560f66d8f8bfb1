import { cancelAuditCertificate } from "../../catalogue/tencent-ssl/cancel-audit-certificate.js";
import { cancelCertificateOrder } from "../../catalogue/tencent-ssl/cancel-certificate-order.js";
import { modifyCertificateResubmit } from "../../catalogue/tencent-ssl/modify-certificate-resubmit.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { hasEnded } from "./certificate-facts.js";
import { setStatus } from "./lifecycle.js";
import { ownedCertificate } from "./lookup.js";
import { wrongStatus } from "./refusals.js";
import { logCall, sslHandler } from "./ssl-handler.js";
import { type Status, status } from "./state.js";

interface Params {
  readonly CertificateId: string;
}

const underReview: readonly Status[] = [status.reviewing, status.validating, status.awaitingLetter];
const cancellable: readonly Status[] = [...underReview, status.awaitingDocuments];

export const orderChangeHandlers = [
  sslHandler(cancelAuditCertificate, cancelAudit),
  sslHandler(cancelCertificateOrder, cancelOrder),
  sslHandler(modifyCertificateResubmit, resubmit),
];

/** A paid order awaits documents again; a free one has ended. docs/cloud-behaviour.md 3.2 (inferred). */
function cancelAudit({ CertificateId: id }: Params, account: Account) {
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined || !underReview.includes(certificate.status)) {
    throw new CloudError("FailedOperation.CertificateNotFoundOrCantCancel", `Nothing of ${id} is under review.`);
  }
  const free = certificate.order?.product.free === true;
  setStatus(certificate, free ? status.failed : status.awaitingDocuments, account.clock.now());
  logCall(account, "cancel", id);
  return { Result: true };
}

function cancelOrder({ CertificateId: id }: Params, account: Account) {
  const certificate = ownedCertificate(account, id);
  if (!cancellable.includes(certificate.status)) throw wrongStatus(id, "has no order that can be cancelled");
  setStatus(certificate, status.cancelling, account.clock.now());
  logCall(account, "cancel", id);
  return { CertificateId: id };
}

/**
 * Of the two codes for the same condition, the one grouped with similar codes. docs/cloud-behaviour.md 3.2
 * (inferred).
 */
function resubmit({ CertificateId: id }: Params, account: Account) {
  const certificate = ownedCertificate(account, id);
  const paid = certificate.order !== undefined && !certificate.order.product.free;
  if (!paid || !hasEnded(certificate)) {
    throw new CloudError(
      "FailedOperation.CertificateStatusNotAllowResubmit",
      `Certificate ${id} is not a paid order that failed or was cancelled.`,
    );
  }
  setStatus(certificate, status.awaitingDocuments, account.clock.now());
  logCall(account, "Resubmit", id);
  return { CertificateId: id };
}
