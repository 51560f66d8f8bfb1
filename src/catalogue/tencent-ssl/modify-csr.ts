import { safe } from "../../lib/safe-text.js";
import { defineChange, type Subject } from "../operation.js";
import { integer, password, struct, text } from "../params.js";
import { planned } from "../planned-change.js";
import { int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeCsrKey, describeCsrSubject, describeRemark } from "./descriptions.js";
import { csrExample, csrSubject, generationChoice, warnOfCsr } from "./params.js";
import { nothingToDo } from "./preconditions.js";

export const modifyCSR = defineChange({
  name: "ModifyCSR",
  service: tencentSsl,
  title: "Edit a CSR record",
  titleInChinese: "修改 CSR",
  summary: "Edit, and with Generate complete, a CSR record that is not generated yet.",
  effect: "change",
  retry: (p) => (p.Generate ? "verify-first" : "idempotent"),
  sites: ["intl"],
  params: struct({
    CSRId: integer("CSR ID"),
    Generate: generationChoice(),
    ...csrSubject().partial().shape,
    Remark: text("Remark").optional(),
    KeyPassword: password("Key password").optional(),
  }),
  example: { CSRId: 11, Generate: true, ...csrExample },
  result: reply({ Id: int() }),
  approvalQuestion: (p) =>
    p.Generate ? safe`Edit and generate CSR record ${p.CSRId}?` : safe`Edit CSR record ${p.CSRId}?`,
  plannedChanges: (p) => {
    const record: Subject = { kind: "csr", id: p.CSRId };
    const subject = describeCsrSubject(p);
    const lines = [planned(record, "key and CSR", describeCsrKey(p.Generate, p))];
    if (subject !== undefined) lines.unshift(planned(record, "subject", subject));
    if (p.Remark !== undefined) lines.push(planned(record, "remark", describeRemark(p.Remark)));
    return lines;
  },
  warnings: warnOfCsr,
  obstacles: ({ CSRId: id, Generate, KeyPassword, ...given }, found) => {
    const state = found.csr(id);
    if (state === undefined) return [];
    if (state.isGenerated) {
      const says = safe`CSR ${id} is generated, and can no longer be edited`;
      return [{ says, next: safe`Create another one (CreateCSR).` }];
    }
    const isSame = Object.entries(given).every(([name, value]) => value === undefined || state.members[name] === value);
    return isSame && !Generate && KeyPassword === undefined
      ? nothingToDo(safe`CSR ${id} already has these values`)
      : [];
  },
  errors: [
    "FailedOperation",
    "FailedOperation.NetworkError",
    "InvalidParameter.InvalidCSRId",
    "InvalidParameter.WithDetailReason",
  ],
});
