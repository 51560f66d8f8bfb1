import { planned } from "../../catalogue/planned-change.js";
import { noHttps } from "../../catalogue/serving.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { caution } from "../../catalogue/warnings.js";
import type { JobTarget, PreviousState } from "../../jobs/job.js";
import { formatId, joined, safe, verbatim } from "../../lib/safe-text.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { unlessForbidden } from "../read-with-retry.js";
import { inTheWay } from "../wait-for/update-record.js";
import {
  answeredOnce,
  type Deployer,
  type DeploymentContext,
  type HostCertificates,
  idOf,
  type ObservedState,
} from "./deployer.js";
import { besideOf, heldBy, outcomeFor } from "./edgeone-host-certificates.js";
import { chainChangeOf, leavesForJournal } from "./observed-state.js";

/** What a host of EdgeOne has now, whatever is wanted there; without `held` if it has no certificate, or none is seen. */
export async function observeHost(at: JobTarget, deploymentContext: DeploymentContext): Promise<ObservedState> {
  const listed = await unlessForbidden(deploymentContext.listed(at), describeHostTeoInstanceList);
  if (listed !== undefined && "excluded" in listed) {
    return { has: false, says: safe`what it has now was not read: ${verbatim(listed.excluded)}` };
  }
  const arrivals = await unlessForbidden(deploymentContext.arrivals(), describeHostUpdateRecord);
  const blocked =
    "excluded" in arrivals
      ? undefined
      : arrivals.find(({ type, domains }) => type === "teo" && domains.includes(at.domain ?? ""));
  if (blocked !== undefined) return { has: false, blocked: inTheWay(blocked) };
  const warnings = "excluded" in arrivals ? [caution(updatesUnread(arrivals.excluded))] : [];
  if (listed === undefined) return { has: false, says: safe`not among the hosts that this API lists`, warnings };
  if (listed.length === 0) return { before: { none: true }, has: false, shows: [{ sha256: noHttps }], warnings };
  const held = await heldBy(at, listed, deploymentContext);
  return { before: beforeIn(held), has: false, held, shows: held.stored.map(({ id }) => id), warnings };
}

const updatesUnread = (why: string) =>
  safe`Whether a one-click update is bringing another certificate there was not read (${verbatim(describeHostUpdateRecord.name)}): ${verbatim(why)}.`;

/** A host of EdgeOne: it gets the ids of its certificates, and a read lists them. */
export const edgeoneDeployer: Deployer = {
  observe: async ({ at, beside }, desired, deploymentContext) => {
    const now = await observeHost(at, deploymentContext);
    const { held, shows = [], warnings: unread = [] } = now;
    if (held === undefined) return { ...now, ...(beside !== undefined && { beside }) };
    const { facts, sameCopies = [], otherCopies = [] } = desired;
    const own = new Set([facts.certificateId, ...sameCopies]);
    const otherChain = held.stored.some(({ id }) => otherCopies.includes(id));
    const observed = { ...now, otherChain };
    if (beside !== undefined) {
      const all = [{ certificateId: facts.certificateId }, ...beside];
      return { ...observed, has: isAll(held, all), beside };
    }
    const others = held.stored.filter(({ id }) => !own.has(id));
    if (others.length < shows.length && others.every(({ algorithm }) => algorithm !== desired.algorithm)) {
      return { ...observed, has: true, beside: besideOf(others, held.unstored) };
    }
    const { kept, warnings } = outcomeFor(at, held, desired, deploymentContext.context.now());
    return { ...observed, has: false, beside: besideOf(kept), warnings: [...unread, ...warnings] };
  },
  step: ({ at }, desired, observed, deploymentContext) => {
    const own = idOf(desired);
    const alone = own.pending ? own.description : safe`${own.description}: ${describeServedCertificate(desired.facts)}`;
    const kept = (observed.beside ?? []).filter(({ certificateId }) => certificateId !== own.id);
    const keptIds = kept.flatMap(({ certificateId }) => certificateId ?? []);
    const named = kept.map(
      ({ certificateId = "", algorithm = "" }) => safe`${formatId(certificateId)} (${formatId(algorithm)})`,
    );
    const then =
      kept.length === 0 ? alone : safe`${own.description} (${formatId(desired.algorithm)}), beside ${joined(named)}`;
    const given = [...(own.pending ? [] : [own.id]), ...keptIds];
    const ServerCertInfo = [own.id, ...keptIds].map((CertId) => ({ CertId }));
    return {
      name: at.name,
      operation: modifyHostsCertificate,
      params: { ZoneId: at.zoneId, Hosts: [at.domain], Mode: "sslcert", ServerCertInfo },
      changes: [
        planned({ ...subjectOf(at, deploymentContext, observed), given }, "server certificate", then),
        ...chainChangeOf(at, observed, desired),
      ],
      ...(own.pending && { pendingValues: own.pending }),
    };
  },
  interpretReply: answeredOnce,
  verifyApplied: async (at, { facts: { certificateId: id } }, deploymentContext) => {
    const listed = (await deploymentContext.listed(at)) ?? [];
    // If the host had it before, its being listed proves nothing.
    const isNew = id !== undefined && at.before?.certificateIds?.includes(id) !== true;
    return isNew && listed.includes(id) ? {} : undefined;
  },
};

/** What a host has, for the journal. */
function beforeIn({ stored, unstored }: HostCertificates): PreviousState {
  return {
    certificateIds: stored.map(({ id }) => id),
    ...(unstored.length > 0 && { served: leavesForJournal(unstored) }),
  };
}

/** Whether the host has these certificates and no other. */
function isAll({ stored, unstored }: HostCertificates, desired: NonNullable<ObservedState["beside"]>): boolean {
  const ids = new Set(desired.map(({ certificateId }) => certificateId));
  return unstored.length === 0 && stored.length === ids.size && stored.every(({ id }) => ids.has(id));
}

/** The read that shows a host in the plan also starts from a certificate. */
export function subjectOf(
  { zoneId = "", domain = "" }: JobTarget,
  { listingCertificateId }: Pick<DeploymentContext, "listingCertificateId">,
  { held }: Pick<ObservedState, "held">,
) {
  const besides = held && {
    ids: held.stored.map(({ id }) => id),
    served: held.unstored.map((each) => safe`${describeServedCertificate(each)} (${formatId(each.algorithm)})`),
  };
  return {
    kind: "edgeone-host" as const,
    zone: zoneId,
    host: domain,
    ...(listingCertificateId && { listingCertificateId }),
    ...(besides && { besides }),
  };
}
