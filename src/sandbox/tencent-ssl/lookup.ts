import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { advance } from "./advance.js";
import { certificateNotFoundError } from "./refusals.js";
import type { Order, StoredSslCertificate } from "./state.js";

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
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined) throw certificateNotFoundError(id);
  return certificate;
}
