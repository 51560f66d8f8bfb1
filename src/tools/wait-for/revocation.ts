import { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";
import { describeDeleteCertificatesTaskResult } from "../../catalogue/tencent-ssl/describe-delete-certificates-task-result.js";
import { revokeCertificate } from "../../catalogue/tencent-ssl/revoke-certificate.js";
import { certificateStatus, describeStatus, statusWithCode } from "../../catalogue/tencent-ssl/statuses.js";
import { unlessFailed, unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readOnce } from "../cloud-reads.js";
import { needsPerson, proofMembers, waitsForApproval } from "./certificate.js";
import type { PollResult } from "./poll.js";

/** Checks whether a certificate has been revoked (docs/cloud-behaviour.md 3.10). */
export async function pollRevocation(id: string, context: ToolContext): Promise<PollResult> {
  const { Status, DvRevokeAuthDetail } = await readOnce(context, describeCertificate, { CertificateId: id });
  const subject = `Certificate ${id}: ${describeStatus(Status)}`;
  switch (statusWithCode(Status)) {
    case undefined:
      return { state: "still running", says: `${subject}, so it is not known whether it is being revoked.` };
    case certificateStatus.revoked:
      return { state: "done", says: `${subject}.` };
    case certificateStatus.revoking: {
      const proofs = proofMembers(DvRevokeAuthDetail);
      const what = proofs.files ? "records and files say" : "records says";
      const todo = proofs.records ? ` A person must set up what ${what} before the CA revokes it.` : "";
      return {
        state: "still running",
        says: `${subject}.${todo}`,
        ...(proofs.records && { details: { ...proofs } }),
      };
    }
    case certificateStatus.awaitingRevocationLetter:
      return needsPerson(subject, "a person signs the letter and hands it in on the console.");
    default:
      return (
        (await waitsForApproval(revokeCertificate, id, subject, context)) ?? {
          state: "failed",
          says: `${subject}. No revocation is under way: RevokeCertificate asks for one.`,
        }
      );
  }
}

/** docs/cloud-behaviour.md 3.10. */
const deletionStatus = { running: 0, deleted: 1, failed: 2, roleMissing: 3, bound: 4, timedOut: 5 } as const;

/** A deletion's task has a number; a certificate's id has letters, too. */
export const isDeletionTask = (id: string) => /^\d+$/.test(id);

/**
 * Checks the task of a deletion, which only the mainland site can show.
 * @throws {ToolError} of kind input on the other one
 */
export async function pollDeletionTask(id: string, context: ToolContext): Promise<PollResult> {
  const reading = readOnce(context, describeDeleteCertificatesTaskResult, { TaskIds: [id] });
  const { DeleteTaskResult: rows } = await unlessFailed(reading, (error) => {
    if (error.details.code !== "InvalidAction") throw error;
    throw unusable(
      "Only the mainland site of Tencent Cloud shows the tasks of deletions.",
      "Give the ID of the certificate instead.",
    );
  });
  const row = rows.find(({ TaskId }) => TaskId === id);
  const subject = `Deletion ${id}${row?.CertId ? ` of certificate ${row.CertId}` : ""}`;
  const why = row?.Error ? ` The cloud says: ${row.Error}` : "";
  switch (row?.Status) {
    case deletionStatus.deleted:
      return { state: "done", says: `${subject}: deleted.` };
    case deletionStatus.bound: {
      const domains = row.Domains.length > 0 ? { details: { domains: row.Domains } } : {};
      return { state: "failed", says: `${subject}: not deleted, because cloud resources use it.${why}`, ...domains };
    }
    case deletionStatus.roleMissing:
      return {
        state: "needs a person",
        says: `${subject}: not deleted. Ask a person to grant the role SSL_QCSLinkedRoleInReplaceLoadCertificate in the console.`,
      };
    case deletionStatus.timedOut:
      return {
        state: "failed",
        says: `${subject}: not deleted: the search for bound resources took too long. Delete again.`,
      };
    case deletionStatus.failed:
      return { state: "failed", says: `${subject}: not deleted.${why}` };
    default:
      return { state: "still running", says: `${subject} is still looking for resources that use the certificate.` };
  }
}
