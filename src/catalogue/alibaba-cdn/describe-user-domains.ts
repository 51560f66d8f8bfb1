import { domainDetails, domainPage, listedDomains, productErrors } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { flag, struct, text } from "../params.js";
import { string } from "../results.js";
import { alibabaCdn } from "../services.js";

export const describeUserDomains = defineRead({
  name: "DescribeUserDomains",
  service: alibabaCdn,
  title: "List CDN domains",
  titleInChinese: "查询 CDN 加速域名列表",
  summary: "The CDN domains of the account, each with its HTTPS switch (SslProtocol).",
  effect: "read",
  retry: "read",
  params: struct({
    ...domainPage(500),
    CdnType: text("web, download or video; several with commas").optional(),
    Coverage: text("domestic, overseas or global").optional(),
    CheckDomainShow: flag("Also domains in review").optional(),
    ResourceGroupId: text("Resource group").optional(),
    Source: text("Origin").optional(),
  }),
  example: { PageNumber: 1, PageSize: 500 },
  result: listedDomains({ SslProtocol: string(), CdnType: string(), Coverage: string(), ResourceGroupId: string() }),
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: productErrors,
});
