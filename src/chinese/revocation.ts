/** What revoking a certificate and turning HTTPS off ask, show and warn of. */
export const revocationTexts: Readonly<Record<string, string>> = {
  // Revocation
  "served by": "仍在使用该证书的域名",
  "Revoke certificate {0} for good?": "永久吊销证书 {0}？",
  "revoked: browsers refuse it wherever it is still served": "吊销；仍在使用它的站点会被浏览器拒绝",
  "as now; any of them prevents the revocation": "不变；只要还有一个，就无法吊销",
  "as now; prevents the revocation": "不变；会阻止吊销",
  "as now; any domain that serves it prevents the revocation": "不变；只要还有域名在使用，就无法吊销",
  "The CA may ask for a file at the domain before it revokes: the reply then names it.":
    "CA 吊销前可能要求在域名下放置验证文件，届时返回结果会给出文件信息。",
  "Whether cloud resources still use it could not be found out.": "无法确定是否还有云资源在使用它。",
  "Whether a domain still serves it could not be looked at.": "无法查看是否还有域名在使用它。",
  "Not seen: {0} where it may still be served.": "有 {0}未能查看，那里可能仍在使用它。",
  place: "处",
  domain: "域名",
  "cloud resource": "云资源",
  "{0} is used by {1}, whose visitors would be refused": "{0} 仍被 {1}使用，吊销后其访客会被拒绝",
  "{0} is still served by {1}": "{0} 仍在 {1} 上使用",
  "Give them another certificate first (deploy_certificate), wait until it is served, then call again.":
    "请先为它们换上其他证书（deploy_certificate），待生效后再次调用。",
  "{0} is revoked, or about to be, already": "{0} 已吊销或正在吊销",
  "wait_for (revocation) shows how far it is.": "用 wait_for (revocation) 查看进度。",
  "Tencent Cloud cannot revoke it": "腾讯云无法吊销",
  "A person revokes it with the CA that issued it.": "请由人工联系签发该证书的 CA 吊销。",
  "there is nothing to revoke": "没有可吊销的证书",
  "DescribeCertificate shows its state.": "用 DescribeCertificate 查看其状态。",
  "Certificate {0}: not seen": "证书 {0}：未能查看的部分",
  "The certificate could not be read, so no edge can be compared with it.": "无法读取该证书，因而无法与边缘节点比对。",
  "{0}: no host is known to connect to.": "{0}：没有可连接的具体主机名。",
  wildcard: "泛域名",
  "{0} more domains that it covers: too many to look at.": "另有 {0} 个它所覆盖的域名：数量过多，未逐一查看。",
  "unknown: no domain could be looked at": "未知：没有能够查看的域名",
  "none of the domains looked at ({0})": "已查看的域名均未使用（{0} 个）",

  // HTTPS off
  "Turn HTTPS off for {0} (project {1})?": "关闭 {0} 的 HTTPS（项目 {1}）？",
  "Turn HTTPS on again on {0}, as before job {1}?": "在 {0} 上恢复任务 {1} 之前的 HTTPS？",
  "none: visitors on HTTPS get a connection error; HTTP and everything else stay as they are":
    "无：HTTPS 访客将无法建立连接；HTTP 及其他配置不变",
  "A rule that redirects HTTP to HTTPS is not seen here: where one stays, visitors on HTTP lose the site, too.":
    "这里看不到 HTTP 强制跳转 HTTPS 的规则：若该规则仍在，HTTP 访客也将无法访问。",
  "{0}: whether HTTP is redirected could not be read, so roll_back would leave that off.":
    "{0}：无法读取是否强制跳转 HTTPS，因此 roll_back 恢复后该跳转为关闭。",
  "{0}: roll_back cannot put back what it has now: {1}.": "{0}：roll_back 无法恢复现有配置：{1}。",
  "To undo this, roll_back turns HTTPS back on for {0}.": "恢复方式：roll_back 可在{0} 上恢复 HTTPS。",
  "what it has is not known": "其现有证书未知",
  "what it serves could not be seen": "无法查看其当前使用的证书",
  "its addresses serve several certificates": "其各地址使用的证书不一致",
  "{0} is EdgeOne's own: ModifyHostsCertificate (eofreecert_manual)":
    "{0} 是 EdgeOne 自有证书：可用 ModifyHostsCertificate（eofreecert_manual）恢复",
};
