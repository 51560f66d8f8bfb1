import { defineRead } from "../operation.js";
import { struct, text } from "../params.js";
import { int, members, reply, rows, string } from "../results.js";
import { huaweiLive } from "../services.js";

/** Named Show, but it lists; certificates concern the domains of type pull (docs/cloud-behaviour.md 6.3). */
export const showDomain = defineRead({
  name: "ShowDomain",
  service: huaweiLive,
  title: "List Live domains",
  titleInChinese: "查询直播域名",
  summary: "The Live domains of a project and region: streaming (pull) and ingest (push).",
  route: { method: "GET", path: "/v1/{project_id}/domain", query: ["domain", "enterprise_project_id"] },
  permission: "domain:getDomains",
  params: struct({
    project_id: text("Project ID"),
    domain: text("Only this domain", { max: 64 }).optional(),
    enterprise_project_id: text("Enterprise project").optional(),
  }),
  example: { project_id: "0123456789abcdef0123456789abcdef" },
  result: reply({
    total: int(),
    domain_info: rows(
      members({
        domain: string(),
        domain_type: string(),
        domain_cname: string(),
        region: string(),
        status: string(),
        status_describe: string(),
        related_domain: string(),
        create_time: string(),
        service_area: string(),
        enterprise_project_id: string(),
      }),
    ),
  }),
  errors: ["LIVE.103011019"],
});
