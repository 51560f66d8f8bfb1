import { changing } from "../operation.js";
import { integer, secret, struct, text } from "../params.js";
import { int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { csrSubject, generate, warnOfCsr } from "./params.js";

export const modifyCSR = changing({
  name: "ModifyCSR",
  service: tencentSsl,
  title: "Edit a CSR record",
  summary: "Edit, and with Generate complete, a CSR record that is not generated yet.",
  effect: "change",
  retry: (p) => (p.Generate ? "look-first" : "idempotent"),
  sites: ["intl"],
  params: struct({
    CSRId: integer("CSR ID"),
    Generate: generate(),
    ...csrSubject().partial().shape,
    Remark: text("Remark").optional(),
    KeyPassword: secret("Key password").optional(),
  }),
  result: reply({ Id: int() }),
  ask: (p) => `${p.Generate ? "Edit and generate" : "Edit"} CSR record ${p.CSRId}?`,
  warn: warnOfCsr,
  errors: [
    "FailedOperation",
    "FailedOperation.NetworkError",
    "InvalidParameter.InvalidCSRId",
    "InvalidParameter.WithDetailReason",
  ],
});
