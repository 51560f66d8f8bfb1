import { productErrors } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { integer, struct, text } from "../params.js";
import { int, members, record, reply, rows, string } from "../results.js";
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
  params: struct({
    Keyword: text("Part of the domain name").optional(),
    PageNumber: integer("From 1", { min: 1, max: 100_000 }).optional(),
    PageSize: integer("Default 20", { min: 1, max: 500 }).optional(),
  }),
  example: { PageNumber: 1, PageSize: 500 },
  result: reply({
    TotalCount: int(),
    CertInfos: record({
      CertInfo: rows(
        members({
          DomainName: string(),
          CertName: string(),
          CertCommonName: string(),
          CertType: string(),
          CertStatus: string(),
          CertStartTime: string(),
          CertExpireTime: string(),
          CertUpdateTime: string(),
        }),
      ),
    }),
  }),
  errors: [...productErrors, "NoHttpsDomain"],
});
