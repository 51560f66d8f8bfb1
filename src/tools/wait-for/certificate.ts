import type { ReplyOf } from "../../catalogue/documented-reply.js";
import type { ChangeOperation } from "../../catalogue/operation.js";
import { reviewSteps } from "../../catalogue/tencent-ssl/code-meanings.js";
import { deleteCertificate } from "../../catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";
import type { CertificateDetail } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { certificateNotFound } from "../../catalogue/tencent-ssl/params.js";
import { certificateStatus, describeStatus, statusWithCode } from "../../catalogue/tencent-ssl/statuses.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { X509 } from "../../certificates/x509.js";
import { dayMs } from "../../lib/days.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readDetail } from "../certificate-detail.js";
import { expiryMembers } from "../certificate-members.js";
import { readOnce, unlessForbidden } from "../cloud-reads.js";
import type { PollResult } from "./poll.js";

type Certificate = ReplyOf<typeof describeCertificate>;

/** That an order is closed if its proof is not there in time is inferred (docs/cloud-behaviour.md 3.1). */
const proofWithinMs = 7 * dayMs;

/** Checks whether a requested certificate has been issued. */
export async function pollIssuance(id: string, context: ToolContext): Promise<PollResult> {
  const certificate = await readOnce(context, describeCertificate, { CertificateId: id });
  const subject = `Certificate ${id}: ${describeState(certificate)}`;
  switch (statusWithCode(certificate.Status)) {
    case certificateStatus.issued:
    case certificateStatus.reissuing:
      return issued(id, certificate, subject, context);
    case certificateStatus.underReview:
    case certificateStatus.validating:
    case certificateStatus.migrating:
      return underReview(certificate, subject);
    case certificateStatus.awaitingDocuments:
    case certificateStatus.freeAwaitingDocuments:
      return needsPerson(subject, "SubmitCertificateInformation, then CommitCertificateInformation.");
    case certificateStatus.awaitingLetter:
      return needsPerson(subject, "a person signs the confirmation letter, then UploadConfirmLetter.");
    case undefined:
      return { state: "still running", says: `${subject}.` };
    default:
      return {
        state: "failed",
        says: `${subject}. It will no longer be issued.`,
        details: detailsOf(certificate, context.now()),
      };
  }
}

/** Waiting changes nothing until a person does what is next. */
export const needsPerson = (subject: string, next: string): PollResult => ({
  state: "needs a person",
  says: `${subject}. Next: ${next}`,
});

/** That a change was not sent yet, because it waits for an approval; undefined if none does. */
export async function waitsForApproval(
  operation: ChangeOperation,
  id: string,
  subject: string,
  context: ToolContext,
): Promise<PollResult | undefined> {
  const approval = context.approvalFor(operation, id);
  const progress = approval === undefined ? undefined : await context.approvalProgress(approval);
  if (approval === undefined || progress === undefined) return undefined;
  return needsPerson(`${subject}. ${progress.says}`.replace(/\.$/, ""), `wait_for approval ${approval}.`);
}

/** A failed review gives its reason as a sentence; the steps of a running one are codes. */
function describeState({ Status, StatusMsg }: Certificate): string {
  const words = String(describeStatus(Status));
  if (!StatusMsg) return words;
  const step = reviewSteps.get(StatusMsg) ?? StatusMsg;
  // "under review by the CA" says it all.
  return step.startsWith(words) ? step : `${words} (${step})`;
}

function underReview(told: Certificate, subject: string): PollResult {
  // The fields of the first proof are next to the list, and alone if there is only one domain.
  const { DvAuthDetail: detail } = told;
  const proofs: ProofsToSet = detail ? proofMembers(detail.DvAuths.length > 0 ? detail.DvAuths : [detail]) : {};
  const inserted = isoOf(told.InsertTime);
  const deadline = inserted === undefined ? undefined : new Date(Date.parse(inserted) + proofWithinMs).toISOString();
  const byItself = told.VerifyType === "DNS_AUTO";
  const todo = byItself
    ? " Tencent Cloud sets the record by itself."
    : proofs.records
      ? ` A person must set up what ${proofs.files ? "records and files say" : "records says"}${deadline ? ` by ${deadline}` : ""}.`
      : "";
  return {
    state: "still running",
    says: `${subject}.${todo}`,
    details: {
      status: describeState(told),
      ...proofs,
      ...(deadline && { proof_until: deadline }),
    },
  };
}

