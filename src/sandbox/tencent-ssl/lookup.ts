import type { Account } from "../account.js";
import { CloudError, existing } from "../refusal.js";
import { advance } from "./advance.js";
import { isDeployable } from "./certificate-facts.js";
import type { Order, StoredSslCertificate } from "./state.js";

/* Lookups and refusals shared by several operations. */

/** Looks a certificate up from outside the SSL service. */
export function findCertificate(account: Account, id: string): StoredSslCertificate | undefined {
  advance(account);
  return account.ssl.certificates.get(id);
}

/** @throws {CloudError} if it was uploaded */
export function orderOf({ id, order }: StoredSslCertificate): Order {
  if (order !== undefined) return order;
  throw new CloudError("FailedOperation.InvalidCertificateSource", `Certificate ${id} was uploaded, not ordered.`);
}

/** @throws {CloudError} if the account has no certificate with this id */
export function ownedCertificate(account: Account, id: string): StoredSslCertificate {
  return existing(account.ssl.certificates.get(id), "FailedOperation.CertificateNotFound", `certificate ${id}`);
}

/** @throws {CloudError} if cloud resources cannot serve it */
export function refuseUndeployable(certificate: StoredSslCertificate): void {
  if (isDeployable(certificate)) return;
  throw new CloudError("FailedOperation.CertificateNotAvailable", `Certificate ${certificate.id} cannot be deployed.`);
}

export function invalidParam(reason: string): CloudError {
  return new CloudError("FailedOperation.InvalidParam", reason);
}

export function wrongStatus(id: string, reason: string): CloudError {
  return new CloudError("FailedOperation.InvalidCertificateStatusCode", `Certificate ${id} ${reason}.`);
}
