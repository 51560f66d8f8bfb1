import { brief, formatId, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { choice, csr, flag, password, struct, text, textOrNumber } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss } from "../warnings.js";
import { applicationErrors, certificateErrors, codes } from "./error-codes.js";
import {
  certificateId,
  certificateSubject,
  checkCertificate,
  checkCsr,
  domainProof,
  warnOfDnsChange,
} from "./params.js";
import { certificateWithId, daysLeftOfStored, nextForOrder, unlessOrdered, unlessStatus } from "./preconditions.js";
import { certificateStatus } from "./statuses.js";

/** In days. */
const reissuableUntil = 30;

export const replaceCertificate = defineChange({
  name: "ReplaceCertificate",
  service: tencentSsl,
  title: "Reissue a certificate",
  titleInChinese: "重颁发证书",
  summary:
    "Reissue a certificate under a new ID; needs a new domain validation. A free one can be reissued once, as RSA 2048.",
  effect: "destroy",
  retry: "never",
  params: struct({
    CertificateId: certificateId(),
    ValidType: domainProof(),
    CsrType: choice(["Original", "Upload", "Online"], "Default Original; Online: generated").optional(),
    CsrContent: csr("CSR to Upload").optional(),
    CsrkeyPassword: password("Key password").optional(),
    Reason: text("Reason").optional(),
    // Both spellings of ECC are documented (docs/cloud-behaviour.md 3.9).
    CertCSREncryptAlgo: choice(["RSA", "ECC", "ECC1", "SM2"], "Key type for Online").optional(),
    // Free text: no value is documented for SM2.
    CertCSRKeyParameter: textOrNumber("RSA: 2048, 4096; ECC: prime256v1, secp384r1").optional(),
    SignAlgo: text("Signature algorithm (mainland)").optional(),
    UseCrossSignRoot: flag("Cross-signed root (mainland)").optional(),
  }),
  onlyMainland: ["SignAlgo", "UseCrossSignRoot"],
  example: { CertificateId: "8xZ3kQ1p", ValidType: "DNS", CsrType: "Online", Reason: "Key may have leaked" },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) => safe`Reissue certificate ${brief(p.CertificateId)}, replacing it with a new one?`,
  plannedChanges: (p) => {
    const subject = certificateSubject(p.CertificateId);
    const successor = newSubject(safe`Certificate in place of ${formatId(p.CertificateId)}`);
    return [
      planned(subject, "status", safe`being reissued`),
      planned(subject, "bound resources", safe`as now; the new certificate is deployed by another call`),
      planned(successor, "existence", safe`applied for under an ID of its own`),
    ];
  },
  confirmationText: (p) => formatId(p.CertificateId),
  obstacles: ({ CertificateId: id }, found) => {
    const next = safe`Have it reissued where it was ordered, then UploadCertificate.`;
    const ordered = unlessOrdered(id, found, safe`it cannot be reissued here`, next);
    if (ordered.length > 0) return ordered;
    const successor = found.certificate(id)?.replacedBy;
    if (successor !== undefined) {
      const says = safe`${certificateWithId(id)} was reissued already, as ${formatId(successor)}`;
      return [{ says, next: safe`Go on with ${formatId(successor)}.` }];
    }
    const unissued = unlessStatus(id, found, [certificateStatus.issued], safe`it cannot be reissued`, nextForOrder);
    if (unissued.length > 0) return unissued;
    // The vendor's guide to reissuing (tencentcloud.com/document/product/1007/39749).
    const left = daysLeftOfStored(id, found);
    if (left === undefined || left >= reissuableUntil) return [];
    const says = safe`${certificateWithId(id)} expires in less than ${reissuableUntil} days, and is renewed rather than reissued`;
    return [{ says, next: safe`Apply for its renewal.` }];
  },
  warnings: (p) => [
    ...(p.CsrType === undefined || p.CsrType === "Original"
      ? [loss(safe`The new certificate keeps the old private key: if that key leaked, choose another CsrType.`)]
      : []),
    loss(safe`A reissue cannot be undone, and a free certificate can be reissued only once.`),
    ...warnOfDnsChange(p.ValidType),
  ],
  checks: (p) => [...checkCertificate(p), ...checkCsr("Upload", p.CsrType ?? "Original", p.CsrContent)],
  errors: codes(
    certificateErrors,
    applicationErrors,
    "FailedOperation",
    "FailedOperation.InvalidCertificateSource",
    "InvalidParameter.RenewAlgorithmInvalid",
  ),
});
