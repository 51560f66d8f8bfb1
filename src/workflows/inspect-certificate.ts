import type { z } from "zod";
import { certificate, list, privateKey, struct, text } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { describeCertificateDetail } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { Failure } from "../failure.js";
import { type OwnToolContext, ownTool, thisComputer } from "../own-tool.js";
import { inspect } from "../preflight/inspect.js";

const params = struct({
  certificate: certificate("Certificate or chain, PEM or reference").optional(),
  certificate_id: text("Instead: ID at Tencent Cloud SSL").optional(),
  private_key: privateKey("Reference to the key that should fit").optional(),
  domains: list(text("Domain"), "Domains it should cover").optional(),
});

/** The PEM text that is meant, given or read from the cloud. */
async function pemOf(given: z.output<typeof params>, context: OwnToolContext): Promise<string> {
  const { certificate: pem, certificate_id: id } = given;
  if ((pem === undefined) === (id === undefined)) throw input("Give certificate or certificate_id, one of the two.");
  if (pem !== undefined) return pem;
  const { CertificatePublicKey } = await context.read(describeCertificateDetail, { CertificateId: id });
  if (typeof CertificatePublicKey !== "string" || CertificatePublicKey === "") {
    throw input(`Certificate ${id} has not been issued, so there is no certificate to inspect.`);
  }
  return CertificatePublicKey;
}

function input(happened: string): Failure {
  return new Failure({ kind: "input", happened, changed: "no", next: "Correct the arguments and call again." });
}

export const inspectCertificate = ownTool({
  name: "inspect_certificate",
  title: "Inspect a certificate",
  service: thisComputer,
  summary:
    "Names, dates, days left, key, chain, fingerprints and faults of a certificate, whether a key fits it and domains are covered.",
  effect: "read",
  params,
  result: members({ findings: array(members({ level: string(), parameter: string(), says: string() })) }),
  run: async (given, context) => {
    const { private_key: privateKeyPem, domains } = given;
    const certificatePem = await pemOf(given, context);
    const subject = { certificatePem, ...(privateKeyPem && { privateKeyPem }), ...(domains && { domains }) };
    return { ...inspect(subject, context.now()) };
  },
});
