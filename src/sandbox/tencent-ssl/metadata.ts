import type { z } from "zod";
import { modifyCertificateAlias } from "../../catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "../../catalogue/tencent-ssl/modify-certificate-project.js";
import type { Account } from "../account.js";
import { ownedCertificate } from "./lookup.js";
import { logCall, sslHandler } from "./ssl-handler.js";

export const metadataHandlers = [
  sslHandler(modifyCertificateAlias, rename),
  sslHandler(modifyCertificateProject, move),
];

function rename(params: z.output<(typeof modifyCertificateAlias)["params"]>, account: Account) {
  const certificate = ownedCertificate(account, params.CertificateId);
  certificate.alias = params.Alias ?? "";
  logCall(account, "updateAlias", certificate.id);
  return { CertificateId: certificate.id };
}

/** Any number counts as a project of the account. */
function move(params: z.output<(typeof modifyCertificateProject)["params"]>, account: Account) {
  const { certificates } = account.ssl;
  const ids = [...new Set(params.CertificateIdList)];
  const known = ids.flatMap((id) => certificates.get(id) ?? []);
  for (const certificate of known) {
    certificate.projectId = params.ProjectId;
    logCall(account, "changeProject", certificate.id);
  }
  return {
    SuccessCertificates: known.map(({ id }) => id),
    FailCertificates: ids.filter((id) => !certificates.has(id)),
  };
}
