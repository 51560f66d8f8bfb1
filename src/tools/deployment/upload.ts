import { readReply } from "../../catalogue/documented-reply.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import { satisfies } from "../../certificates/sent-chain.js";
import { safe } from "../../lib/safe-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { Step, Supply, ToolContext } from "../../pipeline/tool.js";
import { cloudFailure, unlessForbidden } from "../cloud-reads.js";
import { uploadedCertificate } from "./deployer.js";
import { type DesiredCertificate, desiredById } from "./desired-certificate.js";

/** The upload that targets on Tencent Cloud need first if the certificate is not stored there. */
export function uploadOf(desired: DesiredCertificate, context: ToolContext): Supply {
  const { facts, pair, otherCopies = [] } = desired;
  const step: Step = {
    name: "Upload to Tencent Cloud SSL",
    label: safe`Upload to Tencent Cloud SSL`,
    operation: uploadCertificate,
    params: {
      CertificatePublicKey: pair?.certificate,
      CertificatePrivateKey: pair?.privateKey,
      CertificateType: "SVR",
      Alias: `${facts.names[0] ?? "certificate"} until ${facts.notAfter.slice(0, "YYYY-MM-DD".length)}`,
      // The cloud returns an identical certificate instead of storing it again (docs/cloud-behaviour.md 1.5). Whether
      // the chain counts is not documented.
      Repeatable: otherCopies.length > 0,
    },
  };
  return {
    step,
    beforeTargets: false,
    read: async (reply) => {
      const { CertificateId, RepeatCertId } = readReply(uploadCertificate, reply) ?? {};
      const certificateId = RepeatCertId || CertificateId;
      if (!certificateId) {
        throw new ToolError({
          kind: "cloud",
          happened: `${step.name} was accepted, but the reply names no certificate.`,
          changed: "unknown",
          sent: true,
          next: "Call again: what was stored is found by its fingerprint and not stored a second time.",
        });
      }
      await refuseOtherChain(certificateId, desired, context);
      return {
        placeholders: new Map([[uploadedCertificate.placeholder, certificateId]]),
        certificateId,
        ...(!RepeatCertId && { copy: `certificate ${certificateId} at Tencent Cloud SSL` }),
      };
    },
  };
}

/**
 * Makes sure that a copy stored before, with another chain, does not pass as what was uploaded. Reads the copy only if
 * the plan did not.
 * @throws {ToolError} before anything is sent to a target
 */
async function refuseOtherChain(
  id: string,
  { facts, doubt, otherCopies = [] }: DesiredCertificate,
  context: ToolContext,
) {
  const isOther = otherCopies.includes(id);
  if (!isOther && (doubt === undefined || facts.chain?.intermediates.length === 0)) return;
  const seen = isOther
    ? undefined
    : await unlessForbidden(desiredById(id, context), describeCertificateDetailWithoutKey);
  if (seen !== undefined && !("excluded" in seen) && satisfies(seen.facts.chain, facts.chain)) return;
  const why =
    seen !== undefined && "excluded" in seen
      ? `its chain was not read: ${seen.excluded}`
      : "its chain lacks an intermediate";
  throw cloudFailure(
    `Tencent Cloud answered the upload with certificate ${id}, which it had stored before, and ${why}. Nothing was deployed with it.`,
    "Store the whole chain as a certificate of its own (UploadCertificate, Repeatable true), then deploy it by its certificate_id.",
  );
}
