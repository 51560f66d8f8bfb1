import type { SandboxClock } from "../clock.js";
import { type Certificate, type ProofMethod, type SslState, type Status, status } from "./state.js";

/** What is new about a certificate; the rest is as it usually is. */
export type NewCertificate = Pick<Certificate, "status"> & Partial<Omit<Certificate, "id" | "statusSince">>;

/** The part of an account that a new certificate touches. */
interface Registry {
  readonly ssl: SslState;
  readonly clock: SandboxClock;
}

export function addCertificate({ ssl, clock }: Registry, given: NewCertificate): Certificate {
  const insertedAt = given.insertedAt ?? clock.now();
  const certificate: Certificate = {
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

export function enter(certificate: Certificate, next: Status, at: Date): void {
  certificate.status = next;
  certificate.statusSince = at;
}

/** Where an order's review begins: the record of DNS_AUTO is in place at once, others are waited for. */
export function reviewStatusFor(method: ProofMethod): Status {
  return method === "DNS_AUTO" ? status.validating : status.reviewing;
}
