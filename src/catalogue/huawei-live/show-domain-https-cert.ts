import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { bool, keyString, record, reply, string } from "../results.js";
import { secretNames } from "../sensitive.js";
import { huaweiLive } from "../services.js";
import { httpsErrors, ofDomain } from "./https-settings.js";

const result = reply({
  certificate_format: string(),
  certificate: string(),
  certificate_key: keyString(),
  force_redirect: bool(),
  gm_certificate: record({
    source: string(),
    cert_name: string(),
    cert_id: string(),
    sign_certificate: string(),
    sign_certificate_key: keyString(),
    enc_certificate: string(),
    enc_certificate_key: keyString(),
  }),
  tls_certificate: record({
    source: string(),
    cert_name: string(),
    cert_id: string(),
    certificate: string(),
    certificate_key: keyString(),
  }),
});

/** The only read that shows the redirect. A domain without certificate is refused (docs/cloud-behaviour.md 6.3). */
export const showDomainHttpsCert = defineRead({
  name: "ShowDomainHttpsCert",
  service: huaweiLive,
  title: "Look up the HTTPS settings of a Live domain",
  titleInChinese: "查询直播域名的 HTTPS 证书配置",
  summary: "The HTTPS settings of a streaming domain: certificate and redirect. PEM with detail full.",
  route: { method: "GET", path: "/v1/{project_id}/guard/https-cert", query: ["domain"] },
  permission: "domain:getCDNConfig",
  params: struct(ofDomain()),
  example: { project_id: "0123456789abcdef0123456789abcdef", domain: "play.example.com" },
  result,
  replyFacts: { summary: { leaveOut: ["certificate", "sign_certificate", "enc_certificate"] } },
  // The vendor says that the key comes back empty, and nothing of the keys inside the two structures.
  droppedMembers: new Set(secretNames(result)),
  errors: httpsErrors,
});
