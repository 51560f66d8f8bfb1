import { cancelAuditCertificate } from "../../catalogue/tencent-ssl/cancel-audit-certificate.js";
import { cancelCertificateOrder } from "../../catalogue/tencent-ssl/cancel-certificate-order.js";
import { modifyCertificateResubmit } from "../../catalogue/tencent-ssl/modify-certificate-resubmit.js";
import { uploadConfirmLetter } from "../../catalogue/tencent-ssl/upload-confirm-letter.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { hasEnded, isUnderReview } from "./certificate-facts.js";
import { setStatus } from "./lifecycle.js";
import { orderOf, ownedCertificate, wrongStatus } from "./lookup.js";
import type { Product } from "./products.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { status } from "./state.js";

interface Params {
  readonly CertificateId: string;
}

export const orderChangeHandlers = [
  sslHandler(cancelAuditCertificate, cancelAudit),
  sslHandler(cancelCertificateOrder, cancelOrder),
  sslHandler(modifyCertificateResubmit, resubmit),
  sslHandler(uploadConfirmLetter, uploadLetter),
];

/** A paid order awaits documents again; a free one has ended. docs/cloud-behaviour.md 3.2 (inferred). */
function cancelAudit({ CertificateId: id }: Params, account: Account) {
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined || !isUnderReview(certificate)) {
    throw new CloudError("FailedOperation.CertificateNotFoundOrCantCancel", `Nothing of ${id} is under review.`);
  }
  const free = certificate.order?.product.free === true;
  if (free && certificate.order) certificate.order.withdrawn = true;
  setStatus(certificate, free ? status.failed : status.awaitingDocuments, account.clock.now());
  logCall(account, "cancel", id);
  return { Result: true };
}

function cancelOrder({ CertificateId: id }: Params, account: Account) {
  const certificate = ownedCertificate(account, id);
  if (!isUnderReview(certificate) && certificate.status !== status.awaitingDocuments) {
    throw wrongStatus(id, "has no order that can be cancelled");
  }
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
  if (!paid || !hasEnded(certificate) || certificate.status === status.revoked) {
    throw new CloudError(
      "FailedOperation.CertificateStatusNotAllowResubmit",
      `Certificate ${id} is not a paid order that failed or was cancelled.`,
    );
  }
  setStatus(certificate, status.awaitingDocuments, account.clock.now());
  logCall(account, "Resubmit", id);
  return { CertificateId: id };
}

const smallest = 1024;
const largest = 1.4 * 1024 * 1024;

/** How each kind of file starts. */
const signatures = {
  jpg: Buffer.from([0xff, 0xd8, 0xff]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  pdf: Buffer.from("%PDF-"),
  gif: Buffer.from("GIF8"),
};

function uploadLetter({ CertificateId: id, ConfirmLetter }: ParamsOf<typeof uploadConfirmLetter>, account: Account) {
  const certificate = ownedCertificate(account, id);
  const { product } = orderOf(certificate);
  if (certificate.status !== status.awaitingLetter) throw wrongStatus(id, "is not waiting for a confirmation letter");
  refuseUnfit(Buffer.from(ConfirmLetter, "base64"), product);
  setStatus(certificate, status.reviewing, account.clock.now());
  logCall(account, "uploadConfirmLetter", id);
  return { CertificateId: id, IsSuccess: true };
}

function refuseUnfit(letter: Buffer, { source }: Product): void {
  if (letter.length < smallest) {
    throw new CloudError("FailedOperation.ConfirmLetterTooSmall", "The letter is smaller than 1 KB.");
  }
  if (letter.length > largest) {
    throw new CloudError("FailedOperation.ConfirmLetterTooLarge", "The letter is larger than 1.4 MB.");
  }
  const kind = Object.entries(signatures).find(([, start]) => letter.subarray(0, start.length).equals(start))?.[0];
  if (source === "wosign" && (kind === undefined || kind === "png")) {
    throw new CloudError("FailedOperation.InvalidConfirmLetterFormatWosign", "This CA takes JPG, PDF and GIF.");
  }
  if (source !== "wosign" && (kind === undefined || kind === "gif")) {
    throw new CloudError("FailedOperation.InvalidConfirmLetterFormat", "The letter is neither JPG nor PNG nor PDF.");
  }
}
