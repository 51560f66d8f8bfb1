import { absent, Refusal } from "../refusal.js";

/** Refusals that several operations share. */

export function notFound(id: string): Refusal {
  return absent("FailedOperation.CertificateNotFound", `certificate ${id}`);
}

export function invalidParam(reason: string): Refusal {
  return new Refusal("FailedOperation.InvalidParam", reason);
}

export function wrongStatus(id: string, reason: string): Refusal {
  return new Refusal("FailedOperation.InvalidCertificateStatusCode", `Certificate ${id} ${reason}.`);
}
