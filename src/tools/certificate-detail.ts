import {
  type CertificateDetail,
  describeCertificateDetailWithoutKey,
} from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { certificateNotFound } from "../catalogue/tencent-ssl/params.js";
import { readBundle } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { ToolError, unlessFailed, unusable } from "../lib/tool-error.js";
import type { ToolContext } from "../pipeline/tool.js";
import { readOnce } from "./cloud-reads.js";

/** A certificate at Tencent Cloud SSL, without its key. */
export function readDetail(id: string, context: Pick<ToolContext, "read">): Promise<CertificateDetail> {
  return readOnce(context, describeCertificateDetailWithoutKey, { CertificateId: id });
}

/**
 * Its PEM text.
 * @throws {ToolError} if it has not been issued
 */
export async function pemOfCertificate(id: string, context: Pick<ToolContext, "read">): Promise<string> {
  const { CertificatePublicKey } = await unlessFailed(readDetail(id, context), (error) => {
    if (error.details.code !== certificateNotFound) throw error;
    const next =
      "find_certificates lists the certificates of all clouds by id and name; one of another store can be given as PEM or by a reference.";
    throw new ToolError({ ...error.details, next });
  });
  if (CertificatePublicKey) return CertificatePublicKey;
  throw unusable(`Certificate ${id} has not been issued, so there is no certificate to look at.`);
}

/** The certificate itself; undefined if it has not been issued, or does not parse. */
export async function readLeaf(id: string, context: Pick<ToolContext, "read">): Promise<ParsedCertificate | undefined> {
  const { CertificatePublicKey: pem } = await readDetail(id, context);
  return pem ? readBundle(pem)?.leaf : undefined;
}
