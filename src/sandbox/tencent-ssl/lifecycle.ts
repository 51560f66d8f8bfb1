import type { Account } from "../account.js";
import { type ProofMethod, type Status, type StoredSslCertificate, status } from "./state.js";

/** The distinctive members of a new certificate; the rest has defaults. */
export type NewCertificate = Pick<StoredSslCertificate, "status"> &
  Partial<Omit<StoredSslCertificate, "id" | "statusSince">>;

export function addCertificate(
  { ssl, clock }: Pick<Account, "ssl" | "clock">,
  given: NewCertificate,
): StoredSslCertificate {
  const insertedAt = given.insertedAt ?? clock.now();
  const certificate: StoredSslCertificate = {
    id: ssl.ids.certificate(),
    kind: "SVR",
    tags: [],
    allowDownload: true,
    alias: "",
    projectId: 0,
    ownKeyPassword: false,
    statusSince: insertedAt,
    silenced: false,
    ...given,
    insertedAt,
  };
  ssl.certificates.set(certificate.id, certificate);
  return certificate;
}

export function setStatus(certificate: StoredSslCertificate, next: Status, at: Date): void {
  certificate.status = next;
  certificate.statusSince = at;
}

/** First status of an order's review: the record of DNS_AUTO is in place at once, others are awaited. */
export function reviewStatusFor(method: ProofMethod): Status {
  return method === "DNS_AUTO" ? status.validating : status.reviewing;
}
