import { huaweiScmErrors } from "../errors/huawei.js";
import { defineRead } from "../operation.js";
import { struct, text } from "../params.js";
import { int, reply, string } from "../results.js";
import { huaweiScm } from "../services.js";

/** The only read of the store with a fingerprint, a SHA-1 (docs/cloud-behaviour.md 6.5). */
export const showCertificate = defineRead({
  name: "ShowCertificate",
  service: huaweiScm,
  title: "Look up a certificate at Huawei Cloud",
  titleInChinese: "查询证书详情",
  summary: "One certificate in Huawei Cloud's store: names, expiry, fingerprint. No PEM, no key.",
  route: { method: "GET", path: "/v3/scm/certificates/{certificate_id}", query: [] },
  permission: "cert:get",
  params: struct({
    project_id: text("Project ID, which signs the call"),
    certificate_id: text("Certificate ID", { min: 16, max: 16 }),
  }),
  example: { project_id: "0123456789abcdef0123456789abcdef", certificate_id: "scs1600000000000" },
  result: reply({
    id: string(),
    name: string(),
    status: string(),
    domain: string(),
    sans: string(),
    not_before: string(),
    not_after: string(),
    issue_time: string(),
    fingerprint: string(),
    signature_algorithm: string(),
    type: string(),
    brand: string(),
    domain_type: string(),
    validity_period: int(),
    push_support: string(),
    order_id: string(),
    description: string(),
    enterprise_project_id: string(),
  }),
  // People's names, telephone numbers and addresses, which nobody needs here.
  droppedMembers: new Set(["application_info"]),
  errors: Object.keys(huaweiScmErrors),
});
