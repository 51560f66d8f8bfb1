import { defineRead } from "../operation.js";
import { binary, choice, integer, list, struct, text } from "../params.js";
import { array, int, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { tags } from "./params.js";
import { certificates } from "./types-certificate.js";

export const describeCertificates = defineRead({
  name: "DescribeCertificates",
  service: tencentSsl,
  title: "List certificates",
  summary: "List certificates, filtered and by page; newest application first unless sorted by expiry.",
  effect: "read",
  retry: "read",
  params: struct({
    Offset: integer("Default 0", { min: 0 }).optional(),
    Limit: integer("Default 10", { min: 0, max: 1000 }).optional(),
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
  result: reply({ TotalCount: int(), Certificates: array(certificates) }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
    "FailedOperation.CAMAuthorizedFail",
    "FailedOperation.CancelOrderFailed",
    "FailedOperation.CannotBeDeletedIssued",
    "FailedOperation.CannotBeDeletedWithinHour",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateMismatch",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.ExceedsFreeLimit",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.InvalidParam",
    "FailedOperation.NetworkError",
    "FailedOperation.NoProjectPermission",
    "FailedOperation.NoRealNameAuth",
    "FailedOperation.OrderAlreadyReplaced",
    "FailedOperation.OrderReplaceFailed",
    "FailedOperation.SystemError",
    "InternalError",
    "InternalError.BackendResponseEmpty",
    "LimitExceeded.RateLimitExceeded",
  ],
});
