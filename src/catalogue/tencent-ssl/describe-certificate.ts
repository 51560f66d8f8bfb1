import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId } from "./params.js";
import { caMembers, certificateMembers } from "./types-certificate.js";

export const describeCertificate = defineRead({
  name: "DescribeCertificate",
  service: tencentSsl,
  title: "Look up a certificate",
  summary: "Status, validity, domains and order data of a certificate, without its PEM text.",
  effect: "read",
  retry: "read",
  params: struct({ CertificateId: certificateId() }),
  result: reply({ ...certificateMembers, ...caMembers, PackageTypeName: string() }),
  errors: [
    "FailedOperation",
    "FailedOperation.AuthError",
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
    "InternalError",
    "LimitExceeded.RateLimitExceeded",
  ],
});
