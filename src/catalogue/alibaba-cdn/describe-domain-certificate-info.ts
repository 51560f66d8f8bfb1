import { domainCertificateInfo, domainDetails, productErrors } from "../alibaba-domains.js";
import { asAlibabaWrites } from "../alibaba-params.js";
import { defineRead } from "../operation.js";
import { domain, struct } from "../params.js";
import { alibabaCdn } from "../services.js";

export const describeDomainCertificateInfo = defineRead({
  name: "DescribeDomainCertificateInfo",
  service: alibabaCdn,
  title: "Look up the certificate of a CDN domain",
  titleInChinese: "查询 CDN 域名的证书",
  summary: "The certificate that a CDN domain has now: id, name, end; PEM with detail full.",
  effect: "read",
  retry: "read",
  params: struct({ DomainName: domain("CDN domain", {}, ({ ascii }) => asAlibabaWrites(ascii)) }),
  example: { DomainName: "img.example.com" },
  result: domainCertificateInfo,
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: [...productErrors, "InvalidDomain.NotFound"],
});
