import { planned } from "../../catalogue/planned-change.js";
import { noHttps } from "../../catalogue/serving.js";
import { isOfEdgeone } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { caution } from "../../catalogue/warnings.js";
import type { Beside, JobTarget } from "../../jobs/job.js";
import { keepsCertificate } from "../../jobs/requests.js";
import { present } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatId, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { listUnread } from "../../tls-check/other-certificates.js";
import { unlessForbidden } from "../cloud-reads.js";
import { stillRunning } from "../wait-for/update-record.js";
import {
  answeredOnce,
  type CloudCertificate,
  type Deployer,
  type DeploymentContext,
  type HostCertificates,
  idOrPlaceholder,
  type ObservedState,
  type TargetActions,
} from "./deployer.js";
import { desiredById } from "./desired-certificate.js";
import { appliedAtEdge, backToOff, chainChangeOf, httpsOff, leavesForJournal } from "./edge-actions.js";
import { besideOf, hostCertificatesOf, outcomeFor, withoutOthers } from "./edgeone-host-certificates.js";

/** What a host of EdgeOne has now, whatever is wanted there; without `hostCertificates` if it has none, or none is seen. */
async function observeHost(jobTarget: JobTarget, deploymentContext: DeploymentContext): Promise<ObservedState> {
  const listing = await unlessForbidden(deploymentContext.listedCertificates(jobTarget), describeHostTeoInstanceList);
  if ("excluded" in listing) {
    return { hasDesired: false, says: safe`what it has now was not read: ${verbatim(listing.excluded)}` };
  }
  const updates = await unlessForbidden(deploymentContext.updatesInProgress(), describeHostUpdateRecord);
  const blocked =
    "excluded" in updates
      ? undefined
      : updates.find(({ type, domains }) => type === "teo" && domains.includes(jobTarget.domain ?? ""));
  if (blocked !== undefined) return { hasDesired: false, blocked: stillRunning(blocked) };
  const warnings = present([
    "excluded" in updates &&
      caution(
        safe`Whether a one-click update is bringing another certificate there was not read (${verbatim(describeHostUpdateRecord.name)}): ${verbatim(updates.excluded)}.`,
      ),
    listing.unread !== undefined && listUnread(listing.unread),
  ]);
  const { certificates: listed } = listing;
  if (listed === undefined) return { hasDesired: false, says: safe`not among the hosts that this API lists`, warnings };
  if (listed.length === 0)
    return { before: { none: true }, hasDesired: false, seenCertificates: [{ sha256: noHttps }], warnings };
  const hostCertificates = await hostCertificatesOf(jobTarget, listing, deploymentContext);
  const { unstored } = hostCertificates;
  const ids = hostCertificates.stored.map(({ id }) => id);
  return {
    before: { certificateIds: ids, ...(unstored.length > 0 && { served: leavesForJournal(unstored) }) },
    hasDesired: false,
    hostCertificates,
    seenCertificates: ids,
    warnings,
  };
}

