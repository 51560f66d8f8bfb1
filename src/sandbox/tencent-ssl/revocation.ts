import { describeDeleteCertificatesTaskResult } from "../../catalogue/tencent-ssl/describe-delete-certificates-task-result.js";
import { revokeCertificate } from "../../catalogue/tencent-ssl/revoke-certificate.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { localTime } from "./format.js";
import { setStatus } from "./lifecycle.js";
import { orderOf, ownedCertificate, wrongStatus } from "./lookup.js";
import { resourceBindingsOf } from "./resources.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type DeletionTask, type DomainProof, type Order, status } from "./state.js";

/** Revocation, and what became of a deletion (docs/cloud-behaviour.md 3.10). */
export const revocationHandlers = [
  sslHandler(revokeCertificate, revoke),
  sslHandler(describeDeleteCertificatesTaskResult, deletionResults),
];

function revoke({ CertificateId: id }: ParamsOf<typeof revokeCertificate>, account: Account) {
  const certificate = ownedCertificate(account, id);
  const order = orderOf(certificate);
  if (certificate.status !== status.issued) throw wrongStatus(id, "is not issued");
  if (resourceBindingsOf(account, id).length > 0) {
    throw new CloudError("FailedOperation.RevokeResourceFailed", `Cloud resources use certificate ${id}.`);
  }
  const needsLetter = order.product.level !== "DV";
  setStatus(certificate, needsLetter ? status.awaitingRevocationLetter : status.revoking, account.clock.now());
  logCall(account, "revoke", id);
  return { RevokeDomainValidateAuths: revocationProofs(order) };
}

/** A domain that was proven by a file is proven so again; the sandbox takes the file to be there. */
function revocationProofs({ application }: Order) {
  return application?.method === "FILE" ? application.proofs.map(revocationProof) : null;
}

const revocationProof = ({ path, key, value, domain }: DomainProof) => ({
  DomainValidateAuthPath: path ?? "",
  DomainValidateAuthKey: key,
  DomainValidateAuthValue: value,
  DomainValidateAuthDomain: domain,
});

function deletionResults({ TaskIds }: ParamsOf<typeof describeDeleteCertificatesTaskResult>, account: Account) {
  const { ssl, clock } = account;
  return {
    DeleteTaskResult: TaskIds.map((id) => {
      const task = ssl.deletionTasks.get(id);
      // The documents have no other code for this read (docs/cloud-behaviour.md 3.10).
      if (task === undefined) throw new CloudError("FailedOperation", `This sandbox has no deletion task ${id}.`);
      return {
        TaskId: id,
        CertId: task.certificateId,
        ...outcomeOf(task),
        CacheTime: localTime(task.outcome?.at ?? clock.now()),
      };
    }),
  };
}

/** Documented states of a deletion (docs/cloud-behaviour.md 3.10). */
const deletionStatus = { running: 0, deleted: 1, bound: 4 } as const;

function outcomeOf({ certificateId, outcome }: DeletionTask) {
  if (outcome === undefined) return { Status: deletionStatus.running, Error: "", Domains: null };
  if (!outcome.isBound) return { Status: deletionStatus.deleted, Error: "", Domains: null };
  return {
    Status: deletionStatus.bound,
    Error: `Cloud resources use certificate ${certificateId}.`,
    Domains: outcome.bound,
  };
}
