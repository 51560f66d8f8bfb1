import { joined, safe } from "../../lib/safe-text.js";
import { notAllDone } from "../failed-in-reply.js";
import { countedNames, uniqueNames } from "../naming.js";
import { defineChange } from "../operation.js";
import { integer, list, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { ints, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss } from "../warnings.js";

export const batchDeleteCSR = defineChange({
  name: "BatchDeleteCSR",
  service: tencentSsl,
  title: "Delete CSR records",
  titleInChinese: "批量删除 CSR",
  summary: "Delete CSR records with the private keys kept in them. The reply lists the IDs deleted.",
  effect: "destroy",
  retry: "idempotent",
  sites: ["intl"],
  params: struct({ CSRIds: list(integer("ID"), "CSR IDs", { min: 1, max: 100 }) }),
  example: { CSRIds: [11, 22] },
  result: reply({ Success: ints() }),
  denial: (p, said) => notAllDone(p.CSRIds, said, "Success"),
  approvalQuestion: (p) =>
    safe`Delete ${countedNames(safe`CSR record`, uniqueNames(p.CSRIds))} for good, with any private key?`,
  plannedChanges: (p) =>
    uniqueNames(p.CSRIds).map((id) =>
      planned({ kind: "csr", id }, "existence", safe`deleted, with any private key in it`),
    ),
  confirmationText: (p) => {
    const ids = uniqueNames(p.CSRIds);
    return ids.length > 5 ? safe`${ids.length} CSR records` : joined(ids.map((id) => safe`${id}`));
  },
  warnings: (p, found) => {
    const says = safe`Their private keys are gone with them: a certificate that was issued for one needs its key from elsewhere.`;
    return p.CSRIds.some((id) => found?.csr(id)?.isGenerated) ? [loss(says)] : [];
  },
  obstacles: () => [],
  errors: [
    "FailedOperation",
    "InvalidParameter",
    "InvalidParameter.InvalidCSRId",
    "InvalidParameter.WithDetailReason",
    "InvalidParameterValue",
  ],
});
