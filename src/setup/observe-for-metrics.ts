import type { AuditEntry } from "../audit/entry.js";
import type { AuditWriter } from "../audit/source.js";
import type { TlsCheck } from "../tls-check/tls-check.js";

/** Is told what happens, for metrics. Nothing depends on it, and it must not throw. */
export interface Observer {
  /** An entry of the audit log that has been recorded. */
  recorded(entry: AuditEntry): void;
  /** A call to a cloud that failed. */
  cloudFailed(service: string, error: unknown): void;
  /** A certificate that a domain was seen serving, by its end. */
  served(domain: string, notAfter: Date): void;
}

/** The audit log; `observer` gets each entry once it has been recorded. */
export function observedAuditLog(audit: AuditWriter, observer: Pick<Observer, "recorded">) {
  return {
    append: async (entry: AuditEntry) => {
      await audit.append(entry);
      observer.recorded(entry);
    },
  };
}

/** The TLS check; `observer` gets, of each check, the certificate that expires first. */
export function observedTlsCheck(check: TlsCheck, observer: Pick<Observer, "served">): TlsCheck {
  return {
    get roots() {
      return check.roots;
    },
    inspect: async (domain, options) => {
      const tlsReport = await check.inspect(domain, options);
      const seen = tlsReport.addresses.flatMap(({ certificates }) => certificates);
      const ends = seen.map(({ notAfter }) => Date.parse(notAfter));
      if (ends.length > 0) observer.served(domain, new Date(Math.min(...ends)));
      return tlsReport;
    },
    ...(check.recent && { recent: check.recent.bind(check) }),
  };
}
