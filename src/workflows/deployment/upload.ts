import { z } from "zod";
import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import type { CarryOut, Step } from "../../own-tool.js";
import { UPLOADED } from "./delivery.js";
import type { Slots } from "./run.js";
import type { Wanted } from "./wanted.js";

/** The upload that targets on Tencent Cloud need first, where the certificate is not stored there. */
export function uploadStep({ facts, pair }: Wanted): Step {
  return {
    name: "Upload to Tencent Cloud SSL",
    operation: uploadCertificate,
    params: {
      CertificatePublicKey: pair?.certificate,
      CertificatePrivateKey: pair?.privateKey,
      CertificateType: "SVR",
      Alias: `${facts.names[0] ?? "certificate"} until ${facts.notAfter.slice(0, "YYYY-MM-DD".length)}`,
      // An identical certificate is answered with, and not stored again (FACTS.md 4.4).
      Repeatable: false,
    },
  };
}

const answer = z.object({ CertificateId: z.string().nullish(), RepeatCertId: z.string().nullish() });

/** Uploads when first asked; every later target gets the same answer, a failure included. */
export function uploadedOnce(
  step: Step,
): (carryOut: CarryOut) => Promise<{ readonly id: string; readonly slots: Slots }> {
  let uploading: Promise<{ id: string; slots: Slots }> | undefined;
  const upload = async (carryOut: CarryOut) => {
    const { CertificateId, RepeatCertId } = answer.parse(await carryOut(step));
    const id = RepeatCertId || CertificateId;
    if (!id) throw new Error("The upload was accepted without an id");
    return { id, slots: new Map([[UPLOADED, id]]) };
  };
  return (carryOut) => {
    uploading ??= upload(carryOut);
    return uploading;
  };
}
