import { brief, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { int, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateStatuses } from "./code-meanings.js";
import { certificateErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, checkCertificate, verifyType, warnOfDnsChange } from "./params.js";
import {
  awaitingDocuments,
  certificateWithId,
  firstObstacles,
  nextForOrder,
  unlessOrdered,
  unlessStatus,
} from "./preconditions.js";

export const commitCertificateInformation = defineChange({
  name: "CommitCertificateInformation",
  service: tencentSsl,
  title: "Submit a paid order",
  titleInChinese: "提交付费证书订单",
  summary:
    "Send a paid order to the CA after SubmitCertificateInformation. It works, but gets no new features; its successor CertificateOrderSubmit is not offered here.",
  effect: "change",
  retry: "verify-first",
  params: struct({ CertificateId: certificateId(), VerifyType: verifyType().optional() }),
  example: { CertificateId: "8xZ3kQ1p", VerifyType: "DNS" },
  result: reply({ OrderId: string(), Status: int() }),
  approvalQuestion: (p) => safe`Send the order of certificate ${brief(p.CertificateId)} to the CA?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "status", safe`sent to the CA for review`)],
  warnings: (p) => warnOfDnsChange(p.VerifyType),
  obstacles: ({ CertificateId: id }, found) => {
    const says = safe`the order of ${certificateWithId(id)} does not say yet which domain it is for`;
    const empty = { says, next: safe`SubmitCertificateInformation first.` };
    return firstObstacles(
      unlessOrdered(id, found, safe`there is no order to send`, safe`Choose a paid order (status 5).`),
      unlessStatus(id, found, awaitingDocuments, safe`its order does not wait to be sent`, nextForOrder),
      found.certificate(id)?.isFilledIn === false ? [empty] : [],
    );
  },
  replyFacts: { meanings: { Status: certificateStatuses } },
  checks: checkCertificate,
  errors: codes(
    certificateErrors,
    "FailedOperation.CertificateInvalid",
    "FailedOperation.InvalidCertificateStatusCode",
    "FailedOperation.NetworkError",
    "InternalError.BackendResponseError",
  ),
});
