import { defineRead } from "../operation.js";
import { integer, struct, text } from "../params.js";
import { array, int, members, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { csrStatuses } from "./code-meanings.js";
import { csrMembers } from "./types-certificate.js";

export const describeCSRSet = defineRead({
  name: "DescribeCSRSet",
  service: tencentSsl,
  title: "List CSRs",
  titleInChinese: "查询 CSR 列表",
  summary: "List stored CSRs, without their text and keys.",
  sites: ["intl"],
  params: struct({
    Limit: integer("Default 10", { min: 0, max: 100 }).optional(),
    Offset: integer("Default 0", { min: 0 }).optional(),
    Domain: text("Domain").optional(),
    EncryptAlgo: text("RSA or ECC").optional(),
  }),
  example: { Limit: 10 },
  result: reply({ Total: int(), Set: array(members(csrMembers)) }),
  replyFacts: {
    meanings: { "Set.Status": csrStatuses },
    paging: { by: "page", list: "Set", total: "Total", narrow: ["Domain", "EncryptAlgo"] },
  },
  errors: ["AuthFailure.UnauthorizedOperation", "FailedOperation.CAMAuthorizedFail", "FailedOperation.SystemError"],
});
