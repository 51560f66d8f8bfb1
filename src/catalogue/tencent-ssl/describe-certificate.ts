import { defineRead, type Verification } from "../operation.js";
import { struct } from "../params.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateDetails, certificateMeanings } from "./code-meanings.js";
import { applicationErrors, codes, limitedErrors } from "./error-codes.js";
import { certificateId } from "./params.js";
import type { CertificateStatus } from "./statuses.js";
import { caMembers, certificateMembers } from "./types-certificate.js";

export const describeCertificate = defineRead({
  name: "DescribeCertificate",
  service: tencentSsl,
  title: "Look up a certificate",
  titleInChinese: "查询证书信息",
  summary: "Status, validity, domains and order data of a certificate, without its PEM text.",
  params: struct({ CertificateId: certificateId() }),
  example: { CertificateId: "8xZ3kQ1p" },
  result: reply({ ...certificateMembers, ...caMembers, PackageTypeName: string() }),
  replyFacts: { meanings: certificateMeanings, summary: { leaveOut: certificateDetails } },
  errors: codes(limitedErrors, applicationErrors),
});

/** Verifies a lost change by the statuses that the certificate has after it. */
export function verifiedByStatus(
  { CertificateId }: { readonly CertificateId: string },
  statuses: readonly CertificateStatus[],
  result: Verification["result"],
): Verification {
  return {
    read: describeCertificate,
    params: { CertificateId },
    matches: ({ Status }) => statuses.some(({ code }) => code === Status),
    result,
  };
}
