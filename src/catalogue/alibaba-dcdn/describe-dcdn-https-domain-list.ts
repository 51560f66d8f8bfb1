import { dcdnErrors, httpsDomainPage, listedCertificates } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { alibabaDcdn } from "../services.js";

export const describeDcdnHttpsDomainList = defineRead({
  name: "DescribeDcdnHttpsDomainList",
  service: alibabaDcdn,
  title: "List DCDN domains with a certificate",
  titleInChinese: "查询已配置证书的全站加速域名",
  summary: "The DCDN domains that have a certificate, each with its end. Domains without HTTPS are not listed.",
  effect: "read",
  retry: "read",
  params: struct(httpsDomainPage),
  example: { PageNumber: 1, PageSize: 500 },
  result: listedCertificates,
  errors: [...dcdnErrors, "NoHttpsDomain"],
});
