import type { z } from "zod";
import { certificate, domain, identifier, list, struct, text } from "../catalogue/params.js";
import { array, members } from "../catalogue/results.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { parseFingerprint } from "../certificates/fingerprint.js";
import { type Expectation, sentChainIn } from "../certificates/sent-chain.js";
import { X509 } from "../certificates/x509.js";
import { mapConcurrent } from "../lib/map-concurrent.js";
import { formatName, safe, verbatim } from "../lib/safe-text.js";
import { type ToolError, unlessFailed, unusable } from "../lib/tool-error.js";
import { defineTool, jobsService, type ToolContext } from "../pipeline/tool.js";
import { hostName } from "../tls-check/host-name.js";
import type { TlsReport } from "../tls-check/tls-check.js";
import { pemOfCertificate } from "./certificate-detail.js";
import { servedReport } from "./served-report.js";

/** getaddrinfo resolves this many names at a time; more would queue and look like names without an answer. */
const maxAtOnce = 4;

const params = struct({
  domains: list(domain("Host name, no wildcard"), "Domains to look at", { min: 1, max: 20 }),
  fingerprint: text("What should be served: SHA-256 or SHA-1").optional(),
  certificate_id: identifier("Or: its ID at Tencent Cloud SSL").optional(),
  certificate: certificate("Or: the certificate, PEM or reference").optional(),
  address: text("Only this IP address").optional(),
});

/** What should be served; undefined if nothing was given. A fingerprint says nothing about the chain. */
async function expectedIn(given: z.output<typeof params>, context: ToolContext): Promise<Expectation | undefined> {
  const { fingerprint, certificate_id: id, certificate: pem } = given;
  if ([fingerprint, id, pem].filter((each) => each !== undefined).length > 1) {
    throw unusable("Give one of fingerprint, certificate_id and certificate, or none.");
  }
  if (fingerprint !== undefined) return { sha256: parseFingerprint(fingerprint) };
  const text = id === undefined ? pem : await pemOfCertificate(id, context);
  if (text === undefined) return undefined;
  const leaf = X509.read(text);
  if (leaf === undefined) throw unusable("The certificate that should be served does not parse.");
  return { sha256: leaf.sha256, chain: sentChainIn(text, context.now()) };
}

export const checkServedCertificate = defineTool({
  name: "check_served_certificate",
  title: "Check what domains serve",
  service: jobsService,
  summary:
    "Connects by TLS to every address of each domain, as several kinds of client: certificate, chain as sent, trust. With one expected, status: serving (all clients), incomplete or other chain, some clients, propagating (some addresses), other certificate, no TLS, unreachable.",
  effect: "read",
  params,
  uses: [describeCertificateDetailWithoutKey],
  result: members({ domains: array(members({})) }),
  run: async (given, context) => {
    // A bad name is reported before any connection is made.
    for (const domain of given.domains) hostName(domain);
    const expected = await expectedIn(given, context);
    const { signal, tlsCheck, progress } = context;
    const failures: ToolError[] = [];
    const hosts = [...new Set(given.domains)];
    const domains = await mapConcurrent(hosts, maxAtOnce, async (domain) => {
      const checking = tlsCheck.inspect(domain, { signal, address: given.address });
      const tlsReport = await unlessFailed(checking, (error): TlsReport => {
        failures.push(error);
        return { domain, addresses: [], problem: error.details.happened };
      });
      const report = servedReport(tlsReport, expected, context.now());
      progress(safe`${formatName(domain)}: ${report.status === undefined ? safe`looked at` : verbatim(report.status)}`);
      return report;
    });
    const [first] = failures;
    if (first !== undefined && failures.length === hosts.length) throw first;
    return { domains };
  },
});
