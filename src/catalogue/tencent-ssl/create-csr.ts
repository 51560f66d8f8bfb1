import { brief, nameInWords, safe } from "../../visible.js";
import { changing } from "../operation.js";
import { password, struct, text } from "../params.js";
import { created, planned } from "../planned.js";
import { int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { csrKeyInWords, csrSubjectInWords } from "./in-words.js";
import { csrSubject, generate, tags, warnOfCsr } from "./params.js";

export const createCSR = changing({
  name: "CreateCSR",
  service: tencentSsl,
  title: "Create a CSR record",
  summary: "Create a CSR record; with Generate also its key and CSR.",
  effect: "create",
  retry: "never",
  sites: ["intl"],
  params: struct({
    ...csrSubject().shape,
    Generate: generate(),
    KeyPassword: password("Key password").optional(),
    Remark: text("Remark").optional(),
    Tags: tags().optional(),
  }),
  result: reply({ Id: int() }),
  ask: (p) => safe`Create a CSR record for ${brief(p.Domain)}?`,
  changes: (p) => {
    const subject = created(safe`CSR for ${nameInWords(p.Domain)}`);
    return [
      planned(subject, "subject", csrSubjectInWords(p) ?? safe`none given`),
      planned(subject, "key and CSR", csrKeyInWords(p.Generate, p)),
    ];
  },
  warn: warnOfCsr,
  errors: [
    "FailedOperation",
    "FailedOperation.CAMAuthorizedFail",
    "FailedOperation.InvalidParam",
    "FailedOperation.SystemError",
  ],
});
