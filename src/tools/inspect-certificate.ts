import type { z } from "zod";
import { limits } from "../catalogue/limits.js";
import { certificate, domainOrAddress, identifier, list, privateKey, struct } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeKey } from "../certificates/public-key.js";
import { unusable } from "../lib/tool-error.js";
import { defineTool, type ToolContext, thisComputerService } from "../pipeline/tool.js";
import { type CertificateSummary, type ChainFacts, inspect } from "../preflight/inspect.js";
import { pemOfCertificate } from "./certificate-detail.js";
import { namesForReply } from "./certificate-members.js";

const params = struct({
  certificate: certificate("Certificate or chain, PEM or reference").optional(),
  certificate_id: identifier("Instead: ID at Tencent Cloud SSL").optional(),
  private_key: privateKey("Reference to the key that should fit").optional(),
  domains: list(domainOrAddress("Domain"), "Domains it should cover").optional(),
});

/** The parameter with the fault, by the name that the caller used. */
const givenAs: Readonly<Record<string, string>> = { certificatePem: "certificate", privateKeyPem: "private_key" };

/** The PEM text, given or read from the cloud. */
async function pemOf(given: z.output<typeof params>, context: ToolContext): Promise<string> {
  const { certificate: pem, certificate_id: id } = given;
  if (pem !== undefined && id === undefined) return pem;
  if (pem === undefined && id !== undefined) return pemOfCertificate(id, context);
  throw unusable("Give certificate or certificate_id, one of the two.");
}

function certificateMembers(certificate: CertificateSummary) {
  const { names, subject, issuer, serialNumber, notBefore, notAfter, daysLeft, sha1, sha256 } = certificate;
  const { key, signatureHash, isCa, sm2, certificateTransparency, ocsp, caIssuers } = certificate;
  return {
    // At most as many as a CA puts into one certificate.
    ...namesForReply(names, limits.chain.names),
    subject,
    issuer,
    serial_number: serialNumber,
    not_before: notBefore,
    not_after: notAfter,
    days_left: daysLeft,
    key: describeKey(key),
    signature_hash: signatureHash,
    is_ca: isCa,
    sm2,
    sha1,
    sha256,
    certificate_transparency: certificateTransparency,
    ocsp,
    ca_issuers: caIssuers,
  };
}

function chainMembers({ certificates, complete, rootIncluded, ends }: ChainFacts) {
  const chain = certificates.map(({ subject, issuer, notAfter }) => ({ subject, issuer, not_after: notAfter }));
  return { chain, chain_complete: complete, root_included: rootIncluded, ...(ends && { chain_ends: ends }) };
}

export const inspectCertificate = defineTool({
  name: "inspect_certificate",
  title: "Inspect a certificate",
  service: thisComputerService,
  summary:
    "Verdict, names, dates, key, chain, fingerprints and faults of a certificate, whether a key fits it and domains are covered.",
  effect: "read",
  params,
  uses: [describeCertificateDetailWithoutKey],
  result: members({ findings: array(members({ level: string(), parameter: string(), says: string() })) }),
  run: async (given, context) => {
    const { private_key: privateKeyPem } = given;
    const certificatePem = await pemOf(given, context);
    const subject = {
      certificatePem,
      ...(privateKeyPem && { privateKeyPem }),
      ...(given.domains && { domains: given.domains }),
    };
    const { verdict, findings, certificate, chain, keyFits, domains } = inspect(
      subject,
      context.now(),
      context.tlsCheck.roots,
    );
    const named = findings.map(({ parameter, ...found }) => ({ parameter: givenAs[parameter] ?? parameter, ...found }));
    return {
      verdict,
      ...(certificate && { certificate: certificateMembers(certificate) }),
      ...(chain && chainMembers(chain)),
      ...(keyFits !== undefined && { key_fits: keyFits }),
      ...domains,
      findings: named,
    };
  },
});