type Proof = Partial<NonNullable<Certificate["DvAuthDetail"]>["DvAuths"][number]>;

/** Empty if there is nothing to set up. */
interface ProofsToSet {
  /** One sentence per record or file. */
  readonly records?: readonly string[];
  /** What is in each file, line by line: within a text, line breaks would be escaped, and given on like that. */
  readonly files?: readonly { readonly url: string; readonly content_lines: readonly string[] }[];
}

/** What a person has to set up for the CA to find these proofs. */
export function proofMembers(all: readonly Proof[]): ProofsToSet {
  const proofs = all.filter(({ DvAuthKey, DvAuthValue }) => DvAuthKey && DvAuthValue);
  const files = proofs.filter(isFile).map((proof) => ({
    url: urlOf(proof),
    content_lines: (proof.DvAuthValue ?? "").split(/\r?\n/),
  }));
  return {
    ...(proofs.length > 0 && { records: proofs.map(describeProof) }),
    ...(files.length > 0 && { files }),
  };
}

// Only a file has a path; without a list the type is missing.
const isFile = ({ DvAuthPath, DvAuthVerifyType: type }: Proof) => Boolean(DvAuthPath) || type?.toUpperCase() === "FILE";

const urlOf = ({ DvAuthDomain, DvAuthPath, DvAuthKey }: Proof) =>
  `http://${DvAuthDomain}${`/${DvAuthPath ?? ""}/${DvAuthKey}`.replaceAll(/\/+/g, "/")}`;

function describeProof(proof: Proof): string {
  if (isFile(proof)) return `Serve a file at ${urlOf(proof)}: files has its content, line by line.`;
  const { DvAuthKey, DvAuthValue, DvAuthVerifyType: type } = proof;
  return `Add a ${type || "CNAME"} record: name ${DvAuthKey}, value ${DvAuthValue}.`;
}

async function issued(id: string, told: Certificate, subject: string, context: ToolContext): Promise<PollResult> {
  const detail = await unlessForbidden(readDetail(id, context), describeCertificateDetailWithoutKey);
  const found = "excluded" in detail ? { not_read: `SHA-256: ${detail.excluded}` } : fingerprints(detail);
  const successor = told.CertificateExtra?.ReplacedBy;
  const more =
    told.Status === certificateStatus.reissuing.code && successor
      ? ` Its successor is ${successor}: wait for that one.`
      : "";
  return {
    state: "done",
    says: `${subject}.${more}`,
    details: { certificate_id: id, ...detailsOf(told, context.now()), ...found },
  };
}

function detailsOf(told: Certificate, now: Date) {
  const [begins, ends] = [isoOf(told.CertBeginTime), isoOf(told.CertEndTime)];
  return { status: describeState(told), ...(begins && { not_before: begins }), ...(ends && expiryMembers(ends, now)) };
}

/** SHA-256 is computed, because the cloud reports only SHA-1. */
function fingerprints({ CertificatePublicKey: pem, CertFingerprint: sha1 }: CertificateDetail) {
  const leaf = pem ? X509.read(pem) : undefined;
  if (leaf) return { sha256: leaf.sha256 };
  // If Node.js cannot read it, use what the cloud reports.
  return sha1 ? { sha1 } : {};
}

/** No read shows whether a deletion was requested. */
const unseenDeletion =
  "The cloud does not show whether a deletion is under way: one with IsCheckResource first looks for resources and silently stops if it finds any (find_certificates with_bindings shows them). If DeleteCertificate was not called, nothing happens.";

/** Checks whether a certificate is gone. Only the mainland site tells why it is not: see the task of the deletion. */
export function pollDeletion(id: string, context: ToolContext): () => Promise<PollResult> {
  let seen = false;
  return async () => {
    try {
      const { Status } = await readOnce(context, describeCertificate, { CertificateId: id });
      seen = true;
      const subject = `Certificate ${id} is still there (${describeStatus(Status)})`;
      const waits = await waitsForApproval(deleteCertificate, id, subject, context);
      return waits ?? { state: "still running", says: `${subject}. ${unseenDeletion}` };
    } catch (error) {
      if (!(error instanceof ToolError) || error.details.code !== certificateNotFound) throw error;
      const never = seen ? "" : " It was gone at the first look: deleted, or never there under this id.";
      return { state: "done", says: `Certificate ${id} no longer exists.${never}` };
    }
  };
}
