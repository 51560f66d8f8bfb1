import { defineRead } from "../operation.js";
import { choice, integer, struct, text } from "../params.js";
import { array, int, members, record, reply, rows, string } from "../results.js";
import { tencentEdgeone } from "../services.js";
import { teoStatuses } from "../tencent-ssl/code-meanings.js";
import { filters, readErrors } from "./params.js";

const certificate = members({
  CertId: string(),
  Alias: string(),
  Type: string(),
  ExpireTime: string(),
  DeployTime: string(),
  SignAlgo: string(),
  Status: string(),
});
const mutualTls = record({ Switch: string(), CertInfos: array(certificate) });

/** Which certificates each domain of a site has now (docs/cloud-behaviour.md 4.2). */
export const describeAccelerationDomains = defineRead({
  name: "DescribeAccelerationDomains",
  service: tencentEdgeone,
  title: "List the domains of an EdgeOne site",
  titleInChinese: "查询加速域名列表",
  summary: "The domains of an EdgeOne site, each with the certificates that it has now.",
  params: struct({
    ZoneId: text("Site ID"),
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 20", { min: 1, max: 200 }).optional(),
    Filters: filters("domain-name, origin-type, origin, backup-origin, domain-cname or share-cname"),
    Order: choice(["created_on", "domain-name"], "Default domain-name").optional(),
    Direction: choice(["asc", "desc"], "Default asc").optional(),
    Match: choice(["all", "any"], "Which filters must match; default all").optional(),
  }),
  example: { ZoneId: "zone-2noz78a8ev6k", Limit: 200 },
  result: reply({
    TotalCount: int(),
    AccelerationDomains: rows(
      members({
        ZoneId: string(),
        DomainName: string(),
        DomainStatus: string(),
        Cname: string(),
        IdentificationStatus: string(),
        Certificate: record({
          Mode: string(),
          List: array(certificate),
          ClientCertInfo: mutualTls,
          UpstreamCertInfo: record({
            UpstreamMutualTLS: mutualTls,
            UpstreamCertificateVerify: record({ VerificationMode: string(), CustomCACerts: array(certificate) }),
          }),
        }),
        CreatedOn: string(),
        ModifiedOn: string(),
      }),
    ),
  }),
  replyFacts: {
    meanings: Object.fromEntries(
      [
        "List",
        "ClientCertInfo.CertInfos",
        "UpstreamCertInfo.UpstreamMutualTLS.CertInfos",
        "UpstreamCertInfo.UpstreamCertificateVerify.CustomCACerts",
      ].map((certificates) => [`AccelerationDomains.Certificate.${certificates}.Status`, teoStatuses]),
    ),
    summary: { rows: "AccelerationDomains", keep: ["DomainName", "DomainStatus", "Certificate"] },
    paging: { by: "page", list: "AccelerationDomains", total: "TotalCount", narrow: ["Filters"] },
  },
  // PrivateParameters in it can hold the access keys of a bucket.
  droppedMembers: new Set(["OriginDetail"]),
  errors: [
    ...readErrors,
    "FailedOperation",
    "InvalidParameter.DomainOnTrafficScheduling",
    "InvalidParameter.TooManyFilterValues",
    "ResourceNotFound",
  ],
});
