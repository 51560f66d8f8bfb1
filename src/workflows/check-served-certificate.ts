import type { z } from "zod";
import { certificate, domain, list, struct, text } from "../catalogue/params.js";
import { array, members } from "../catalogue/results.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import type { Look } from "../edge/edge.js";
import { hostName } from "../edge/host-name.js";
import { normalFingerprint } from "../edge/served.js";
import { Failure } from "../failure.js";
import { jobs, type OwnToolContext, ownTool } from "../own-tool.js";
import { type Expectation, sentChainIn } from "../preflight/sent-chain.js";
import { X509 } from "../x509.js";
import { pemOfCertificate } from "./given-certificate.js";
import { unusable } from "./reading.js";
import { reportOf } from "./served-report.js";
import { sideBySide } from "./side-by-side.js";

/** As many names as getaddrinfo resolves at the same time; more would wait, and pass for names without an answer. */
const mostAtOnce = 4;

const params = struct({
  domains: list(domain("Host name, no wildcard"), "Domains to look at", { min: 1, max: 20 }),
  fingerprint: text("What should be served: SHA-256 or SHA-1").optional(),
  certificate_id: text("Or: its ID at Tencent Cloud SSL").optional(),
  certificate: certificate("Or: the certificate, PEM or reference").optional(),
  address: text("Only this IP address").optional(),
});

/** What should be served; undefined where nothing was named. Of a fingerprint the chain is not known. */
async function expectedIn(given: z.output<typeof params>, context: OwnToolContext): Promise<Expectation | undefined> {
  const { fingerprint, certificate_id: id, certificate: pem } = given;
  if ([fingerprint, id, pem].filter((each) => each !== undefined).length > 1) {
    throw unusable("Give one of fingerprint, certificate_id and certificate, or none.");
  }
  if (fingerprint !== undefined) return { sha256: normalFingerprint(fingerprint) };
  const text = id === undefined ? pem : await pemOfCertificate(id, context);
  return text === undefined ? undefined : { sha256: fingerprintOf(text), chain: sentChainIn(text, context.now()) };
}

/** Of the first certificate in the text, which is the leaf. */
function fingerprintOf(pem: string): string {
  const leaf = X509.read(pem);
  if (leaf === undefined) throw unusable("The certificate that should be served does not parse.");
  return normalFingerprint(leaf.fingerprint256);
}

export const checkServedCertificate = ownTool({
  name: "check_served_certificate",
  title: "Check what domains serve",
  service: jobs,
  summary:
    "Connects by TLS to every address of each domain, as several kinds of client: certificate, chain as sent, trust. With one expected, status: serving (all clients), incomplete or other chain, some clients, propagating (some addresses), other certificate, no TLS, unreachable.",
  effect: "read",
  params,
  uses: [describeCertificateDetailWithoutKey],
  result: members({ domains: array(members({})) }),
  run: async (given, context) => {
    // A slip in the last name is told before the first is connected to.
    for (const domain of given.domains) hostName(domain);
    const expected = await expectedIn(given, context);
    const { signal, edge, progress } = context;
    const refused: Failure[] = [];
    const asked = [...new Set(given.domains)];
    const domains = await sideBySide(asked, mostAtOnce, async (domain) => {
      const look = await edge.look(domain, { signal, address: given.address }).catch((error: unknown): Look => {
        if (!(error instanceof Failure) || error.facts.kind === "cancelled") throw error;
        refused.push(error);
        return { domain, addresses: [], problem: error.facts.happened };
      });
      const report = reportOf(look, expected);
      progress(`${domain}: ${report.status ?? "looked at"}`);
      return report;
    });
    const [first] = refused;
    if (first !== undefined && refused.length === asked.length) throw first;
    return { domains };
  },
});
