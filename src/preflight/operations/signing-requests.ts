import type { z } from "zod";
import { replaceCertificate } from "../../catalogue/tencent-ssl/replace-certificate.js";
import { submitCertificateInformation } from "../../catalogue/tencent-ssl/submit-certificate-information.js";
import { ownWords, safe } from "../../lib/escape-text.js";
import { checkSigningRequest, type GivenRequest } from "../check-signing-request.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";
import { certificateIdIsWellFormed } from "./identifiers.js";

const invalid = { prevents: "FailedOperation.InvalidParam" };

export const signingRequestChecks = [
  checksOf(replaceCertificate, certificateIdIsWellFormed, checkReissue),
  checksOf(submitCertificateInformation, certificateIdIsWellFormed, checkOrder),
];

function checkReissue({ CsrType = "Original", CsrContent }: z.output<typeof replaceCertificate.params>): Finding[] {
  return CsrType === "Upload" ? checkContent(CsrType, CsrContent) : unused(CsrType, CsrContent);
}

function checkOrder(params: z.output<typeof submitCertificateInformation.params>): Finding[] {
  const { CsrType = "online", CsrContent, CertificateDomain: commonName, DomainList: domains } = params;
  return CsrType === "parse" ? checkContent(CsrType, CsrContent, { commonName, domains }) : unused(CsrType, CsrContent);
}

function checkContent(
  type: string,
  pem: string | undefined,
  wanted: Pick<GivenRequest, "commonName" | "domains"> = {},
): Finding[] {
  if (!pem) return [finding("CsrContent", `CsrType ${type} needs CsrContent.`, invalid)];
  return checkSigningRequest({ parameter: "CsrContent", pem, ...wanted }, invalid);
}

function unused(type: string, pem: string | undefined): Finding[] {
  return pem ? [warning("CsrContent", safe`CsrContent is ignored: CsrType is ${ownWords(type)}.`)] : [];
}