/** A host of EdgeOne: it gets the ids of its certificates, and a read lists them. */
export const edgeoneDeployer: Deployer = {
  takesId: true,
  serve: ({ beside: wanted }, desired, deploymentContext) => ({
    observe: async (jobTarget) => {
      const now = await observeHost(jobTarget, deploymentContext);
      const { hostCertificates, seenCertificates = [], warnings: unread = [] } = now;
      if (hostCertificates === undefined) return { ...now, ...(wanted !== undefined && { beside: wanted }) };
      const { facts, sameCopies = [], otherCopies = [] } = desired;
      const own = new Set([facts.certificateId, ...sameCopies]);
      const otherChain = hostCertificates.stored.some(({ id }) => otherCopies.includes(id));
      const observed = { ...now, otherChain };
      const wantedOne = { certificateId: facts.certificateId, algorithm: desired.algorithm };
      const time = deploymentContext.context.now();
      if (wanted !== undefined) {
        const beside = wanted.map((each) => withListedAlgorithm(each, hostCertificates));
        const given = [wantedOne, ...beside];
        // A rollback sets what the host had and nothing else.
        const isExact = !beside.some(({ wanted }) => wanted);
        const { kept, warnings } = isExact
          ? withoutOthers(jobTarget, hostCertificates, given)
          : outcomeFor(jobTarget, hostCertificates, given, time);
        const all = [...beside, ...besideOf(kept)];
        const hasDesired = hasExactly(hostCertificates, [...given, ...besideOf(kept)]);
        return { ...observed, hasDesired, beside: all, warnings: [...warnings, ...unread] };
      }
      const others = hostCertificates.stored.filter(({ id }) => !own.has(id));
      const isUnbound = hostCertificates.stored.some(({ id, failed }) => own.has(id) && failed);
      if (
        !isUnbound &&
        others.length < seenCertificates.length &&
        others.every(({ algorithm }) => algorithm !== desired.algorithm)
      ) {
        return { ...observed, hasDesired: true, beside: besideOf(others, hostCertificates.unstored) };
      }
      const { kept, warnings } = outcomeFor(jobTarget, hostCertificates, [wantedOne], time);
      return { ...observed, hasDesired: false, beside: besideOf(kept), warnings: [...warnings, ...unread] };
    },
    verifyApplied: async (jobTarget) => {
      const { certificateId: id } = desired.facts;
      const { certificates: listed = [] } = await deploymentContext.listedCertificates(jobTarget);
      // If the host had it before, its being listed proves nothing.
      const isNew = id !== undefined && jobTarget.before?.certificateIds?.includes(id) !== true;
      return isNew && listed.some((each) => each.id === id && !each.failed) ? {} : undefined;
    },
    step: (jobTarget, observed) => {
      const own = idOrPlaceholder(desired);
      const alone = own.pending
        ? own.description
        : safe`${own.description}: ${describeServedCertificate(desired.facts)}`;
      const kept = (observed.beside ?? []).filter(({ certificateId }) => certificateId !== own.id);
      const keptIds = kept.flatMap(({ certificateId }) => certificateId ?? []);
      const named = kept.map(({ certificateId = "", algorithm }) => withKind(formatId(certificateId), algorithm));
      const then =
        kept.length === 0 ? alone : safe`${withKind(own.description, desired.algorithm)}, beside ${joined(named)}`;
      const given = [...(own.pending ? [] : [own.id]), ...keptIds];
      const ServerCertInfo = [own.id, ...keptIds].map((CertId) => ({ CertId }));
      return {
        name: jobTarget.name,
        operation: modifyHostsCertificate,
        params: { ZoneId: jobTarget.zoneId, Hosts: [jobTarget.domain], Mode: "sslcert", ServerCertInfo },
        changes: [
          planned({ ...subjectOf(jobTarget, deploymentContext, observed), given }, "server certificate", then),
          ...chainChangeOf(jobTarget, observed, desired),
        ],
        ...(own.pending && { pendingValues: own.pending }),
      };
    },
  }),
  interpretReply: answeredOnce,
  off,
  wayBack: async (target, { deploymentContext }) => {
    const { certificateIds: ids = [], served = [], none } = target.before ?? {};
    if (none) {
      const observe = async () => {
        const { certificates } = await deploymentContext.listedCertificates(target);
        return { hasDesired: certificates?.length === 0, seenCertificates: certificates?.map(({ id }) => id) };
      };
      return backToOff({ ...off(safe`none: HTTPS off, as before`, deploymentContext), observe });
    }
    const named = joined(ids.map(formatId));
    if (ids.length === 0) return { cannot: safe`what it had before is not known` };
    const [unstored] = served;
    if (unstored !== undefined) {
      return {
        cannot: safe`beside ${named} its edge served ${describeServedCertificate(unstored)}, which Tencent Cloud SSL does not have; ModifyHostsCertificate sets ${named} alone`,
      };
    }
    if (ids.some(isOfEdgeone)) {
      return {
        cannot: safe`it had a free certificate of EdgeOne's own: set it by ModifyHostsCertificate, Mode eofreecert_manual`,
      };
    }
    // One at a time: the cloud limits calls per second.
    const all = await mapConcurrent(ids, 1, (id) => deploymentContext.storedCertificate(id));
    // What the deployment kept is still there; what it replaced shows whether the rollback is complete.
    const replaced = ids.find((id) => !keepsCertificate(target, id)) ?? ids[0] ?? "";
    const [missing] = all.filter(({ issued, unread, id }) => !issued && !unread && id !== replaced);
    if (missing !== undefined)
      return { cannot: safe`certificate ${formatId(missing.id)}, which it had, ${missing.status}` };
    return {
      previous: await desiredById(replaced, deploymentContext.context),
      beside: besideOf(all.filter(({ id }) => id !== replaced)),
    };
  },
};

/** EdgeOne lists what a host has. */
function off(then: SafeText, deploymentContext: DeploymentContext): TargetActions {
  return {
    observe: async (at) => {
      const now = await observeHost(at, deploymentContext);
      return { ...now, hasDesired: now.before?.none === true };
    },
    verifyApplied: (at) => appliedAtEdge(at, httpsOff, deploymentContext.context),
    step: (at, observed) => ({
      name: at.name,
      operation: modifyHostsCertificate,
      params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "disable" },
      changes: [planned(subjectOf(at, deploymentContext, observed), "server certificate", then)],
    }),
  };
}

/** A certificate that cannot be read is of the kind that the list of its host shows. */
function withListedAlgorithm(beside: Beside, { stored }: HostCertificates): Beside {
  const { algorithm } = stored.find(({ id }) => id === beside.certificateId) ?? {};
  return { ...(algorithm !== undefined && { algorithm }), ...beside };
}

const withKind = (named: SafeText, algorithm: string | undefined) =>
  algorithm === undefined ? named : safe`${named} (${formatId(algorithm)})`;

/** Whether the host has these certificates, all in force, and no other. */
function hasExactly({ stored, unstored }: HostCertificates, desired: NonNullable<ObservedState["beside"]>): boolean {
  const ids = new Set(desired.map(({ certificateId }) => certificateId));
  const isWanted = ({ id, failed }: CloudCertificate) => ids.has(id) && failed !== true;
  return unstored.length === 0 && stored.length === ids.size && stored.every(isWanted);
}

/** The read that shows a host in the plan also starts from a certificate. */
function subjectOf(
  { zoneId = "", domain = "" }: JobTarget,
  { listingCertificateId }: Pick<DeploymentContext, "listingCertificateId">,
  { hostCertificates }: Pick<ObservedState, "hostCertificates">,
) {
  const besides = hostCertificates && {
    ids: hostCertificates.stored.map(({ id }) => id),
    served: hostCertificates.unstored.map(
      (each) => safe`${describeServedCertificate(each)} (${formatId(each.algorithm)})`,
    ),
  };
  return {
    kind: "edgeone-host" as const,
    zone: zoneId,
    host: domain,
    ...(listingCertificateId && { listingCertificateId }),
    ...(besides && { besides }),
  };
}
