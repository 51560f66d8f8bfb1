import { defineRead } from "../operation.js";
import { binary, choice, integer, list, struct, text } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { hostedCertificateMeanings } from "./code-meanings.js";
import { applicationErrors, codes, limitedErrors } from "./error-codes.js";
import { tags } from "./params.js";
import { certificates } from "./types-certificate.js";

export const describeCertificates = defineRead({
  name: "DescribeCertificates",
  service: tencentSsl,
  title: "List certificates",
  titleInChinese: "查询证书列表",
  summary: "List certificates, filtered and by page; newest application first unless sorted by expiry.",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 10; over 1000 counts as 1000", { min: 0 }).optional(),
    SearchKey: text("Part of ID, remark or domain").optional(),
    CertificateType: choice(["CA", "SVR"], "CA client, SVR server").optional(),
    ProjectId: integer("Project ID").optional(),
    ExpirationSort: choice(["DESC", "ASC"], "By expiry: ASC or DESC").optional(),
    CertificateStatus: list(
      integer(
        "0 under review, 1 issued, 2 review failed, 3 expired, 4 validating DNS, 5 documents awaited, 6 cancelling, " +
          "7 cancelled, 8 letter awaited, 9 revoking, 10 revoked, 11 reissuing, 12 revocation letter awaited, " +
          "13 free documents awaited, 14 refunded, 15 migrating",
        { min: 0, max: 15 },
      ),
      "Statuses",
    ).optional(),
    Deployable: binary("Deployable").optional(),
    Upload: binary("Uploaded").optional(),
    Renew: binary("Renewable").optional(),
    FilterSource: choice(["upload", "buy"], "upload: own; buy: from Tencent Cloud").optional(),
    IsSM: binary("Chinese SM").optional(),
    FilterExpiring: binary("Expiring").optional(),
    Hostable: binary("Hostable").optional(),
    Tags: tags().optional(),
    IsPendingIssue: binary("Awaiting issue").optional(),
    CertIds: list(text("ID"), "Certificate IDs").optional(),
    ServiceId: text("Service ID (mainland)").optional(),
  }),
  onlyMainland: ["ServiceId"],
  example: { Limit: 100, ExpirationSort: "ASC", CertificateStatus: [1] },
  result: reply({ TotalCount: int(), Certificates: rows(certificates) }),
  replyFacts: {
    meanings: Object.fromEntries(
      Object.entries(hostedCertificateMeanings).map(([path, words]) => [`Certificates.${path}`, words]),
    ),
    summary: {
      rows: "Certificates",
      keep: [
        "CertificateId",
        "Domain",
        "SubjectAltName",
        "Alias",
        "Status",
        "StatusMsg",
        "From",
        "CertificateType",
        "PackageTypeName",
        "CertEndTime",
        "BoundResource",
        "HostingResourceTypes",
      ],
    },
    paging: {
      by: "page",
      list: "Certificates",
      total: "TotalCount",
      narrow: ["SearchKey", "CertificateStatus", "FilterExpiring", "FilterSource", "ProjectId"],
    },
  },
  errors: codes(
    limitedErrors,
    applicationErrors,
    "FailedOperation.CAMAuthorizedFail",
    "FailedOperation.SystemError",
    "InternalError.BackendResponseEmpty",
  ),
});
