import { brief, safe } from "../../lib/safe-text.js";
import { fitQuestion } from "../naming.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { liveDomain, planned, servedDomain } from "../planned-change.js";
import { reply } from "../results.js";
import { huaweiLive } from "../services.js";
import { noHttps } from "../serving.js";
import { outage } from "../warnings.js";
import { describeLiveDomain, httpsErrors, ofDomain, servingLive } from "./https-settings.js";
import { showCertificateInfo } from "./show-certificate-info.js";

/** A second call is refused like a bad request (docs/cloud-behaviour.md 6.4, inferred), which is no proof of success. */
export const deleteDomainHttpsCert = defineChange({
  name: "DeleteDomainHttpsCert",
  service: huaweiLive,
  title: "Turn HTTPS off for a Live domain",
  titleInChinese: "删除直播域名的 HTTPS 证书配置",
  summary: "Remove the certificate of a streaming domain: players on https fail at once.",
  effect: "traffic",
  retry: "verify-first",
  route: { method: "DELETE", path: "/v1/{project_id}/guard/https-cert", query: ["domain"] },
  permission: "domain:deleteCDNConfig",
  params: struct(ofDomain()),
  example: { project_id: "0123456789abcdef0123456789abcdef", domain: "play.example.com" },
  result: reply({}),
  approvalQuestion: (p) =>
    fitQuestion((width) => safe`Turn HTTPS off for ${brief(p.domain, width)} (project ${brief(p.project_id, width)})?`),
  plannedChanges: (p) => {
    const name = describeLiveDomain(p.domain);
    return [
      planned(servedDomain(name, p.domain), "HTTPS", safe`off`),
      planned(liveDomain(name, p.project_id, p.domain), "redirect", safe`off, without a certificate`),
    ];
  },
  serves: (p) => [servingLive(p.project_id, p.domain, { certificate: noHttps })],
  warnings: (p) => [outage(safe`${brief(p.domain)} stops answering over HTTPS.`)],
  verifyWith: ({ project_id, domain: play_domain }) => ({
    read: showCertificateInfo,
    params: { project_id, play_domain },
    matches: ({ certificates_info: rows }) => Array.isArray(rows) && rows.length === 0,
    result: {},
  }),
  errors: httpsErrors,
});
