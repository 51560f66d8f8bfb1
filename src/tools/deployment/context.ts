import { describeAccelerationDomains } from "../../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { listedFor, listingOf } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { hostPages } from "../../catalogue/tencent-ssl/hosts-by-certificate.js";
import type { JobTarget } from "../../jobs/job.js";
import type { PreviousRuns } from "../../jobs/previous-runs.js";
import { asInDns } from "../../lib/domain-name.js";
import type { JsonObject } from "../../lib/json.js";
import { memoize } from "../../lib/memoize.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readOnce, unlessForbidden } from "../cloud-reads.js";
import { updatesInProgress } from "../wait-for/update-record.js";
import type { DeploymentContext } from "./deployer.js";
import { deployerFor } from "./deployer-by-service.js";
import { readStored } from "./edgeone-host-certificates.js";
import { findListingCertificate } from "./stored-copies.js";

/**
 * What the deployers of one job share; common reads are done once.
 * @param certificateId of the job, if it is stored at Tencent Cloud SSL
 */
export async function deploymentContextFor(
  targets: readonly JobTarget[],
  certificateId: string | undefined,
  earlier: PreviousRuns,
  context: ToolContext,
): Promise<DeploymentContext> {
  const listingCertificateId =
    certificateId ??
    (targets.some((target) => deployerFor(target).takesId) ? await findListingCertificate(context) : undefined);
  return createDeploymentContext(listingCertificateId, earlier, context, targets);
}

export function createDeploymentContext(
  listingCertificateId: string | undefined,
  earlier: PreviousRuns,
  context: ToolContext,
  targets: readonly JobTarget[] = [],
): DeploymentContext {
  const hostsOf = memoize(async (zone: string): Promise<EdgeoneHosts> => {
    if (listingCertificateId) return listHosts(listingCertificateId, zone, context);
    const excluded = context.exclusionOf(describeCertificates);
    if (excluded !== undefined) throw excluded;
    return new Map();
  });
  /** The hosts that are listed by their site, or why they could not be read. */
  const listSite = memoize(
    async (params: JsonObject) => {
      const listing = unlessForbidden(
        readOnce(context, describeAccelerationDomains, params),
        describeAccelerationDomains,
      );
      const found = await unlessFailed(listing, ({ details }) => ({ excluded: details.happened }));
      return "excluded" in found ? found.excluded : found;
    },
    (params) => JSON.stringify(params),
  );
  const hostsOfJobIn = (zone: string) =>
    targets.flatMap(({ zoneId, domain }) => (zoneId === zone && domain !== undefined ? [domain] : []));
  return {
    context,
    listingCertificateId,
    earlier,
    storedCertificate: memoize((id) => readStored(id, context)),
    updatesInProgress: memoize(() => updatesInProgress(context)),
    listedCertificates: async ({ zoneId = "", domain = "" }) => {
      const site = await listSite(listingOf(zoneId, domain, hostsOfJobIn(zoneId)));
      const found = typeof site === "string" ? site : listedFor(zoneId, domain, site);
      if (typeof found !== "string") return { certificates: found };
      const ids = (await hostsOf(zoneId)).get(hostKey(zoneId, domain));
      return {
        certificates: ids?.map((id) => ({ id })),
        unread: { why: found, ...(typeof site !== "string" && { host: domain }) },
      };
    },
  };
}

/** The EdgeOne hosts of the account, each with the ids of its certificates. */
type EdgeoneHosts = ReadonlyMap<string, readonly string[]>;

/** The list may spell a host in its own way. */
const hostKey = (zone: string, host: string) => `${zone}/${asInDns(host)}`;

/**
 * All hosts that this API lists, whether the certificate covers them or not.
 * @param certificateId any issued certificate; the list needs one to start from
 */
async function listHosts(certificateId: string, zone: string, context: ToolContext): Promise<EdgeoneHosts> {
  const hosts = new Map<string, readonly string[]>();
  const read = (params: JsonObject) => readOnce(context, describeHostTeoInstanceList, params);
  for (const covered of [true, false]) {
    for await (const { InstanceList } of hostPages(certificateId, covered, read, (page) => page.InstanceList)) {
      for (const { Host, CertId, ZoneId } of InstanceList) {
        // The documents misspell ZoneId (docs/cloud-behaviour.md 3.9), so it may be missing from a row.
        const key = hostKey(ZoneId ?? zone, Host ?? "");
        hosts.set(key, [...(hosts.get(key) ?? []), ...(CertId ? [CertId] : [])]);
      }
    }
  }
  return hosts;
}
