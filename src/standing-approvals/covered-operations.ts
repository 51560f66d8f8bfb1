import { setterOf } from "../catalogue/alibaba-edges.js";
import { updateDomainHttpsCert } from "../catalogue/huawei-live/update-domain-https-cert.js";
import type { ChangeOperation } from "../catalogue/operation.js";
import { modifyHostsCertificate } from "../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { applyCertificate } from "../catalogue/tencent-ssl/apply-certificate.js";
import { downloadCertificate } from "../catalogue/tencent-ssl/download-certificate.js";
import { updateCertificateInstance } from "../catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRollback } from "../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { uploadCertificate } from "../catalogue/tencent-ssl/upload-certificate.js";
import type { Grant, StandingTerms } from "./terms.js";

/* The operations that standing approvals can let through. No other operation is ever covered. */

/** The operations that set a certificate at the service, and the upload that they may need first. */
const deployingAt: Readonly<Record<StandingTerms["services"][number], readonly ChangeOperation[]>> = {
  "tencent-ssl": [updateCertificateInstance, uploadCertificate],
  "tencent-edgeone": [modifyHostsCertificate, uploadCertificate],
  "alibaba-cdn": [setterOf("alibaba-cdn")],
  "alibaba-dcdn": [setterOf("alibaba-dcdn")],
  "alibaba-vod": [setterOf("alibaba-vod")],
  "huawei-live": [updateDomainHttpsCert],
};

/** The operations that each grant adds. Putting back uses those of a deployment, or the cloud's own rollback. */
const grantedBy: Readonly<Record<Grant, readonly ChangeOperation[]>> = {
  key_to_other_cloud: [downloadCertificate],
  apply_free_certificate: [applyCertificate],
  put_back: [updateCertificateRecordRollback],
};

/** Names of the operations that a grant adds. */
export const namesGrantedBy = (grant: Grant): readonly string[] => grantedBy[grant].map(({ name }) => name);

/** Every operation that may be sent without asking under these bounds. */
export function operationsCovered({
  services,
  grants,
}: Pick<StandingTerms, "services" | "grants">): readonly ChangeOperation[] {
  const given = [...services.map((service) => deployingAt[service]), ...grants.map((grant) => grantedBy[grant])];
  return [...new Set(given.flat())];
}

/** Names of those by which a certificate is deployed, at any service. */
export const deployingNames: ReadonlySet<string> = new Set(
  Object.values(deployingAt)
    .flat()
    .map(({ name }) => name),
);
