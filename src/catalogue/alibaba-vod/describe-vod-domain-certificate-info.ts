import { domainCertificateInfo, domainDetails } from "../alibaba-domains.js";
import { asAlibabaWrites } from "../alibaba-params.js";
import { defineRead } from "../operation.js";
import { domain, struct } from "../params.js";
import { alibabaVod } from "../services.js";

export const describeVodDomainCertificateInfo = defineRead({
  name: "DescribeVodDomainCertificateInfo",
  service: alibabaVod,
  title: "Look up the certificate of a VOD domain",
  titleInChinese: "查询点播域名的证书",
  summary: "The certificate that a VOD domain has now: id, name, end; PEM with detail full.",
  effect: "read",
  retry: "read",
  params: struct({ DomainName: domain("VOD domain", {}, ({ ascii }) => asAlibabaWrites(ascii)) }),
  example: { DomainName: "vod.example.com" },
  result: domainCertificateInfo,
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: [],
});
