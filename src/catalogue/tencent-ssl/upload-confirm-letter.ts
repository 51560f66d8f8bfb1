import { brief, safe } from "../../lib/safe-text.js";
import { deniedBy } from "../failed-in-reply.js";
import { type Finding, finding, warning } from "../finding.js";
import { defineChange } from "../operation.js";
import { letter, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { bool, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject, checkCertificate } from "./params.js";
import { nextForOrder, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

const smallestBytes = 1024;
const maxBytes = 1.4 * 1024 * 1024;

/** The first bytes of files of each kind. */
const kinds = [
  { kind: "JPG", begins: Buffer.from([0xff, 0xd8, 0xff]) },
  { kind: "PNG", begins: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { kind: "PDF", begins: Buffer.from("%PDF-") },
  { kind: "GIF", begins: Buffer.from("GIF8") },
] as const;

function checkLetter(letter: Buffer): Finding[] {
  if (letter.length < smallestBytes) {
    return [fault(`The letter has ${letter.length} bytes; it needs 1 KB.`, "ConfirmLetterTooSmall")];
  }
  if (letter.length > maxBytes) {
    return [fault(`The letter has ${letter.length} bytes; it may have 1.4 MB.`, "ConfirmLetterTooLarge")];
  }
  const kind = kinds.find(({ begins }) => letter.subarray(0, begins.length).equals(begins))?.kind;
  if (kind === undefined) {
    return [fault("The letter is neither a JPG nor a PNG nor a PDF file in base64.", "InvalidConfirmLetterFormat")];
  }
  // A separate code lists what WoSign accepts: JPG, PDF and GIF. Only the order shows which CA it is.
  const says = safe`The letter is a GIF file, which only the CA WoSign accepts.`;
  return kind === "GIF" ? [warning("ConfirmLetter", says)] : [];
}

function fault(says: string, code: string): Finding {
  return finding("ConfirmLetter", says, { prevents: `FailedOperation.${code}` });
}

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
  denial: (_, said) => deniedBy(said, "IsSuccess"),
  approvalQuestion: (p) => safe`Upload the confirmation letter for certificate ${brief(p.CertificateId)}?`,
  plannedChanges: (p) => [
    planned(certificateSubject(p.CertificateId), "status", safe`confirmation letter submitted for review`),
  ],
  obstacles: (p, found) =>
    unlessStatus(
      p.CertificateId,
      found,
      [certificateStatus.awaitingLetter],
      safe`no confirmation letter is awaited`,
      nextForOrder,
    ),
  checks: (p) => [...checkCertificate(p), ...checkLetter(Buffer.from(p.ConfirmLetter, "base64"))],
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
