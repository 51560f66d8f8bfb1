import { z } from "zod";
import { optionalNumber, optionalText } from "../catalogue/lenient.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import type { ToolContext } from "../pipeline/tool.js";
import { readAs, unusable } from "./read-with-retry.js";

const detail = z.object({
  Status: optionalNumber,
  CertFingerprint: optionalText,
  CertificatePublicKey: optionalText,
});
export type CertificateDetail = z.output<typeof detail>;

/** A certificate at Tencent Cloud SSL, without its key. */
export function readDetail(id: string, context: Pick<ToolContext, "read">): Promise<CertificateDetail> {
  return readAs(context, describeCertificateDetailWithoutKey, { CertificateId: id }, detail);
}

/**
 * Its PEM text.
 * @throws {ToolError} if it has not been issued
 */
export async function pemOfCertificate(id: string, context: Pick<ToolContext, "read">): Promise<string> {
  const { CertificatePublicKey } = await readDetail(id, context);
  if (CertificatePublicKey) return CertificatePublicKey;
  throw unusable(`Certificate ${id} has not been issued, so there is no certificate to look at.`);
}
