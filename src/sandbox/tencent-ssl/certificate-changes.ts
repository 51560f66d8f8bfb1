import { deleteCertificate } from "../../catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../../catalogue/tencent-ssl/modify-certificate-alias.js";
import { modifyCertificateProject } from "../../catalogue/tencent-ssl/modify-certificate-project.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { hasEnded, isInForce } from "./certificate-facts.js";
import { ownedCertificate, wrongStatus } from "./lookup.js";
import { resourceBindingsOf } from "./resources.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type StoredSslCertificate, status } from "./state.js";
import { freeDeletionDelay } from "./timing.js";

export const certificateChangeHandlers = [
  sslHandler(deleteCertificate, remove),
  sslHandler(modifyCertificateAlias, rename),
  sslHandler(modifyCertificateProject, move),
];

/** The account has granted the role that the resource check needs. */
function remove({ CertificateId: id, IsCheckResource }: ParamsOf<typeof deleteCertificate>, account: Account) {
  const certificate = ownedCertificate(account, id);
  refuseUnfinished(account, certificate);
  if (certificate.order !== undefined) refuseOrdered(account, certificate);
  if (IsCheckResource) return removeLater(account, id);

  // docs/cloud-behaviour.md 3.2 (inferred): the documents say that nothing is checked unless requested, but list two
  // codes for a certificate in use. The sandbox refuses, with the first of them.
  if (resourceBindingsOf(account, id).length > 0) {
    throw new CloudError("FailedOperation.BoundResources", `Cloud resources use certificate ${id}.`);
  }
  account.ssl.certificates.delete(id);
  logCall(account, "delete", id);
  return { DeleteResult: true, TaskId: null };
}

function removeLater(account: Account, certificateId: string) {
  const { ssl, clock } = account;
  const id = ssl.ids.task();
  ssl.deletionTasks.set(id, { certificateId, startedAt: clock.now() });
  logCall(account, "delete", certificateId);
  return { DeleteResult: false, TaskId: id };
}

/** A certificate must stay until its successor is issued. */
function refuseUnfinished({ ssl }: Account, { id, replacedBy, renewedBy }: StoredSslCertificate): void {
  for (const successorId of [replacedBy, renewedBy]) {
    const successor = ssl.certificates.get(successorId ?? "");
    if (successor !== undefined && !isInForce(successor) && !hasEnded(successor)) {
      throw new CloudError(
        "FailedOperation.RenewNotIssued",
        `${successor.id}, which follows ${id}, is not issued yet.`,
      );
    }
  }
}

/** docs/cloud-behaviour.md 3.2 (inferred): of the two codes for a free certificate in its first hour, this one. */
function refuseOrdered({ clock }: Account, certificate: StoredSslCertificate): void {
  const { id, order, insertedAt } = certificate;
  if (order?.product.free && clock.since(insertedAt) < freeDeletionDelay) {
    throw new CloudError(
      "FailedOperation.CannotBeDeletedWithinHour",
      `Certificate ${id} is free and under an hour old.`,
    );
  }
  if (isInForce(certificate)) {
    throw new CloudError("FailedOperation.CannotBeDeletedIssued", `Certificate ${id} is issued.`);
  }
  if (!hasEnded(certificate) && certificate.status !== status.expired) {
    throw wrongStatus(id, "belongs to an order that must be cancelled first");
  }
}

function rename(params: ParamsOf<typeof modifyCertificateAlias>, account: Account) {
  const certificate = ownedCertificate(account, params.CertificateId);
  certificate.alias = params.Alias ?? "";
  logCall(account, "updateAlias", certificate.id);
  return { CertificateId: certificate.id };
}

/** Any number counts as a project of the account. */
function move(params: ParamsOf<typeof modifyCertificateProject>, account: Account) {
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
