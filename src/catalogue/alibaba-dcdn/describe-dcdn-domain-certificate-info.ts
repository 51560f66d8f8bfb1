import { dcdnCertificateInfo, dcdnErrors, domainDetails } from "../alibaba-domains.js";
import { asAlibabaWrites } from "../alibaba-params.js";
import { defineRead } from "../operation.js";
import { domain, struct } from "../params.js";
import { alibabaDcdn } from "../services.js";

export const describeDcdnDomainCertificateInfo = defineRead({
  name: "DescribeDcdnDomainCertificateInfo",
  service: alibabaDcdn,
  title: "Look up the certificate of a DCDN domain",
  titleInChinese: "查询全站加速域名的证书",
  summary: "The certificate that a DCDN domain has now: id, name, end; PEM with detail full.",
  effect: "read",
  retry: "read",
  params: struct({ DomainName: domain("DCDN domain", {}, ({ ascii }) => asAlibabaWrites(ascii)) }),
  example: { DomainName: "app.example.com" },
  result: dcdnCertificateInfo,
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: [...dcdnErrors, "InvalidDomain.NotFound"],
});
