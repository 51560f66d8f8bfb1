import { commonNameOf } from "../certificate.js";
import { algorithmOfCsr, sandboxAlgorithmOf } from "./keys.js";
import { type Material, type Status, type StoredSslCertificate, status } from "./state.js";
import { expiryWindow } from "./timing.js";

/* Derived from a certificate's state alone. */

/** Every name, the main one first; empty until an order names its domain. */
export function certificateNamesOf({ material, order }: StoredSslCertificate): readonly string[] {
  if (material !== undefined) return namesIn(material);
  if (order?.application !== undefined) return order.application.names;
  const { CertificateDomain, DomainList = [] } = order?.submitted ?? {};
  return CertificateDomain === undefined ? [] : [CertificateDomain, ...DomainList];
}

export function mainNameOf(certificate: StoredSslCertificate): string | undefined {
  return certificateNamesOf(certificate)[0];
}

/** The common name comes first if it is one of the certificate's names. */
function namesIn({ parsed }: Material): readonly string[] {
  const commonName = commonNameOf(parsed.leaf.subject);
  if (commonName === undefined || !parsed.names.includes(commonName)) return parsed.names;
  return [commonName, ...parsed.names.filter((name) => name !== commonName)];
}

export function keyAlgorithmOf({ material, order }: StoredSslCertificate): string | undefined {
  if (material !== undefined) return sandboxAlgorithmOf(material.parsed.leaf.publicKey);
  return order?.application && algorithmOfCsr(order.application.csrPem);
}

/** Valid and not withdrawn; a certificate being reissued still serves. */
export function isInForce({ status: current }: StoredSslCertificate): boolean {
  return current === status.issued || current === status.reissuing;
}

/** Whether cloud resources can serve it, which requires that the cloud has its key. */
export function isDeployable(certificate: StoredSslCertificate): boolean {
  return isInForce(certificate) && certificate.kind === "SVR" && certificate.material?.privateKeyPem !== undefined;
}

/** In force, but close to its end. */
export function isExpiring(certificate: StoredSslCertificate, now: Date): boolean {
  const notAfter = certificate.material?.parsed.notAfter;
  return isInForce(certificate) && notAfter !== undefined && notAfter.getTime() - now.getTime() <= expiryWindow;
}

/** Only certificates ordered here can be renewed here, in their last 30 days. */
export function isRenewable(certificate: StoredSslCertificate, now: Date): boolean {
  return certificate.order !== undefined && isExpiring(certificate, now);
}

const underReview: readonly Status[] = [status.reviewing, status.validating, status.awaitingLetter];

/** Whether the CA still awaits a proof or a letter, or examines it. */
export function isUnderReview({ status: current }: StoredSslCertificate): boolean {
  return underReview.includes(current);
}

/** The review failed, the order was cancelled, or the certificate was revoked. */
export function hasEnded({ status: current }: StoredSslCertificate): boolean {
  return current === status.failed || current === status.cancelled || current === status.revoked;
}
