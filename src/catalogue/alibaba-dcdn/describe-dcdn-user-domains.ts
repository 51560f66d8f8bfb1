import { dcdnErrors, domainDetails, domainPage, listedDomains } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { choice, flag, struct, text } from "../params.js";
import { string } from "../results.js";
import { alibabaDcdn } from "../services.js";

export const describeDcdnUserDomains = defineRead({
  name: "DescribeDcdnUserDomains",
  service: alibabaDcdn,
  title: "List DCDN domains",
  titleInChinese: "查询全站加速域名列表",
  summary: "The DCDN domains of the account, each with its HTTPS switch (SSLProtocol).",
  effect: "read",
  retry: "read",
  params: struct({
    ...domainPage(500),
    Coverage: text("domestic, overseas or global").optional(),
    CheckDomainShow: flag("Also domains in review").optional(),
    ResourceGroupId: text("Resource group").optional(),
    WebSiteType: choice(
      ["dynamic", "computing_routine", "computing_image"],
      "Default dynamic; the others are listed only if asked for",
    ).optional(),
  }),
  example: { PageNumber: 1, PageSize: 500 },
  result: listedDomains({ SSLProtocol: string(), ResourceGroupId: string() }),
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: dcdnErrors,
});
