import { brief, briefQuote, safe } from "../../lib/safe-text.js";
import { readReply } from "../documented-reply.js";
import { defineChange } from "../operation.js";
import { struct, text } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeCertificate } from "./describe-certificate.js";
import { describeRemark } from "./descriptions.js";
import { certificateErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, checkCertificate } from "./params.js";
import { certificateWithId, nothingToDo } from "./preconditions.js";

export const modifyCertificateAlias = defineChange({
  name: "ModifyCertificateAlias",
  service: tencentSsl,
  title: "Rename a certificate",
  titleInChinese: "修改证书备注名",
  summary: "Set or clear a certificate's remark name.",
  effect: "change",
  retry: "idempotent",
  params: struct({
    CertificateId: certificateId(),
    Alias: text("New remark; omit to clear").optional(),
  }),
  example: { CertificateId: "8xZ3kQ1p", Alias: "www, until March" },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) =>
    p.Alias
      ? safe`Rename certificate ${brief(p.CertificateId)} to ${briefQuote(p.Alias)}?`
      : safe`Clear the remark of certificate ${brief(p.CertificateId)}?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "remark", describeRemark(p.Alias))],
  obstacles: ({ CertificateId: id, Alias = "" }, found) =>
    found.certificate(id)?.remark === Alias
      ? nothingToDo(safe`${certificateWithId(id)} has the remark ${describeRemark(Alias)} already`)
      : [],
  verifyWith: (p) => ({
    read: describeCertificate,
    params: { CertificateId: p.CertificateId },
    matches: (found) => (readReply(describeCertificate, found)?.Alias ?? "") === (p.Alias ?? ""),
    result: { CertificateId: p.CertificateId },
  }),
  checks: checkCertificate,
  errors: codes(certificateErrors, "InvalidParameter"),
});
