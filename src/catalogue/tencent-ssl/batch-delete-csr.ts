import { changing } from "../operation.js";
import { integer, list, struct } from "../params.js";
import { planned } from "../planned.js";
import { ints, reply } from "../results.js";
import { tencentSsl } from "../services.js";

export const batchDeleteCSR = changing({
  name: "BatchDeleteCSR",
  service: tencentSsl,
  title: "Delete CSR records",
  summary: "Delete CSR records with the private keys kept in them. The reply lists the IDs deleted.",
  effect: "destroy",
  retry: "idempotent",
  sites: ["intl"],
  params: struct({ CSRIds: list(integer("ID"), "CSR IDs", { min: 1, max: 100 }) }),
  result: reply({ Success: ints() }),
  ask: (p) => `Delete CSR record(s) ${p.CSRIds.join(", ")} and any private key in them for good?`,
  changes: (p) =>
    p.CSRIds.map((id) => planned({ kind: "csr", id }, "existence", "deleted, with any private key in it")),
  typed: (p) => p.CSRIds.join(", "),
  errors: [
    "FailedOperation",
    "InvalidParameter",
    "InvalidParameter.InvalidCSRId",
    "InvalidParameter.WithDetailReason",
    "InvalidParameterValue",
  ],
});
