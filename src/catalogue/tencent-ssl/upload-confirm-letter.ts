import { brief, safe } from "../../lib/escape-text.js";
import { defineChange } from "../operation.js";
import { letter, struct } from "../params.js";
import { planned } from "../planned.js";
import { bool, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject } from "./params.js";
import { nextForOrder, unlessStatus } from "./preconditions.js";

/** docs/cloud-behaviour.md 3.2. */
const awaitingLetter: readonly number[] = [8];

export const uploadConfirmLetter = defineChange({
  name: "UploadConfirmLetter",
  service: tencentSsl,
  title: "Upload a confirmation letter",
  titleInChinese: "上传证书确认函",
  summary: "Upload the signed confirmation letter of a paid order.",
  effect: "change",
  retry: "verify-first",
  params: struct({
    CertificateId: certificateId(),
    ConfirmLetter: letter("Base64 of a JPG, PNG or PDF file, 1 KB-1.4 MB"),
  }),
  example: { CertificateId: "8xZ3kQ1p", ConfirmLetter: "file:letter.pdf" },
  result: reply({ CertificateId: string(), IsSuccess: bool() }),
  approvalQuestion: (p) => safe`Upload the confirmation letter for certificate ${brief(p.CertificateId)}?`,
  plannedChanges: (p) => [
    planned(certificateSubject(p.CertificateId), "status", safe`confirmation letter submitted for review`),
  ],
  obstacles: (p, found) =>
    unlessStatus(p.CertificateId, found, awaitingLetter, safe`no confirmation letter is awaited`, nextForOrder),
  errors: [
    "FailedOperation",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.ConfirmLetterTooLarge",
    "FailedOperation.ConfirmLetterTooSmall",
    "FailedOperation.InvalidCertificateSource",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidConfirmLetterFormat",
    "FailedOperation.InvalidConfirmLetterFormatWosign",
    "FailedOperation.NetworkError",
    "InternalError",
  ],
});
