import { describeCertificateDetail } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { Failure } from "../failure.js";
import type { OwnToolContext } from "../own-tool.js";

/**
 * The PEM text of an issued certificate at Tencent Cloud SSL, without its key.
 * @throws {Failure} when it has not been issued
 */
export async function pemOfCertificate(id: string, context: Pick<OwnToolContext, "read">): Promise<string> {
  const { CertificatePublicKey } = await context.read(describeCertificateDetail, { CertificateId: id });
  if (typeof CertificatePublicKey === "string" && CertificatePublicKey !== "") return CertificatePublicKey;
  throw wrongArguments(`Certificate ${id} has not been issued, so there is no certificate to look at.`);
}

/** Arguments that parse, and make no sense together. */
export function wrongArguments(happened: string): Failure {
  return new Failure({ kind: "input", happened, changed: "no", next: "Correct the arguments and call again." });
}
