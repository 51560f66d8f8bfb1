import type { ParsedCertificate } from "../../certificates/certificate.js";
import { buildChain, effectiveEnd, isTrustedBy } from "../../certificates/chain.js";
import { isSameLeaf, type LeafFingerprints } from "../../certificates/fingerprint.js";
import { strengthOf } from "../../certificates/strength.js";
import type { JobTarget } from "../../jobs/job.js";
import { distinctBy } from "../../lib/lists.js";
import { ToolError } from "../../lib/tool-error.js";
import type { PlannedTarget, Step, ToolContext } from "../../pipeline/tool.js";
import type {
  CertificateFacts,
  CertificateSource,
  DeploymentFacts,
  TargetFacts,
} from "../../standing-approvals/facts.js";
import { answeredIn, tlsReportOrReason } from "../../tls-check/served.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { trustVerdict } from "../../tls-check/trust-verdict.js";
import { readLeaf } from "../certificate-detail.js";
import { cloudFailure } from "../cloud-reads.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import type { FindRollback } from "./rolled-back.js";
import { hostOfTarget } from "./targets.js";

interface AboutTargets {
  /** Whether hosts get a second certificate beside this one. */
  readonly second: boolean;
  readonly rollbackAt: FindRollback;
}

/** What standing approvals are about, found out anew: what each target serves is looked at, and not taken from a list. */
export async function deploymentFacts(
  wanted: DesiredCertificate,
  planned: readonly PlannedTarget[],
  about: AboutTargets,
  context: ToolContext,
): Promise<DeploymentFacts> {
  const targets: TargetFacts[] = [];
  // One at a time: the clouds allow few calls per second.
  for (const { target, step } of planned) {
    if (step === undefined) continue;
    const found = await targetFacts(target, wanted, about, context);
    targets.push(found, ...(reachesEdgeOne(step) ? [{ ...found, service: "tencent-edgeone" }] : []));
  }
  const { facts, bundle } = wanted;
  const { roots } = context.tlsCheck;
  const [leaf] = bundle?.certificates ?? [];
  return {
    kind: "deployment",
    certificate:
      leaf === undefined
        ? {
            sha256: facts.sha256,
            names: facts.names,
            notAfter: new Date(facts.notAfter),
            issuer: undefined,
            strength: 0,
          }
        : { ...certificateFacts(leaf), ...(bundle && { notAfter: effectiveEnd(bundle.certificates, roots) }) },
    distrust: distrustOf(wanted, context),
    source: sourceOf(wanted),
    targets,
  };
}

/** Whether a one-click update takes hosts of EdgeOne along, in whatever zone. */
function reachesEdgeOne({ params: { ResourceTypes: types } }: Step): boolean {
  return Array.isArray(types) && types.includes("teo");
}

/** Why clients would not trust the chain as it is sent; undefined if they would. */
function distrustOf({ bundle }: DesiredCertificate, { tlsCheck, now }: ToolContext): string | undefined {
  if (bundle === undefined) return "the store does not show its chain";
  const { certificates } = bundle;
  const { path, forged } = buildChain(certificates);
  if (forged.length > 0) return "a signature in its chain does not verify";
  const last = certificates[path.at(-1) ?? 0] ?? certificates[0];
  const [name = ""] = certificates[0].names;
  return trustVerdict({
    // Whether it covers what it is for is judged by its names.
    host: name.replace("*", "www"),
    certificates,
    fault: isTrustedBy(last.x509, tlsCheck.roots) ? undefined : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    now: now(),
  });
}

function sourceOf({ facts: { source }, pair, fetch }: DesiredCertificate): CertificateSource {
  if (pair === undefined || fetch !== undefined) return { kind: "store" };
  const given = [source.certificate, source.privateKey];
  const paths = given.flatMap((text) => (text?.startsWith("file:") ? [text.slice("file:".length)] : []));
  return paths.length === given.length ? { kind: "files", paths } : { kind: "elsewhere" };
}

async function targetFacts(
  target: JobTarget,
  { facts }: DesiredCertificate,
  { second, rollbackAt }: AboutTargets,
  context: ToolContext,
): Promise<TargetFacts> {
  const { service, zoneId, domain, before, forceRedirect } = target;
  const replaced = await replacedAt(target, facts, context);
  const back = rollbackAt(target);
  const changesRedirect = forceRedirect !== undefined && before?.redirect !== forceRedirect;
  return {
    service,
    zone: zoneId,
    domains:
      domain !== undefined
        ? [domain]
        : typeof replaced === "string"
          ? []
          : [...new Set(replaced.flatMap(({ names }) => names))],
    replaced,
    besides: [
      ...(second ? ["it gets a second certificate"] : []),
      ...(changesRedirect ? ["its redirect to HTTPS changes, or is not known"] : []),
    ],
    ...(back && { rolledBack: { job: back.undone.id, by: back.rollback.id } }),
  };
}

/** What the target serves now and what its cloud lists for it; a text says why that is not known. */
async function replacedAt(
  target: JobTarget,
  desired: LeafFingerprints,
  context: ToolContext,
): Promise<readonly CertificateFacts[] | string> {
  const { oldCertificateId: old, before, beside = [] } = target;
  const stayingIds = new Set(beside.flatMap(({ certificateId, sha256: leaf }) => [certificateId, leaf]));
  const ids = (old === undefined ? (before?.certificateIds ?? []) : [old]).filter((id) => !stayingIds.has(id));
  try {
    const stored = await Promise.all(ids.map((id) => factsById(id, context)));
    const host = hostOfTarget(target);
    if (host === undefined) return stored.length > 0 ? stored : "it cannot be looked at";
    const tlsReport = await tlsReportOrReason(host, context);
    if (typeof tlsReport === "string") return tlsReport;
    const answered = answeredIn(tlsReport);
    if (answered.length === 0) return "no address answered";
    const served = answered.flatMap(({ certificates }) => certificates).filter((each) => !stayingIds.has(each.sha256));
    const others = served.filter((each) => !isSameLeaf(each, desired));
    const seen = (others.length > 0 ? others : served).map(factsOfServed);
    return distinctBy([...stored, ...seen], (each) => each.sha256);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ToolError)) throw error;
    return error.details.happened;
  }
}

async function factsById(id: string, context: ToolContext): Promise<CertificateFacts> {
  const leaf = await readLeaf(id, context);
  if (leaf === undefined) {
    throw cloudFailure(`certificate ${id} cannot be read`, "Look at it (inspect_certificate).");
  }
  return certificateFacts(leaf);
}

function certificateFacts(certificate: ParsedCertificate): CertificateFacts {
  const { x509, names, notAfter } = certificate;
  return {
    sha256: x509.sha256,
    names,
    notAfter,
    issuer: issuerIn(x509.issuer),
    strength: strengthOf(certificate),
  };
}

function factsOfServed({ sha256, names, notAfter, chainEnds, strength }: ServedCertificate): CertificateFacts {
  return { sha256, names, notAfter: new Date(chainEnds ?? notAfter), issuer: undefined, strength };
}

/** The organization, or the common name, in a distinguished name of a line for each attribute. */
function issuerIn(name: string): string | undefined {
  return /^O=(.+)$/m.exec(name)?.[1] ?? /^CN=(.+)$/m.exec(name)?.[1];
}
