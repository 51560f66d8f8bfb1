import type { Certificate } from "./certificate.js";
import { type Finding, warning } from "./finding.js";

/** Extended key usages under which a server may show a certificate: serverAuth and any. */
const serverUsages = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/** Whether it is a server's certificate at all. */
export function checkServerUse({ isCa, selfIssued, usages }: Certificate, parameter: string): Finding[] {
  const found: Finding[] = [];
  if (isCa) {
    const kind = selfIssued ? "root" : "CA";
    found.push(warning(parameter, `The first certificate is a ${kind} certificate, not a server's.`));
  }
  if (usages !== undefined && !usages.some((usage) => serverUsages.includes(usage))) {
    found.push(
      warning(parameter, "The certificate is not meant for servers: its extended key usage lacks serverAuth."),
    );
  }
  return found;
}
