import type { Account } from "../account.js";
import { keyAlgorithmOf, namesOf } from "./certificate-facts.js";
import { notFound } from "./refusals.js";
import { settle } from "./settle.js";
import type { Certificate } from "./state.js";

/** What EdgeOne needs to know of a certificate. */
export interface CertificateFacts {
  readonly id: string;
  readonly status: number;
  /** Chain in PEM; undefined until issued. */
  readonly certificatePem: string | undefined;
  readonly certificateType: "SVR" | "CA";
  readonly notAfter: Date | undefined;
  readonly names: readonly string[];
  readonly keyAlgorithm: string | undefined;
}

/** Looks a certificate up from outside the SSL service. */
export function findCertificate(account: Account, id: string): CertificateFacts | undefined {
  settle(account);
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined) return undefined;
  return {
    id,
    status: certificate.status,
    certificatePem: certificate.material?.certificatePem,
    certificateType: certificate.kind,
    notAfter: certificate.material?.parsed.notAfter,
    names: namesOf(certificate),
    keyAlgorithm: keyAlgorithmOf(certificate),
  };
}

/** @throws {Refusal} when the account has none of that id */
export function certificateOf(account: Account, id: string): Certificate {
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined) throw notFound(id);
  return certificate;
}
