/** Codes of the operations on a domain's HTTPS settings. */
export const httpsErrors: readonly string[] = ["LIVE.100011001", "LIVE.100011003", "LIVE.103011019", "LIVE.100011005"];
