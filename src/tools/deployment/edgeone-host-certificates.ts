import { isOfEdgeone, type ListedHostCertificate } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { certificateNotFound } from "../../catalogue/tencent-ssl/params.js";
import { certificateStatus, describeStatus } from "../../catalogue/tencent-ssl/statuses.js";
import { coversAll } from "../../certificates/domain-names.js";
import { algorithmOf } from "../../certificates/public-key.js";
import type { Beside, JobTarget } from "../../jobs/job.js";
import { certificateIdsSet, isRecent } from "../../jobs/requests.js";
import { dayMs } from "../../lib/days.js";
import { distinctBy, partition } from "../../lib/lists.js";
import { formatId, formatName, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { inspect } from "../../preflight/inspect.js";
import {
  lostClientsWarning,
  otherServedCertificates,
  possibleLossWarning,
} from "../../tls-check/other-certificates.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { readDetail } from "../certificate-detail.js";
import { unlessExcluded } from "../cloud-reads.js";
import type { CloudCertificate, DeploymentContext, HostCertificates, HostListing } from "./deployer.js";
import { storedCopiesOf } from "./stored-copies.js";
import { hostOfTarget } from "./targets.js";

export async function readStored(id: string, context: ToolContext): Promise<CloudCertificate> {
  const found = await unlessFailed(unlessExcluded(readDetail(id, context)), ({ details }) => ({
    excluded: details.happened,
    isMissing: details.code === certificateNotFound,
  }));
  if ("excluded" in found) {
    const unread = !("isMissing" in found && found.isMissing);
    return { id, issued: false, status: verbatim(found.excluded), unread };
  }
  const { Status, CertificatePublicKey: pem } = found;
  const leaf = pem ? inspect({ certificatePem: pem }, context.now()).certificate : undefined;
  const status = describeStatus(Status);
  return {
    id,
    issued: Status === certificateStatus.issued.code,
    status,
    ...(leaf && {
      algorithm: algorithmOf(leaf.key),
      sha1: leaf.sha1,
      sha256: leaf.sha256,
      names: leaf.names,
      notAfter: leaf.notAfter,
    }),
  };
}

/** @param listing what the cloud lists for the host; unless its site was read, that may be one of two certificates */
export async function hostCertificatesOf(
  jobTarget: JobTarget,
  { certificates = [], unread }: HostListing,
  deploymentContext: DeploymentContext,
): Promise<HostCertificates> {
  if (unread === undefined) return heldByList(certificates, deploymentContext);
  const listed = certificates.map(({ id }) => id);
  const all = async (ids: readonly string[]) => Promise.all(ids.map((id) => deploymentContext.storedCertificate(id)));
  const recentIds = recentlySentIds(jobTarget, deploymentContext);
  const [only] = listed;
  if (listed.length > 1 || only === undefined) return { stored: await all(listed), unstored: [] };
  if (recentIds.includes(only)) return { stored: await all(recentIds), unstored: [] };
  const [first] = await all([only]);
  const stored = first === undefined ? [] : [first];
  const others = await otherCertificatesSeen(jobTarget, first, deploymentContext);
  if (typeof others === "string") return { stored, unstored: [], doubt: others };
  const unstored: ServedCertificate[] = [];
  for (const each of others) {
    const id = await idOfServed(each, deploymentContext.context);
    if (id === undefined) unstored.push(each);
    else stored.push(await deploymentContext.storedCertificate(id));
  }
  return { stored, unstored };
}

/** The list of the site is complete. A certificate that cannot be read is still of the kind that the list shows. */
async function heldByList(
  listed: readonly ListedHostCertificate[],
  deploymentContext: DeploymentContext,
): Promise<HostCertificates> {
  const stored = await Promise.all(
    listed.map(async ({ id, algorithm: shown, failed }) => {
      const { algorithm = shown, ...rest } = await deploymentContext.storedCertificate(id);
      return { ...rest, ...(algorithm !== undefined && { algorithm }), failed };
    }),
  );
  return { stored, unstored: [] };
}

/** The copy at Tencent Cloud SSL of what an edge serves, preferably one with the same chain. */
async function idOfServed(served: ServedCertificate, context: ToolContext): Promise<string | undefined> {
  const facts = { ...served, names: [...served.names], chain: served.sent };
  const found = await unlessExcluded(storedCopiesOf(facts, await context.journal.list(), context));
  return "usable" in found ? (found.usable[0]?.id ?? found.others[0]) : undefined;
}

/** Ids from this server's newest request for the host, while its edge may not serve them yet. */
function recentlySentIds({ id }: JobTarget, { earlier, context }: DeploymentContext): readonly string[] {
  const request = earlier.lastSent(id);
  if (request === undefined || !request.isAccepted || !request.isOwn || !isRecent(request, context.now())) return [];
  return certificateIdsSet(request);
}

async function otherCertificatesSeen(
  jobTarget: JobTarget,
  listed: CloudCertificate | undefined,
  { context }: DeploymentContext,
): Promise<readonly ServedCertificate[] | string> {
  const host = hostOfTarget(jobTarget);
  if (host === undefined) return "what a wildcard serves cannot be seen";
  const { sha1, algorithm } = listed ?? {};
  if (sha1 === undefined || algorithm === undefined) return "its certificate could not be read";
  return otherServedCertificates(host, { sha1, algorithm }, context);
}

/**
 * What happens to a host's certificates when it gets others: with several algorithms, the rest is kept, which means set
 * again next to the new ones; an only certificate is replaced.
 * @param given those that it gets
 */
export function outcomeFor(
  jobTarget: JobTarget,
  hostCertificates: HostCertificates,
  given: readonly Given[],
  now: Date,
) {
  const { domain = "" } = jobTarget;
  const { stored, unstored } = hostCertificates;
  const taken = given.map(({ algorithm }) => algorithm);
  const others = stored.filter(({ algorithm }) => algorithm !== undefined && !taken.includes(algorithm));
  const unstoredOthers = unstored.filter(({ algorithm }) => !taken.includes(algorithm));
  const several = new Set([...stored, ...unstored].map(({ algorithm }) => algorithm)).size > 1;
  // Next to one of an unknown algorithm the new one could be of the same, of which a host has only one.
  const keepable = several ? others.filter((each) => obstacle(each, jobTarget, now) === undefined) : [];
  // A host has one of each kind. Beside that in force, one that could not be put into force may be listed.
  const inForceLast = partition(keepable, ({ failed }) => failed === true).flat();
  const kept = distinctBy(inForceLast, ({ algorithm }) => algorithm);
  const remaining = new Set([...taken, ...kept.map(({ algorithm }) => algorithm)]);
  const gone = others.flatMap((each) =>
    each.algorithm === undefined || remaining.has(each.algorithm)
      ? []
      : [lostClientsWarning(domain, each.algorithm, whyNotKept(each, jobTarget, now))],
  );
  const lost = unstoredOthers.flatMap((each) =>
    remaining.has(each.algorithm) ? [] : [lostClientsWarning(domain, each.algorithm, notStored)],
  );
  return { kept, warnings: [...gone, ...lost, ...possibleLosses(jobTarget, hostCertificates, given)] };
}

/** What happens when a host gets these and nothing besides. */
export function withoutOthers(
  jobTarget: JobTarget,
  hostCertificates: HostCertificates,
  given: readonly Given[],
): ReturnType<typeof outcomeFor> {
  const { domain = "" } = jobTarget;
  const { stored, unstored } = hostCertificates;
  const taken = given.map(({ algorithm }) => algorithm);
  // One that stays is not lost, even if nothing tells its kind.
  const others = stored.filter(({ id }) => !isAmong(given, id));
  const now = new Set([...others, ...unstored].map(({ algorithm }) => algorithm));
  const lost = [...now].flatMap((each) => (each === undefined || taken.includes(each) ? [] : each));
  const warnings = lost.map((each) => lostClientsWarning(domain, each));
  return { kept: [], warnings: [...warnings, ...possibleLosses(jobTarget, hostCertificates, given)] };
}

/** A certificate that a host gets, as far as it is known. */
type Given = Partial<Readonly<Record<"certificateId" | "algorithm", string | undefined>>>;

const isAmong = (given: readonly Given[], id: string) => given.some(({ certificateId }) => certificateId === id);

/**
 * What a host may lose: one of an unknown kind, or what a check of its edge could not show. That shows RSA and ECDSA, so
 * a host that gets both loses nothing by it.
 */
function possibleLosses({ domain = "" }: JobTarget, { stored, doubt }: HostCertificates, given: readonly Given[]) {
  const hasBoth = ["RSA", "ECDSA"].every((each) => given.some(({ algorithm }) => algorithm === each));
  if (doubt !== undefined && !hasBoth) return [possibleLossWarning(domain, doubt)];
  const unknown = stored.filter(({ id, algorithm }) => algorithm === undefined && !isAmong(given, id));
  if (unknown.length === 0) return [];
  return [
    possibleLossWarning(domain, `the kind of key of ${unknown.map(({ id }) => id).join(", ")} could not be read`),
  ];
}

const notStored = safe`: what its edge serves them is not in Tencent Cloud SSL, so it can neither be kept nor put back`;
const howToKeep = safe`; to serve both, upload this one and name both ids in ServerCertInfo of ModifyHostsCertificate`;

/** Why EdgeOne would not take the certificate for this host again: none in its last day (docs/cloud-behaviour.md 4.1). */
function obstacle(
  { id, issued, status, unread, names, notAfter }: CloudCertificate,
  { domain = "" }: JobTarget,
  now: Date,
) {
  if (isOfEdgeone(id)) return safe`it is a free one of EdgeOne's own`;
  // The host has it, so EdgeOne takes it: that it cannot be read here is no reason to take it away.
  if (unread) return undefined;
  if (!issued || names === undefined || notAfter === undefined) return status;
  if (Date.parse(notAfter) - now.getTime() < dayMs) return safe`it expires ${verbatim(notAfter)}`;
  return coversAll(names, [domain]) ? undefined : safe`it does not cover ${formatName(domain)}`;
}

/** Of several, one without an obstacle is kept; an only one could be, too. */
function whyNotKept(each: CloudCertificate, jobTarget: JobTarget, now: Date): SafeText {
  const why = obstacle(each, jobTarget, now);
  return why === undefined ? howToKeep : safe`, as ${formatId(each.id)} cannot be set again: ${why}`;
}

/** What the journal records about the certificates that stay. */
export function besideOf(
  stored: readonly CloudCertificate[],
  unstored: readonly ServedCertificate[] = [],
): readonly Beside[] {
  return [
    ...stored.map(({ id: certificateId, sha256, algorithm }) => ({
      certificateId,
      ...(sha256 !== undefined && { sha256 }),
      ...(algorithm !== undefined && { algorithm }),
    })),
    ...unstored.map(({ sha256, algorithm }) => ({ sha256, algorithm })),
  ];
}
