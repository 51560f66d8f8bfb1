import { type SafeText, safe } from "../../lib/safe-text.js";

/** A status of a certificate. */
export interface CertificateStatus {
  readonly code: number;
  readonly says: SafeText;
  readonly group: "issued" | "expired" | "pending" | "closed";
}

/**
 * docs/cloud-behaviour.md 3.2. A certificate being reissued or migrated counts as issued, because nothing in the
 * documents says that it is invalid in the meantime (inferred).
 */
export const certificateStatus = {
  underReview: { code: 0, says: safe`under review`, group: "pending" },
  issued: { code: 1, says: safe`issued`, group: "issued" },
  reviewFailed: { code: 2, says: safe`review failed`, group: "closed" },
  expired: { code: 3, says: safe`expired`, group: "expired" },
  validating: { code: 4, says: safe`DNS record added, being validated`, group: "pending" },
  awaitingDocuments: { code: 5, says: safe`paid, documents awaited`, group: "pending" },
  cancelling: { code: 6, says: safe`order being cancelled`, group: "closed" },
  cancelled: { code: 7, says: safe`cancelled`, group: "closed" },
  awaitingLetter: { code: 8, says: safe`documents in, confirmation letter awaited`, group: "pending" },
  revoking: { code: 9, says: safe`being revoked`, group: "closed" },
  revoked: { code: 10, says: safe`revoked`, group: "closed" },
  reissuing: { code: 11, says: safe`being reissued`, group: "issued" },
  awaitingRevocationLetter: { code: 12, says: safe`revocation letter awaited`, group: "closed" },
  freeAwaitingDocuments: { code: 13, says: safe`free, documents awaited`, group: "pending" },
  refunded: { code: 14, says: safe`refunded`, group: "closed" },
  migrating: { code: 15, says: safe`being migrated`, group: "issued" },
} as const satisfies Readonly<Record<string, CertificateStatus>>;

/** Members of replies may be null or missing. */
type Reported = number | null | undefined;

/** Undefined for a status that is not documented, which may mean anything. */
export function statusWithCode(code: Reported): CertificateStatus | undefined {
  return Object.values(certificateStatus).find((each) => each.code === code);
}

export function describeStatus(code: Reported): SafeText {
  if (code === null || code === undefined) return safe`not reported`;
  return statusWithCode(code)?.says ?? safe`status ${code}`;
}

/** Whether a certificate that is not there now may come without a new order. */
export function mayStillBeIssued(code: Reported): boolean {
  const { reissuing, migrating } = certificateStatus;
  const status = statusWithCode(code);
  if (status === undefined) return code === null || code === undefined;
  return status.group === "pending" || status === reissuing || status === migrating;
}
