import { brief, formatName, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { password, struct, text } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeCSRSet } from "./describe-csr-set.js";
import { describeCsrKey, describeCsrSubject } from "./descriptions.js";
import { csrExample, csrSubject, generationChoice, tags, warnOfCsr } from "./params.js";

export const createCSR = defineChange({
  name: "CreateCSR",
  service: tencentSsl,
  title: "Create a CSR record",
  titleInChinese: "创建 CSR",
  summary: "Create a CSR record; with Generate also its key and CSR.",
  effect: "create",
  retry: "never",
  sites: ["intl"],
  params: struct({
    ...csrSubject().shape,
    Generate: generationChoice(),
    KeyPassword: password("Key password").optional(),
    Remark: text("Remark").optional(),
    Tags: tags().optional(),
  }),
  example: { ...csrExample, Generate: false },
  result: reply({ Id: int() }),
  approvalQuestion: (p) => safe`Create a CSR record for ${brief(p.Domain)}?`,
  plannedChanges: (p) => {
    const subject = newSubject(safe`CSR for ${formatName(p.Domain)}`);
    return [
      planned(subject, "subject", describeCsrSubject(p) ?? safe`none given`),
      planned(subject, "key and CSR", describeCsrKey(p.Generate, p)),
    ];
  },
  warnings: warnOfCsr,
  listedIn: describeCSRSet,
  errors: [
    "FailedOperation",
    "FailedOperation.CAMAuthorizedFail",
    "FailedOperation.InvalidParam",
    "FailedOperation.SystemError",
  ],
});
