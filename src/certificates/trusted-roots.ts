import { rootCertificates } from "node:tls";
import { X509 } from "./x509.js";

/** The roots that Node.js trusts, read on first use. */
let roots: readonly X509[] | undefined;

/** Whether one of the roots that Node.js trusts issued the certificate. */
export function isIssuedByTrustedRoot(certificate: X509): boolean {
  roots ??= rootCertificates.flatMap((pem) => X509.read(pem) ?? []);
  return roots.some((root) => certificate.checkIssued(root) && certificate.isSignedBy(root));
}
