import { createHash } from "node:crypto";
import { limits } from "../../catalogue/limits.js";
import { isPattern } from "../../edge/host-name.js";
import type { JobTarget } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";
import { unusable } from "../reading.js";
import type { GivenTarget } from "./arguments.js";

/** A place that is to serve the certificate, and what the caller chose for it besides. */
export interface Target {
  readonly at: JobTarget;
  readonly certName?: string | undefined;
}

/**
 * The targets one by one: each host and domain can end in another way.
 * @throws {Failure} of kind input where something is missing, or a target is named twice
 */
export function targetsOf(given: readonly GivenTarget[], context: Pick<OwnToolContext, "huaweiProjectId">): Target[] {
  const named = given.reduce((sum, { domains }) => sum + Math.max(1, domains?.length ?? 0), 0);
  const most = limits.argument.targets;
  if (named > most) {
    throw unusable(`${named} targets were named; one job takes at most ${most}.`, "Split them into several calls.");
  }
  const targets = given.flatMap((each) => expand(each, context));
  const seen = new Set<string>();
  const twice = targets.find(({ at }) => seen.size === seen.add(at.id).size);
  if (twice !== undefined) throw unusable(`${twice.at.name} is named twice.`);
  return targets;
}

function expand(given: GivenTarget, { huaweiProjectId }: Pick<OwnToolContext, "huaweiProjectId">): Target[] {
  const { service, zone_id: zoneId, project_id: projectId = huaweiProjectId, force_redirect: forceRedirect } = given;
  const forEach = (at: (domain: string) => Omit<JobTarget, "state" | "service" | "domain">): Target[] =>
    domainsOf(given).map((domain) => ({
      at: { ...at(domain), service, domain, state: "pending" },
      certName: given.cert_name,
    }));
  switch (service) {
    case "tencent-ssl":
      return [resourcesOf(given)];
    case "tencent-edgeone":
      if (zoneId === undefined) throw unusable("A target of tencent-edgeone needs zone_id.");
      return forEach((host) => ({
        id: `${service}/${zoneId}/${host}`,
        name: `EdgeOne host ${host} (${zoneId})`,
        zoneId,
      }));
    case "alibaba-cdn":
      return forEach((domain) => ({ id: `${service}/${domain}`, name: `CDN domain ${domain}` }));
    case "alibaba-vod":
      return forEach((domain) => ({ id: `${service}/${domain}`, name: `VOD domain ${domain}` }));
    case "huawei-live":
      if (projectId === undefined) throw unusable("A target of huawei-live needs project_id: none is configured.");
      if (forceRedirect === undefined) {
        throw unusable(
          "A target of huawei-live needs force_redirect: the call sets it in any case.",
          "Ask the person whether HTTP is redirected to HTTPS there, and pass that.",
        );
      }
      return forEach((domain) => ({
        id: `${service}/${projectId}/${domain}`,
        name: `Live domain ${domain}`,
        projectId,
        forceRedirect,
      }));
  }
}

function resourcesOf({
  old_certificate_id: old,
  resource_types: resourceTypes,
  regions,
  domains,
}: GivenTarget): Target {
  if (old === undefined) throw unusable("A target of tencent-ssl needs old_certificate_id: what uses that is updated.");
  if (domains !== undefined) {
    throw unusable("A target of tencent-ssl takes no domains: it is all that uses the old certificate.");
  }
  return {
    at: {
      id: `tencent-ssl/${old}`,
      service: "tencent-ssl",
      name: `Resources that use certificate ${old}`,
      oldCertificateId: old,
      ...(resourceTypes && { resourceTypes: resourceTypes.map((type) => type.toLowerCase()) }),
      ...(regions && { regions }),
      state: "pending",
    },
  };
}

function domainsOf({ service, domains = [] }: GivenTarget): string[] {
  if (domains.length === 0) throw unusable(`A target of ${service} needs domains.`);
  return [...new Set(domains.map((domain) => domain.trim().toLowerCase()))];
}

/** Stands for a certificate and its targets: the same call again takes the job up, whatever else it says. */
export function jobKey(kind: string, sha256: string, targets: readonly Pick<JobTarget, "id">[]): string {
  const ids = targets.map(({ id }) => id).sort();
  return createHash("sha256")
    .update(JSON.stringify([kind, sha256, ids]))
    .digest("hex");
}

/** A domain by which the edge can be asked; none for a wildcard, which is no host. */
export function hostOf({ domain }: Pick<JobTarget, "domain">): string | undefined {
  return domain === undefined || isPattern(domain) ? undefined : domain;
}
