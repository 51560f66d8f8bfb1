import { brief, safe } from "../../visible.js";
import { changing } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateId, certificateSubject } from "./params.js";

export const modifyCertificateResubmit = changing({
  name: "ModifyCertificateResubmit",
  service: tencentSsl,
  title: "Resubmit an application",
  summary: "Put a paid certificate's failed or cancelled application up for review again.",
  effect: "change",
  retry: "look-first",
  params: struct({ CertificateId: certificateId() }),
  result: reply({ CertificateId: string() }),
  ask: (p) => safe`Put the application of certificate ${brief(p.CertificateId)} up for review again?`,
  changes: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`application open again`)],
  errors: [
    "FailedOperation",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.CertificateStatusNotAllowResubmit",
    "InvalidParameter.CertificateStatusNotAllowResubmit",
    "InvalidParameter.WithDetailReason",
  ],
});
