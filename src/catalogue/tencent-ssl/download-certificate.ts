import { reading } from "../operation.js";
import { struct } from "../params.js";
import { archiveString, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId } from "./params.js";

export const downloadCertificate = reading({
  name: "DownloadCertificate",
  service: tencentSsl,
  title: "Download a certificate",
  summary: "Fetch an issued certificate as a ZIP, private key included. The archive comes back as a reference only.",
  effect: "read",
  retry: "read",
  params: struct({ CertificateId: certificateId() }),
  result: reply({ Content: archiveString(), ContentType: string() }),
  errors: [
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
  ],
});
