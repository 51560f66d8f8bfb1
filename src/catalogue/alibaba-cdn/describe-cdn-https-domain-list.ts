import { httpsDomainPage, listedCertificates, productErrors } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { alibabaCdn } from "../services.js";

/** An account without such a domain gets the code NoHttpsDomain (inferred, docs/cloud-behaviour.md 5.5). */
export const describeCdnHttpsDomainList = defineRead({
  name: "DescribeCdnHttpsDomainList",
  service: alibabaCdn,
  title: "List CDN domains with a certificate",
  titleInChinese: "查询已配置证书的 CDN 域名",
  summary: "The CDN domains that have a certificate, each with its end. Domains without HTTPS are not listed.",
  effect: "read",
  retry: "read",
  params: struct(httpsDomainPage),
  example: { PageNumber: 1, PageSize: 500 },
  result: listedCertificates,
  errors: [...productErrors, "NoHttpsDomain"],
});
