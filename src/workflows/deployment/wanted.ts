import { z } from "zod";
import { number, text } from "../../catalogue/loose.js";
import { describeCertificateDetail } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { certificateStatus, certificateStatusInWords } from "../../catalogue/tencent-ssl/in-words.js";
import { hexOf } from "../../edge/served.js";
import type { JobCertificate } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";
import { inspect } from "../../preflight/inspect.js";
import { partOf } from "../../secrets/vault/parts.js";
import { readAs, unusable } from "../reading.js";

/** A certificate that is to be served somewhere. */
export interface Wanted {
  readonly facts: JobCertificate;
  /** SHA-1 of the leaf, as Tencent Cloud tells it. */
  readonly sha1: string;
  /** Chain and key; absent where nobody asked for them. */
  readonly pair?: Pair | undefined;
}

export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * A chain and its key as something to deploy.
 * @throws {Failure} of kind input where it could not be served: unreadable, expired, another key's
 */
export function wantedFrom(pair: Pair, source: JobCertificate["source"], now: Date): Wanted {
  const report = inspect({ certificatePem: pair.certificate, privateKeyPem: pair.privateKey }, now);
  const faults = report.findings.filter(({ level }) => level === "error");
  if (report.certificate === undefined || faults.length > 0) {
    throw unusable(`The certificate cannot be deployed: ${faults.map(({ says }) => says).join(" ")}`);
  }
  return { ...factsOf(report.certificate, source), pair };
}

const detail = z.object({ Status: number, CertificatePublicKey: text });

/**
 * A certificate of Tencent Cloud SSL as something to deploy.
 * @param withKey whether its key is needed, for what is not on Tencent Cloud
 * @throws {Failure} where it has not been issued, or its key cannot be had
 */
export async function wantedById(id: string, withKey: boolean, context: OwnToolContext): Promise<Wanted> {
  const { Status, CertificatePublicKey: pem } = await readAs(
    context,
    describeCertificateDetail,
    { CertificateId: id },
    detail,
  );
  if (Status !== certificateStatus.issued || !pem) {
    throw unusable(
      `Certificate ${id} cannot be deployed: ${certificateStatusInWords(Status)}.`,
      "Wait until it is issued (wait_for), or choose another.",
    );
  }
  if (withKey) {
    const { facts, ...wanted } = wantedFrom(await pairOf(id, context), {}, context.now());
    return { ...wanted, facts: { ...facts, certificateId: id } };
  }
  const { certificate, findings } = inspect({ certificatePem: pem }, context.now());
  if (certificate === undefined) throw unusable(`Certificate ${id} cannot be read: ${findings[0]?.says ?? ""}`);
  const known = factsOf(certificate, {});
  return { ...known, facts: { ...known.facts, certificateId: id } };
}

const archive = z.object({ Content: text });

/**
 * Chain and key out of the archive that Tencent Cloud hands out; neither is seen by anybody.
 * @throws {Failure} where the archive holds no key, as for a certificate from the customer's own CSR
 */
export async function pairOf(id: string, context: Pick<OwnToolContext, "hold" | "vault">): Promise<Pair> {
  const { Content: reference } = archive.parse(await context.hold(downloadCertificate, { CertificateId: id }));
  const entry = context.vault.find(reference ?? "");
  if (entry === undefined) throw unusable(`The archive of certificate ${id} could not be kept.`);
  return { certificate: partOf(entry, "fullchain"), privateKey: partOf(entry, "key") };
}

function factsOf(
  { names, notAfter, fingerprints }: NonNullable<ReturnType<typeof inspect>["certificate"]>,
  source: JobCertificate["source"],
): Pick<Wanted, "facts" | "sha1"> {
  const sha1 = hexOf(fingerprints.sha1);
  return {
    facts: { sha256: hexOf(fingerprints.sha256), sha1, names: [...names], notAfter, source },
    sha1,
  };
}
