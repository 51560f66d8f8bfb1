/* Error codes that the documents list for many operations of Tencent Cloud SSL. */

/** All of these codes, sorted, for one operation. */
export const codes = (...listed: readonly (string | readonly string[])[]): readonly string[] => listed.flat().sort();

export const accountErrors = [
  "FailedOperation.AuthError",
  "FailedOperation.InvalidParam",
  "FailedOperation.NoProjectPermission",
  "FailedOperation.NoRealNameAuth",
];

export const commonErrors = [...accountErrors, "InternalError"];

/** Of operations on a certificate. */
export const certificateErrors = [...commonErrors, "FailedOperation.CertificateNotFound"];

/** The same for the many of them that list the general code and the rate limit, too. */
export const limitedErrors = [...certificateErrors, "FailedOperation", "LimitExceeded.RateLimitExceeded"];

/** Of operations on an order. */
export const orderErrors = [
  "FailedOperation.CancelOrderFailed",
  "FailedOperation.CannotBeDeletedIssued",
  "FailedOperation.CannotBeDeletedWithinHour",
  "FailedOperation.CannotGetOrder",
  "FailedOperation.InvalidCertificateStatusCode",
  "FailedOperation.NetworkError",
  "FailedOperation.OrderAlreadyReplaced",
];

/** Of operations on an order that may still be issued. */
export const applicationErrors = [
  ...orderErrors,
  "FailedOperation.CertificateInvalid",
  "FailedOperation.CertificateMismatch",
  "FailedOperation.ExceedsFreeLimit",
  "FailedOperation.OrderReplaceFailed",
];
