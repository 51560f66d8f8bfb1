import { altersAccount } from "../../src/catalogue/operation.js";
import type { LoggedRequest } from "../../src/sandbox/request-log.js";

/**
 * Whether a person must have approved the request. That of DescribeCertificateDetail or DescribeCSR looks the same with and
 * without the key, which is dropped here in the process, so that the cloud's log does not tell.
 */
export function neededApproval(request: Pick<LoggedRequest, "effect" | "operation">): boolean {
  return altersAccount(request) || request.operation === "DownloadCertificate";
}
