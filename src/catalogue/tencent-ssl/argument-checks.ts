import { ownWords, safe } from "../../lib/escape-text.js";
import { type Finding, finding, warning } from "../finding.js";
import type { ArgumentCheck, GivenRequest, PairVerdicts } from "../material.js";

/** Checks of arguments that several operations take. */

/** One code covers most invalid arguments. */
export const invalidParamVerdict = { prevents: "FailedOperation.InvalidParam" };

export const certificateNotFound = "FailedOperation.CertificateNotFound";

/**
 * Codes for certificates stored in Tencent Cloud SSL (docs/cloud-behaviour.md 3.2). It does not check dates or names.
 */
export const tencentVerdicts = {
  unreadable: { prevents: "FailedOperation.CertificateParseError" },
  brokenChain: { prevents: "FailedOperation.CertificateParseError" },
  badKey: { prevents: "FailedOperation.CertificateParseError" },
  mismatch: { prevents: "FailedOperation.CertificateMatchError" },
  standard: { sm2: false, otherwise: { prevents: "FailedOperation.CertificateEncryptInvalid" } },
} satisfies PairVerdicts;

/** docs/cloud-behaviour.md 3.1. */
const certificateIdForm = /^[A-Za-z0-9]{8}$/;

/** The form of an id, if there is one. */
export function checkCertificateId(
  parameter: string,
  id: string | undefined,
  prevents = certificateNotFound,
): Finding[] {
  if (!id || certificateIdForm.test(id)) return [];
  return [finding(parameter, "A certificate ID has 8 letters and digits.", { prevents })];
}

/** The same for an id that must be there. */
export function checkRequiredId(parameter: string, id: string): Finding[] {
  if (id === "") return [finding(parameter, `${parameter} is empty.`, { prevents: certificateNotFound })];
  return checkCertificateId(parameter, id);
}

/** For operations on one certificate. */
export function checkCertificate({ CertificateId: id }: { readonly CertificateId: string }): Finding[] {
  return checkRequiredId("CertificateId", id);
}

/** A CSR, which only the value `needing` of CsrType needs. */
export function checkCsr(
  needing: string,
  type: string,
  pem: string | undefined,
  wanted: Pick<GivenRequest, "commonName" | "domains"> = {},
): readonly ArgumentCheck[] {
  const parameter = "CsrContent";
  if (type !== needing) {
    return pem ? [warning(parameter, safe`CsrContent is ignored: CsrType is ${ownWords(type)}.`)] : [];
  }
  if (!pem) return [finding(parameter, `CsrType ${type} needs CsrContent.`, invalidParamVerdict)];
  return [{ kind: "signing request", parameter, pem, ...wanted, verdict: invalidParamVerdict }];
}

/** The documents call these ids optional, but one is needed (docs/cloud-behaviour.md 3.5). */
export const missingRecord = (says: string) => finding("DeployRecordId", says, invalidParamVerdict);
