import { defineRead } from "../operation.js";
import { integer, struct, text } from "../params.js";
import { int, members, reply, rows, string } from "../results.js";
import { huaweiLive } from "../services.js";
import { httpsErrors } from "./https-settings.js";

/** A domain with an international and an SM certificate has several rows (docs/cloud-behaviour.md 6.3). */
export const showCertificateInfo = defineRead({
  name: "ShowCertificateInfo",
  service: huaweiLive,
  title: "List the certificates of Live domains",
  titleInChinese: "查询直播域名证书列表",
  summary: "The streaming domains of a project that have a certificate, each with its expiry. No keys.",
  route: { method: "GET", path: "/v2/{project_id}/certificates", query: ["play_domain", "offset", "limit"] },
  permission: "domain:getCertificates",
  params: struct({
    project_id: text("Project ID"),
    play_domain: text("Only this domain", { max: 255 }).optional(),
    offset: integer("Default 0", { min: 0 }).optional(),
    limit: integer("Rows in a page", { min: 1, max: 100 }).optional(),
  }),
  example: { project_id: "0123456789abcdef0123456789abcdef", offset: 0, limit: 100 },
  result: reply({
    total: int(),
    certificates_info: rows(
      members({
        play_domain: string(),
        start_time: string(),
        expire_time: string(),
        cert_type: int(),
        gm_cert_type: int(),
        source: string(),
        cert_name: string(),
        cert_id: string(),
      }),
    ),
  }),
  errors: httpsErrors,
});
