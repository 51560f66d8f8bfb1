import { defineRead } from "../operation.js";
import { binary, choice, integer, list, struct, text } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { teoStatuses } from "./code-meanings.js";
import { codes, limitedErrors } from "./error-codes.js";
import { certificateId } from "./params.js";
import { teoInstanceDetail } from "./types-resources.js";

export const describeHostTeoInstanceList = defineRead({
  name: "DescribeHostTeoInstanceList",
  service: tencentSsl,
  title: "List EdgeOne hosts for a certificate",
  titleInChinese: "查询证书可部署的 EdgeOne 域名",
  summary:
    "EdgeOne hosts that a certificate could be deployed to. Answers are up to 30 minutes old unless IsCache is 0.",
  params: struct({
    CertificateId: certificateId("Certificate to deploy"),
    // Deprecated, but the vendor's own example sends it (docs/cloud-behaviour.md 3.9).
    ResourceType: text("Deprecated: teo").optional(),
    IsCache: binary("Cached answer").optional(),
    Filters: list(
      struct({
        FilterKey: choice(["domainMatch"], "domainMatch"),
        FilterValue: choice(["1", "0"], "1 (default) hosts it covers, 0 others"),
      }),
      "Filters",
    ).optional(),
    OldCertificateId: certificateId("Certificate deployed now").optional(),
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 10", { min: 0, max: 200 }).optional(),
    AsyncCache: binary("Refresh in background, default 0").optional(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c" },
  result: reply({ InstanceList: rows(teoInstanceDetail), TotalCount: int() }),
  replyFacts: {
    meanings: { "InstanceList.Status": teoStatuses },
    paging: { by: "page", list: "InstanceList", total: "TotalCount", narrow: ["Filters"] },
  },
  errors: codes(
    limitedErrors,
    "FailedOperation.CertificateHostResourceInnerInterrupt",
    "FailedOperation.CertificateNotAvailable",
    "FailedOperation.RoleNotFoundAuthorization",
  ),
});
