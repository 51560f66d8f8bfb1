import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** The roots that Node.js trusts, read when first asked for. */
let roots: readonly X509Certificate[] | undefined;

/** Whether one of the roots that Node.js trusts issued the certificate. */
export function isIssuedByTrustedRoot(certificate: X509Certificate): boolean {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return roots.some((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
}
