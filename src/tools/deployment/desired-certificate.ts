import type { CasRegion } from "../../catalogue/alibaba-cas/stores.js";
import { readReply } from "../../catalogue/documented-reply.js";
import { remedyOf } from "../../catalogue/finding.js";
import { planned } from "../../catalogue/planned-change.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { certificateIdForm, certificateNotFound, certificateSubject } from "../../catalogue/tencent-ssl/params.js";
import { certificateStatus, describeStatus, mayStillBeIssued } from "../../catalogue/tencent-ssl/statuses.js";
import { type Bundle, readBundle } from "../../certificates/bundle.js";
import { buildChain } from "../../certificates/chain.js";
import { fits, openPrivateKey } from "../../certificates/private-key.js";
import { algorithmOf } from "../../certificates/public-key.js";
import { sentChain } from "../../certificates/sent-chain.js";
import type { JobCertificate } from "../../jobs/job.js";
import { formatId, quoted, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { sha256Hex } from "../../lib/sha256.js";
import { type ToolError, unlessFailed, unusable } from "../../lib/tool-error.js";
import type { PendingValue, Step, Supply, ToolContext } from "../../pipeline/tool.js";
import { type CertificateReport, inspect } from "../../preflight/inspect.js";
import { partOf } from "../../secrets/vault/fitting-text.js";
import { readDetail } from "../certificate-detail.js";
import { cloudFailure } from "../cloud-reads.js";
import { readInventory } from "../inventory/inventory.js";
import { didYouMean } from "../inventory/used-by.js";

/** A certificate in another cloud's store, as the settings of a domain name it. */
export type InStore = { readonly cas: number; readonly region: CasRegion } | { readonly scm: string };

/** A certificate to deploy. */
export interface DesiredCertificate {
  readonly facts: JobCertificate;
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
  /** The chain as it is sent, parsed; absent if the store does not show it. */
  readonly bundle?: Bundle;
  /** Chain and key; absent if not requested. */
  readonly pair?: Pair | undefined;
  /** Set while the key is still at Tencent Cloud; `pair` then has a placeholder for it. */
  readonly fetch?: KeyFetch | undefined;
  /** Set if the targets take it from their own cloud's store. */
  readonly inStore?: InStore;
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
  return (await issuedById(id, context)).desired;
}

/**
 * Like {@link desiredById}, but to be served outside Tencent Cloud: its key is fetched once that is approved.
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
  // A text that cannot be an id is probably a name, so the lists are asked first.
  if (!certificateIdForm.test(id)) await refuseIfCalledOtherwise(id, context);
  const { Status, CertificatePublicKey: pem } = await unlessFailed(readDetail(id, context), async (failure) => {
    if (failure.details.code === certificateNotFound) await refuseIfCalledOtherwise(id, context);
    throw failure;
  });
  if (Status !== certificateStatus.issued.code || !pem) {
    throw unusable(
      `Certificate ${id} cannot be deployed: ${describeStatus(Status)}.`,
      mayStillBeIssued(Status)
        ? "Wait until it is issued (wait_for), or choose another."
        : "Choose another: see find_certificates.",
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

/** @throws {ToolError} if the stores list a certificate that may be meant; a list that cannot be read has none */
async function refuseIfCalledOtherwise(id: string, context: ToolContext): Promise<void> {
  const meant = /^(?:[\da-f]{2}:?){20,}$/i.test(id)
    ? " It has the form of a fingerprint, which the lists of the stores do not show."
    : didYouMean(id, (await readInventory(context, { fresh: false, withDomains: false })).certificates);
  if (meant === "") return;
  throw unusable(
    `${quoted(id, 100)} is the id of no certificate.${meant}`,
    "Give certificate_id as find_certificates lists it, once it is clear which is meant.",
  );
}

function refuseFaulty(findings: CertificateReport["findings"]): void {
  const faults = findings.filter(({ level }) => level === "error");
  if (faults.length > 0) {
    const says = faults.map((fault) => fault.says).join(" ");
    throw unusable(`The certificate cannot be deployed: ${says}`, remedyOf(faults));
  }
}

function factsOf(
  { names, notAfter, sha1, sha256, key }: NonNullable<CertificateReport["certificate"]>,
  bundle: Bundle,
  source: JobCertificate["source"],
  now: Date,
): Pick<DesiredCertificate, "facts" | "bundle" | "algorithm" | "incomplete" | "certificates"> {
  const { certificates } = bundle;
  return {
    bundle,
    facts: {
      sha256,
      sha1,
      chain: sentChain(certificates, now),
      names: [...names],
      notAfter,
      source,
    },
    algorithm: algorithmOf(key),
    incomplete: buildChain(certificates).complete === "no",
    certificates: certificates.length,
  };
}

/** The private key of a certificate at Tencent Cloud, fetched only after a person approved its use. */
interface KeyFetch extends Supply {
  /** Placeholder for the key in the steps that send it. */
  readonly key: PendingValue;
}

/** @param approved the certificate and its chain, as the cloud shows them without the key */
function keyFetch(id: string, approved: Bundle, { vault }: Pick<ToolContext, "vault">): KeyFetch {
  const publicKey = sha256Hex(approved.leaf.publicKey);
  const says = safe`private key of certificate ${formatId(id)}, fetched from Tencent Cloud after approval, public half SHA-256 ${verbatim(publicKey)}`;
  const key = { placeholder: `${says}, for the chain ${chainDigest(approved)}`, says };
  const step: Step = {
    name: `Fetch the key of certificate ${id}`,
    label: safe`Fetch the key of certificate ${formatId(id)}`,
    operation: downloadCertificate,
    params: { CertificateId: id },
    changes: [
      planned(
        certificateSubject(id),
        "private key",
        safe`fetched from Tencent Cloud after approval and sent to the targets that need it; held in memory here`,
      ),
    ],
  };
  return {
    step,
    beforeTargets: true,
    key,
    read: async (reply) => {
      const entry = vault.find(readReply(downloadCertificate, reply)?.Content ?? "");
      if (entry === undefined) throw misfit(id, "it could not be kept");
      const privateKeyPem = partOf(entry, "key");
      refuseMisfit(id, partOf(entry, "fullchain"), privateKeyPem, approved);
      return { placeholders: new Map([[key.placeholder, privateKeyPem]]) };
    },
  };
}

function refuseMisfit(id: string, chainPem: string, keyPem: string, approved: Bundle): void {
  const chain = readBundle(chainPem);
  if (chain === undefined || chainDigest(chain) !== chainDigest(approved)) {
    throw misfit(id, "it holds another certificate or chain than was approved");
  }
  const key = openPrivateKey(keyPem, undefined);
  if (typeof key === "string") throw misfit(id, `its private key cannot be opened (${key})`);
  if (!fits(approved.leaf, key))
    throw misfit(id, "its private key is not the certificate's: what it signs does not verify");
}

function chainDigest({ certificates }: Bundle): string {
  return sha256Hex(certificates.map(({ x509 }) => sha256Hex(x509.raw)).join());
}

function misfit(id: string, why: string): ToolError {
  return cloudFailure(
    `The archive of certificate ${id} was fetched after the approval, but ${why}. Nothing was sent to any target.`,
    "Tell the person. Look at the certificate (inspect_certificate), or deploy one whose key you have by reference.",
  );
}
