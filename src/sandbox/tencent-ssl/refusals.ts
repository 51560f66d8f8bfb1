import { absent, CloudError } from "../refusal.js";

/** Refusals shared by several operations. */

export function certificateNotFoundError(id: string): CloudError {
  return absent("FailedOperation.CertificateNotFound", `certificate ${id}`);
}

export function invalidParam(reason: string): CloudError {
  return new CloudError("FailedOperation.InvalidParam", reason);
}

export function wrongStatus(id: string, reason: string): CloudError {
  return new CloudError("FailedOperation.InvalidCertificateStatusCode", `Certificate ${id} ${reason}.`);
}
