import type { Account } from "../account.js";
import { advance } from "./advance.js";
import { certificateNamesOf, keyAlgorithmOf } from "./certificate-facts.js";
import { certificateNotFoundError } from "./refusals.js";
import type { StoredSslCertificate } from "./state.js";

/** The facts about a certificate that EdgeOne needs. */
export interface FoundCertificate {
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
export function findCertificate(account: Account, id: string): FoundCertificate | undefined {
  advance(account);
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined) return undefined;
  return {
    id,
    status: certificate.status,
    certificatePem: certificate.material?.certificatePem,
    certificateType: certificate.kind,
    notAfter: certificate.material?.parsed.notAfter,
    names: certificateNamesOf(certificate),
    keyAlgorithm: keyAlgorithmOf(certificate),
  };
}

/** @throws {CloudError} if the account has no certificate with this id */
export function ownedCertificate(account: Account, id: string): StoredSslCertificate {
  const certificate = account.ssl.certificates.get(id);
  if (certificate === undefined) throw certificateNotFoundError(id);
  return certificate;
}
