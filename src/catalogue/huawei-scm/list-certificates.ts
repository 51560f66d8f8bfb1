import { huaweiScmErrors } from "../errors/huawei.js";
import { defineRead } from "../operation.js";
import { choice, flag, integer, integerChoice, struct, text } from "../params.js";
import { bool, int, members, reply, rows, string } from "../results.js";
import { huaweiScm } from "../services.js";

const inQuery = {
  limit: integerChoice([10, 20, 50], "10 (default), 20 or 50").optional(),
  offset: integer("Default 0", { min: 0 }).optional(),
  status: text("ALL (default), ISSUED, UPLOAD, EXPIRED, …").optional(),
  sort_key: choice(["certExpiredTime", "certStatus", "certUpdateTime"], "Default certUpdateTime").optional(),
  sort_dir: choice(["ASC", "DESC"], "Default DESC").optional(),
  enterprise_project_id: text("all (default), 0 or an ID").optional(),
  deploy_support: flag("Only those that can be deployed").optional(),
  owned_by_self: flag("Without shared ones").optional(),
  expired_days_since: integer("Valid, or expired at most this many days ago", { min: 0, max: 1095 }).optional(),
  content: text("Name or domain").optional(),
};

/** Whether the list ends at offset 100 is uncertain (docs/cloud-behaviour.md 6.5). */
export const listScmCertificates = defineRead({
  name: "ListCertificates",
  service: huaweiScm,
  title: "List certificates at Huawei Cloud",
  titleInChinese: "查询证书列表",
  summary: "Certificates and orders in Huawei Cloud's store (CCM/SCM), each with names and expiry. No keys.",
  route: {
    method: "GET",
    path: "/v3/scm/certificates",
    query: Object.keys(inQuery),
  },
  permission: "cert:list",
  params: struct({ project_id: text("Project ID, which signs the call"), ...inQuery }),
  example: { project_id: "0123456789abcdef0123456789abcdef", limit: 50, offset: 0 },
  result: reply({
    total_count: int(),
    certificates: rows(
      members({
        id: string(),
        name: string(),
        domain: string(),
        sans: string(),
        status: string(),
        type: string(),
        brand: string(),
        expire_time: string(),
        domain_type: string(),
        signature_algorithm: string(),
        deploy_support: bool(),
        validity_period: int(),
        domain_count: int(),
        wildcard_count: int(),
        description: string(),
        enterprise_project_id: string(),
      }),
    ),
  }),
  errors: Object.keys(huaweiScmErrors),
});
