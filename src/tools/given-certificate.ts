import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import type { ToolContext } from "../pipeline/tool.js";
import { unusable } from "./read-with-retry.js";

/**
 * The PEM text of an issued certificate at Tencent Cloud SSL, without its key.
 * @throws {ToolError} if it has not been issued
 */
export async function pemOfCertificate(id: string, context: Pick<ToolContext, "read">): Promise<string> {
  const { CertificatePublicKey } = await context.read(describeCertificateDetailWithoutKey, { CertificateId: id });
  if (typeof CertificatePublicKey === "string" && CertificatePublicKey !== "") return CertificatePublicKey;
  throw unusable(`Certificate ${id} has not been issued, so there is no certificate to look at.`);
}
