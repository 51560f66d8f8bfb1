import { certificateNames } from "../../catalogue/naming.js";
import { noHttps, resourceId } from "../../catalogue/serving.js";
import { describeHost } from "../../catalogue/tencent-ssl/preconditions.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import type { Beside, JobCertificate, JobTarget } from "../../jobs/job.js";
import type { JsonObject } from "../../lib/json.js";
import { groupedBy } from "../../lib/lists.js";
import { andMore, formatDay, formatId, formatName, type SafeText, safe } from "../../lib/safe-text.js";
import { sha256Hex } from "../../lib/sha256.js";
import { unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { isPattern } from "../../tls-check/host-name.js";
import { byCertificate, type LocatedTarget } from "./find-targets.js";

/** One place that should serve the certificate, with the caller's options for it: what its plan starts from. */
export interface DesiredTarget {
  readonly jobTarget: JobTarget;
  readonly certName?: string | undefined;
  /** The certificates that an EdgeOne host gets with the job's own; if absent, its current ones decide what happens to the others. */
  readonly beside?: readonly Beside[] | undefined;
}

/**
 * The targets as a caller would write them: domains that differ in nothing else are one.
 * @param targets each in terms of deploy_certificate's parameters, and its domain if it has one
 */
export function withDomainsTogether(
  targets: readonly { readonly domain: string | undefined; readonly settings: JsonObject }[],
): JsonObject[] {
  return [...groupedBy(targets, ({ settings }) => JSON.stringify(settings)).values()].map((group) => {
    const domains = group.flatMap(({ domain }) => domain ?? []);
    return { ...group[0]?.settings, ...(domains.length > 0 && { domains }) };
  });
}

/**
 * The targets one by one: each host and domain can have its own outcome.
 * @param located as `findTargets` or `withRedirects` gave them: sites and redirects are filled in, and there are not too many
 * @throws {ToolError} of kind input if something is missing, or a target is named twice
 */
export function targetsOf(
  located: readonly LocatedTarget[],
  context: Pick<ToolContext, "huaweiProjectId">,
): DesiredTarget[] {
  const targets = located.flatMap((each) => expand(each, context));
  const seen = new Set<string>();
  const duplicate = targets.find(({ jobTarget }) => seen.size === seen.add(jobTarget.id).size);
  if (duplicate !== undefined) throw unusable(`${duplicate.jobTarget.name} is named twice.`);
  return targets.map((target, index) => ({ ...target, certName: copyNameFor(target, targets.slice(0, index)) }));
}

/** A name works for one copy only, and each domain gets its own copy: the second is `name-2`. */
function copyNameFor({ certName }: DesiredTarget, before: readonly DesiredTarget[]): string | undefined {
  if (certName === undefined) return undefined;
  const copies = before.filter((target) => target.certName === certName).length;
  return copies === 0 ? certName : copyName(certName, `-${copies + 1}`);
}

/** The longest copy name that Alibaba Cloud accepts (docs/cloud-behaviour.md 5.3). */
const MAX_NAME_LENGTH = 128;

/** A name for a copy at Alibaba Cloud. `begin` is cut if it is too long: the end tells copies apart. */
export function copyName(begin: string, end: string): string {
  return `${begin.slice(0, MAX_NAME_LENGTH - end.length)}${end}`;
}

function expand(located: LocatedTarget, { huaweiProjectId }: Pick<ToolContext, "huaweiProjectId">): DesiredTarget[] {
  const { service, zone_id: zoneId, project_id: projectId = huaweiProjectId, force_redirect: forceRedirect } = located;
  switch (service) {
    case "tencent-ssl":
      return [resourcesOf(located)];
    case "tencent-edgeone":
      return domainsOf(located, { zoneId });
    case "alibaba-cdn":
    case "alibaba-dcdn":
    case "alibaba-vod":
      return domainsOf(located, {});
    case "huawei-live":
      if (projectId === undefined) throw unusable("A target of huawei-live needs project_id: none is configured.");
      return domainsOf(located, { projectId, forceRedirect });
  }
}

function domainsOf(
  { service, domains = [], cert_name: certName, old_certificate_id: old }: LocatedTarget,
  options: Pick<JobTarget, "zoneId" | "projectId" | "forceRedirect">,
): DesiredTarget[] {
  if (domains.length === 0) throw unusable(`A target of ${service} needs domains.`, byCertificate);
  if (old !== undefined) {
    throw unusable(
      `A target of ${service} takes no old_certificate_id: its domains get the certificate whatever they have.`,
      byCertificate,
    );
  }
  const { zoneId, projectId } = options;
  return domains.map((domain) => ({
    jobTarget: {
      id: resourceId(service, domain, zoneId ?? projectId),
      name: String(describeTarget({ service, domain, zoneId })),
      ...options,
      service,
      domain,
      state: "pending",
    },
    certName,
  }));
}

function resourcesOf({
  service,
  old_certificate_id: old,
  resource_types: resourceTypes,
  regions,
  domains,
}: LocatedTarget): DesiredTarget {
  if (old === undefined) {
    throw unusable(
      "A target of tencent-ssl needs old_certificate_id instead of domains: what uses that is updated.",
      `find_certificates (${domains?.[0] === undefined ? "" : "domain, "}with_bindings) shows which certificate a resource has.`,
    );
  }
  if (domains !== undefined) {
    throw unusable(
      "A target of tencent-ssl takes no domains: it covers all that uses the old certificate, as find_certificates (with_bindings) shows it.",
      "If the person agrees to all of it, leave domains out; resource_types ([cdn]) and regions narrow it down.",
    );
  }
  return {
    jobTarget: {
      id: `tencent-ssl/${old}`,
      service,
      name: String(describeTarget({ service, oldCertificateId: old })),
      oldCertificateId: old,
      ...(resourceTypes && { resourceTypes: resourceTypes.map((type) => type.toLowerCase()) }),
      ...(regions && { regions: regions.map((region) => region.toLowerCase()) }),
      state: "pending",
    },
  };
}

/** "EdgeOne host www.example.com (zone-1)". */
export function describeTarget({
  service,
  domain = "",
  zoneId = "",
  oldCertificateId = "",
}: Pick<JobTarget, "service" | "domain" | "zoneId" | "oldCertificateId">): SafeText {
  const host = formatName(domain);
  switch (service) {
    case "tencent-ssl":
      return safe`Resources that use certificate ${formatId(oldCertificateId)}`;
    case "tencent-edgeone":
      return describeHost(zoneId, domain);
    case "alibaba-cdn":
      return safe`CDN domain ${host}`;
    case "alibaba-dcdn":
      return safe`DCDN domain ${host}`;
    case "alibaba-vod":
      return safe`VOD domain ${host}`;
    case "huawei-live":
      return safe`Live domain ${host}`;
  }
}

/** "*.example.com, example.com (expires 2027-06-11)", in the question of a job. */
export function describeJobCertificate({ names, notAfter }: Pick<JobCertificate, "names" | "notAfter">): SafeText {
  return safe`${certificateNames(names, 100, 48)} (expires ${formatDay(notAfter)})`;
}

/** The first targets, and how many more there are, in a warning. */
export const nameTargets = (targets: readonly SafeText[]) => andMore(targets, 8, (target) => target);

/** "6 targets", "2 of 6 targets". */
export function countTargets(count: number, all: number): SafeText {
  const targets = all === 1 ? safe`${all} target` : safe`${all} targets`;
  return count === all ? targets : safe`${count} of ${targets}`;
}

/** Identifies a certificate with its chain and its targets: the same call resumes the job, whatever else it says. */
export function jobKey(
  kind: string,
  { sha256, chain }: Expectation,
  targets: readonly Pick<JobTarget, "id">[],
): string {
  const ids = targets.map(({ id }) => id).sort();
  return sha256Hex(JSON.stringify([kind, sha256, chain?.intermediates ?? [], ids]));
}

/** For a job that is about no certificate. */
export const noCertificate = (now: Date): JobCertificate => ({
  sha256: noHttps,
  names: [],
  notAfter: now.toISOString(),
  source: {},
});

/** The host to connect to; undefined for a wildcard, which is not a host. */
export function hostOfTarget({ domain }: Pick<JobTarget, "domain">): string | undefined {
  return domain === undefined || isPattern(domain) ? undefined : domain;
}
