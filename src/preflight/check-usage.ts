import { safe } from "../visible.js";
import type { Certificate } from "./certificate.js";
import { type Finding, warning } from "./finding.js";

/** Extended key usages under which a server may show a certificate: serverAuth and any. */
const serverUsages = ["1.3.6.1.5.5.7.3.1", "2.5.29.37.0"];

/** Whether it is a server's certificate at all. */
export function checkServerUse({ isCa, selfIssued, usages }: Certificate, parameter: string): Finding[] {
  const found: Finding[] = [];
  if (isCa) {
    found.push(
      warning(
        parameter,
        selfIssued
          ? safe`The first certificate is a root certificate, not a server's.`
          : safe`The first certificate is a CA certificate, not a server's.`,
      ),
    );
  }
  if (usages !== undefined && !usages.some((usage) => serverUsages.includes(usage))) {
    found.push(
      warning(parameter, safe`The certificate is not meant for servers: its extended key usage lacks serverAuth.`),
    );
  }
  return found;
}
