import { z } from "zod";
import { text } from "../../catalogue/loose.js";
import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import { Failure } from "../../failure.js";
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
      // An identical certificate is answered with, and not stored again (docs/cloud-behaviour.md 1.5).
      Repeatable: false,
    },
  };
}

const answer = z.object({ CertificateId: text, RepeatCertId: text });

interface Upload {
  /** Uploads when first asked; every later target gets the same answer, a failure included. */
  slots(carryOut: CarryOut): Promise<Slots>;
  /** The copy that it left at Tencent Cloud, in words. */
  copy(): string | undefined;
}

export function uploadedOnce(step: Step): Upload {
  let uploading: Promise<Slots> | undefined;
  let copy: string | undefined;
  const upload = async (carryOut: CarryOut) => {
    const { CertificateId, RepeatCertId } = answer.parse(await carryOut(step));
    const id = RepeatCertId || CertificateId;
    if (!id) throw withoutId(step);
    if (!RepeatCertId) copy = `certificate ${id} at Tencent Cloud SSL`;
    return new Map([[UPLOADED, id]]);
  };
  return {
    slots: (carryOut) => {
      uploading ??= upload(carryOut);
      return uploading;
    },
    copy: () => copy,
  };
}

function withoutId({ name }: Step): Failure {
  return new Failure({
    kind: "cloud",
    happened: `${name} was accepted, but the reply names no certificate.`,
    changed: "unknown",
    sent: true,
    next: "Call again: what was stored is found by its fingerprint and not stored a second time.",
  });
}
