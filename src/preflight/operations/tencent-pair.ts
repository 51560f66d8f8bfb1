import type { PairVerdicts } from "../check-pair.js";

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
