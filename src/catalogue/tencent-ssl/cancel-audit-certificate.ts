import { brief, safe } from "../../visible.js";
import { changing } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned.js";
import { bool, reply } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeCertificate } from "./describe-certificate.js";
import { certificateId, certificateSubject } from "./params.js";

/** A free application has failed then, a paid one waits for its documents (docs/cloud-behaviour.md 3.2, inferred). */
const endStatuses: readonly unknown[] = [2, 5];

export const cancelAuditCertificate = changing({
  name: "CancelAuditCertificate",
  service: tencentSsl,
  title: "Withdraw an application",
  summary:
    "Withdraw an application from review (status 0, 4 or 8): a paid order then awaits documents again (5), a free one has failed (2).",
  effect: "change",
  retry: "gone-is-done",
  params: struct({ CertificateId: certificateId() }),
  result: reply({ Result: bool() }),
  ask: (p) => safe`Withdraw certificate ${brief(p.CertificateId)} from review?`,
  changes: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`withdrawn from review`)],
  trace: (p) => ({
    read: describeCertificate,
    params: { CertificateId: p.CertificateId },
    shows: ({ Status }) => endStatuses.includes(Status),
    result: { Result: true },
  }),
  errors: ["FailedOperation.CertificateNotFoundOrCantCancel"],
});
