import { domainDetails, domainPage, listedDomains } from "../alibaba-domains.js";
import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { string } from "../results.js";
import { alibabaVod } from "../services.js";

export const describeVodUserDomains = defineRead({
  name: "DescribeVodUserDomains",
  service: alibabaVod,
  title: "List VOD domains",
  titleInChinese: "查询点播加速域名列表",
  summary: "The VOD domains of the account, each with its HTTPS switch (SslProtocol).",
  effect: "read",
  retry: "read",
  params: struct(domainPage(50)),
  example: { PageNumber: 1, PageSize: 50 },
  result: listedDomains({ SslProtocol: string() }),
  replyFacts: { summary: { leaveOut: domainDetails } },
  errors: [],
});
