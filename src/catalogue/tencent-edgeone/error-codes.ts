/** Codes of the reads of EdgeOne (docs/cloud-behaviour.md 4.2). */
export const readErrors: readonly string[] = [
  "InternalError.ProxyServer",
  "OperationDenied",
  "UnauthorizedOperation.CamUnauthorized",
  "UnauthorizedOperation.NoPermission",
  "UnauthorizedOperation.Unknown",
];
