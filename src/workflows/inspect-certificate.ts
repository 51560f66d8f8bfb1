import type { z } from "zod";
import { limits } from "../catalogue/limits.js";
import { certificate, domainOrAddress, list, privateKey, struct, text } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { type OwnToolContext, ownTool, thisComputer } from "../own-tool.js";
import { type CertificateFacts, inspect } from "../preflight/inspect.js";
import { pemOfCertificate } from "./given-certificate.js";
import { unusable } from "./reading.js";

const params = struct({
  certificate: certificate("Certificate or chain, PEM or reference").optional(),
  certificate_id: text("Instead: ID at Tencent Cloud SSL").optional(),
  private_key: privateKey("Reference to the key that should fit").optional(),
  domains: list(domainOrAddress("Domain"), "Domains it should cover").optional(),
});

/** The parameter in which a fault was found, under the name by which the caller gave it. */
const givenAs: Readonly<Record<string, string>> = { certificatePem: "certificate", privateKeyPem: "private_key" };

/** The PEM text that is meant, given or read from the cloud. */
async function pemOf(given: z.output<typeof params>, context: OwnToolContext): Promise<string> {
  const { certificate: pem, certificate_id: id } = given;
  if (pem !== undefined && id === undefined) return pem;
  if (pem === undefined && id !== undefined) return pemOfCertificate(id, context);
  throw unusable("Give certificate or certificate_id, one of the two.");
}

/** With the first of its names, where it has more than any authority puts into one. */
function withNames({ names, ...facts }: CertificateFacts) {
  const more = names.length - limits.chain.names;
  return { names: names.slice(0, limits.chain.names), ...(more > 0 && { more_names: more }), ...facts };
}

export const inspectCertificate = ownTool({
  name: "inspect_certificate",
  title: "Inspect a certificate",
  service: thisComputer,
  summary:
    "Verdict, names, dates, key, chain, fingerprints and faults of a certificate, whether a key fits it and domains are covered.",
  effect: "read",
  params,
  uses: [describeCertificateDetailWithoutKey],
  result: members({ findings: array(members({ level: string(), parameter: string(), says: string() })) }),
  run: async (given, context) => {
    const { private_key: privateKeyPem, domains } = given;
    const certificatePem = await pemOf(given, context);
    const subject = { certificatePem, ...(privateKeyPem && { privateKeyPem }), ...(domains && { domains }) };
    const { verdict, findings, certificate, ...report } = inspect(subject, context.now());
    const named = findings.map(({ parameter, ...found }) => ({ parameter: givenAs[parameter] ?? parameter, ...found }));
    return { verdict, ...(certificate && { certificate: withNames(certificate) }), ...report, findings: named };
  },
});
