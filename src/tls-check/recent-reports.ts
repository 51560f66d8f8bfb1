import { keepNewest } from "../lib/keep-newest.js";
import type { TlsCheck, TlsReport } from "./tls-check.js";

/** Domains whose newest look is kept; a job has at most a hundred targets. */
const MAX_REPORTS = 200;

/** Keeps the newest report of each domain, so that what was just checked need not be checked again. */
export function withRecentReports(check: TlsCheck): Required<TlsCheck> {
  /** By domain in lower case, the newest last. */
  const reports = new Map<string, TlsReport>();
  return {
    get roots() {
      return check.roots;
    },
    inspect: async (domain, options) => {
      const tlsReport = await check.inspect(domain, options);
      if (options.address === undefined) keepNewest(reports, domain.toLowerCase(), tlsReport, MAX_REPORTS);
      return tlsReport;
    },
    recent: (domain, notBefore, notAfter) => {
      const tlsReport = reports.get(domain.toLowerCase());
      const began = Date.parse(tlsReport?.at ?? "");
      return began >= notBefore && began <= notAfter ? tlsReport : undefined;
    },
  };
}
