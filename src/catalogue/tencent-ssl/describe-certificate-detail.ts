import { brief, safe } from "../../lib/safe-text.js";
import type { ReplyOf } from "../documented-reply.js";
import { defineChange } from "../operation.js";
import { struct } from "../params.js";
import { planned } from "../planned-change.js";
import { array, bool, int, keyString, record, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { withoutKeys } from "../without-private-keys.js";
import { certificateDetails, hostedCertificateMeanings } from "./code-meanings.js";
import { codes, limitedErrors } from "./error-codes.js";
import { certificateId, certificateSubject, keyHeldHere } from "./params.js";
import { certBasicInfo, certificateMembers, rootCertificates } from "./types-certificate.js";

export const describeCertificateDetail = defineChange({
  name: "DescribeCertificateDetail",
  service: tencentSsl,
  title: "Look up a certificate in full",
  titleInChinese: "查询证书详情",
  summary: "A certificate in full; PEM and chain with detail full. Its private key becomes a vault: reference.",
  effect: "key-export",
  retry: "read",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({
    ...certificateMembers,
    CertificatePrivateKey: keyString(),
    CertificatePublicKey: string(),
    TypeName: string(),
    RootCert: record(rootCertificates),
    EncryptCert: string(),
    EncryptPrivateKey: keyString(),
    CertFingerprint: string(),
    EncryptCertFingerprint: string(),
    EncryptAlgorithm: string(),
    CertChainInfo: array(certBasicInfo),
    DomainType: int(),
    CertType: string(),
    UseCrossSignRoot: bool(),
    HostingStatus: int(),
  }),
  approvalQuestion: (p) => safe`Read certificate ${brief(p.CertificateId)} in full, with its private key?`,
  plannedChanges: (p) => [planned(certificateSubject(p.CertificateId), "private key", keyHeldHere)],
  replyFacts: { meanings: hostedCertificateMeanings, summary: { leaveOut: certificateDetails } },
  errors: codes(
    limitedErrors,
    "FailedOperation.CannotGetOrder",
    "FailedOperation.CertificateInvalid",
    "InternalError.BackendResponseEmpty",
    "ResourceNotFound.Manager",
  ),
});

/** For callers that do not need its key. */
export const describeCertificateDetailWithoutKey = withoutKeys(describeCertificateDetail);

export type CertificateDetail = ReplyOf<typeof describeCertificateDetailWithoutKey>;
