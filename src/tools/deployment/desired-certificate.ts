import { certificateStatus, certificateStatusInWords } from "../../catalogue/tencent-ssl/descriptions.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { type Bundle, readBundle } from "../../certificates/bundle.js";
import { buildChain } from "../../certificates/chain.js";
import { algorithmOf } from "../../certificates/public-key.js";
import { sentChain } from "../../certificates/sent-chain.js";
import type { JobCertificate } from "../../jobs/job.js";
import type { SafeText } from "../../lib/escape-text.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { remedyOf } from "../../preflight/finding.js";
import { type CertificateReport, inspect } from "../../preflight/inspect.js";
import { hexOf } from "../../tls-check/served.js";
import { readDetail } from "../certificate-detail.js";
import { unusable } from "../read-with-retry.js";
import { type KeyFetch, keyFetch } from "./key-fetch.js";

/** A certificate to deploy. */
export interface DesiredCertificate {
  readonly facts: JobCertificate;
  /** SHA-1 of the leaf, as Tencent Cloud reports it. */
  readonly sha1: string;
  /** Of its key: RSA, ECDSA, … */
  readonly algorithm: string;
  /** An intermediate that clients need is missing. */
  readonly incomplete: boolean;
  /** How many certificates are sent. */
  readonly certificates: number;
  /** Ids at Tencent Cloud SSL that are equivalent to the one in `facts`. */
  readonly sameCopies?: readonly string[];
  /** Copies of the same leaf there whose chain is unsuitable. */
  readonly otherCopies?: readonly string[];
  /** Chain and key; absent if not requested. */
  readonly pair?: Pair | undefined;
  /** Set while the key is still at Tencent Cloud; `pair` then has a placeholder for it. */
  readonly fetch?: KeyFetch | undefined;
  /** What could not be found out about it, in a sentence. */
  readonly doubt?: SafeText;
}

export interface Pair {
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * A certificate to deploy, from a chain and its key.
 * @throws {ToolError} of kind input if it could not be served: unreadable, expired, or the key of another certificate
 */
export function desiredFromPair(pair: Pair, source: JobCertificate["source"], now: Date): DesiredCertificate {
  const report = inspect({ certificatePem: pair.certificate, privateKeyPem: pair.privateKey }, now);
  refuseFaulty(report.findings);
  const bundle = readBundle(pair.certificate);
  if (report.certificate === undefined || bundle === undefined) throw unusable("The certificate cannot be read.");
  return { ...factsOf(report.certificate, bundle, source, now), pair };
}

/**
 * A certificate to deploy, from Tencent Cloud SSL; its key stays there.
 * @throws {ToolError} if it has not been issued
 */
export async function desiredById(id: string, context: ToolContext): Promise<DesiredCertificate> {
  const { desired } = await issuedById(id, context);
  return desired;
}

/**
 * The same, to be served outside Tencent Cloud: its key is fetched once that is approved.
 * @throws {ToolError} also if it could not be served, or the policy excludes fetching the key
 */
export async function desiredWithKey(id: string, context: ToolContext): Promise<DesiredCertificate> {
  const excluded = context.exclusionOf(downloadCertificate);
  if (excluded !== undefined) throw excluded;
  const { desired, bundle, findings } = await issuedById(id, context);
  refuseFaulty(findings);
  const fetch = keyFetch(id, bundle, context);
  const certificate = bundle.certificates.map(({ x509 }) => x509.pem).join("");
  return { ...desired, pair: { certificate, privateKey: fetch.key.placeholder }, fetch };
}

async function issuedById(id: string, context: ToolContext) {
  const { Status, CertificatePublicKey: pem } = await readDetail(id, context);
  if (Status !== certificateStatus.issued || !pem) {
    throw unusable(
      `Certificate ${id} cannot be deployed: ${certificateStatusInWords(Status)}.`,
      "Wait until it is issued (wait_for), or choose another.",
    );
  }
  const { certificate, findings } = inspect({ certificatePem: pem }, context.now());
  const bundle = readBundle(pem);
  if (certificate === undefined || bundle === undefined) {
    throw unusable(`Certificate ${id} cannot be read: ${findings[0]?.says ?? ""}`);
  }
  const known = factsOf(certificate, bundle, {}, context.now());
  return { desired: { ...known, facts: { ...known.facts, certificateId: id } }, bundle, findings };
}

function refuseFaulty(findings: CertificateReport["findings"]): void {
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) {
    const says = faults.map((fault) => fault.says).join(" ");
    throw unusable(`The certificate cannot be deployed: ${says}`, remedyOf(faults));
  }
}

function factsOf(
  { names, notAfter, fingerprints, key }: NonNullable<ReturnType<typeof inspect>["certificate"]>,
  { certificates }: Bundle,
  source: JobCertificate["source"],
  now: Date,
): Pick<DesiredCertificate, "facts" | "sha1" | "algorithm" | "incomplete" | "certificates"> {
  const sha1 = hexOf(fingerprints.sha1);
  return {
    facts: {
      sha256: hexOf(fingerprints.sha256),
      sha1,
      chain: sentChain(certificates, now),
      names: [...names],
      notAfter,
      source,
    },
    sha1,
    algorithm: algorithmOf(key),
    incomplete: buildChain(certificates).complete === "no",
    certificates: certificates.length,
  };
}
