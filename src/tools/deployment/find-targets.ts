import { illegalOrBare, noSuchDomain } from "../../catalogue/huawei-live/https-settings.js";
import { showCertificateInfo } from "../../catalogue/huawei-live/show-certificate-info.js";
import { showDomainHttpsCert } from "../../catalogue/huawei-live/show-domain-https-cert.js";
import { limits } from "../../catalogue/limits.js";
import { alibabaCdn, alibabaDcdn, huaweiLive, tencentEdgeone, tencentSsl } from "../../catalogue/services.js";
import { toAscii } from "../../certificates/domain-names.js";
import { enumerated, present } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatId, formatName } from "../../lib/safe-text.js";
import { ToolError, unusable } from "../../lib/tool-error.js";
import { closestTo } from "../../pipeline/arguments/describe-issue.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { listDomains, listedServices } from "../inventory/domains.js";
import { notLookedAt } from "../inventory/inventory.js";
import { type DomainInventory, type DomainState, type ListedDomain, readForListing } from "../inventory/listing.js";
import type { GivenTarget } from "./arguments.js";

/** A target whose service is known, and its EdgeOne site and redirect as far as it needs them. */
export type LocatedTarget = GivenTarget & {
  readonly service: NonNullable<GivenTarget["service"]>;
  /** Of its only domain, if the lists show one that matters. */
  readonly state?: DomainState | undefined;
};

/** What the tool that looks for the targets of its own differs in from a deployment. */
interface FindOptions {
  /** Gets the domains of which it cannot be read whether Huawei Live redirects HTTP now; without it, that is an error. */
  readonly unreadRedirects?: string[];
  /** What to do about a domain that no list shows, where it takes no targets as deploy_certificate does. */
  readonly unlistedAdvice?: string | undefined;
}

/**
 * The targets with what the caller left out: the service and the EdgeOne site of a domain, and whether Huawei Live
 * redirects HTTP there now.
 * @throws {ToolError} of kind input if the clouds list no such domain, or several
 */
export async function findTargets(
  given: readonly GivenTarget[],
  context: ToolContext,
  { unreadRedirects, unlistedAdvice }: FindOptions = {},
): Promise<LocatedTarget[]> {
  refuseTooMany(given);
  // Only EdgeOne has zones.
  const targets = given.map(
    (each): GivenTarget => (each.zone_id && !each.service ? { ...each, service: edgeone } : each),
  );
  const anywhere = targets.some(({ service }) => service === undefined);
  const services = new Set<string | undefined>(targets.filter(isSearched).map(({ service }) => service));
  const listed = services.size === 0 ? undefined : await listDomains(context, ({ id }) => anywhere || services.has(id));
  const located = targets.flatMap((each) =>
    listed && isSearched(each) ? placesOf(each, listed, context, unlistedAdvice) : [withService(each)],
  );
  return withRedirects(located, context, unreadRedirects);
}

const edgeone = "tencent-edgeone";

/** Whether the lists tell where it is, or whether it is there. */
function isSearched({ service, domains = [] }: GivenTarget): boolean {
  if (service === undefined || service === edgeone) return true;
  return domains.length > 0 && alibabaServices.some(({ id }) => id === service);
}

/** Not VOD: its list takes a call for each domain with HTTPS. */
const alibabaServices = [alibabaCdn, alibabaDcdn];

/** Targets whose places are known, each with the redirect. */
export async function withRedirects(
  located: readonly LocatedTarget[],
  context: ToolContext,
  unreadRedirects?: string[],
): Promise<LocatedTarget[]> {
  // Before the reads for each of them.
  refuseTooMany(located);
  // One at a time, as are the domains of each: Huawei Cloud Live allows few calls per minute.
  return (await mapConcurrent(located, 1, (target) => withRedirect(target, context, unreadRedirects))).flat();
}

/** @throws {ToolError} of kind input if one job cannot take them all, saying how many each service has */
function refuseTooMany(given: readonly GivenTarget[]): void {
  const most = limits.argument.targets;
  const counts = new Map<string, number>();
  for (const { service = "no service given", domains } of given) {
    counts.set(service, (counts.get(service) ?? 0) + Math.max(1, domains?.length ?? 0));
  }
  const named = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (named <= most) return;
  const each = [...counts].map(([service, count]) => `${service} ${count}`).join(", ");
  throw unusable(
    `${named} targets were named or found (${each}); one job takes at most ${most}.`,
    `Split them into several calls, each with targets: a service and up to ${most} of its domains. find_certificates lists them (service, limit, cursor).`,
  );
}

/** How to take what no list of domains shows, or everything that has a certificate. */
export const byCertificate =
  "Name domains; or pass the old certificate as replaces, which takes everything that has it, with targets of a service alone only there.";

/** No list shows the domains of Tencent Cloud CDN and so on: only what uses a certificate can be looked up. */
const boundByCertificate =
  "If it is a domain of Tencent Cloud CDN or of another product beside EdgeOne, find_certificates (domain, with_bindings) shows the certificate that it has: a target {service: tencent-ssl, old_certificate_id, resource_types: [cdn]} changes all resources of the type that use it.";

/** @throws {ToolError} of kind input without a service */
export function withService({ service, ...rest }: GivenTarget): LocatedTarget {
  if (service === undefined) throw unusable("A target needs domains, or the service it is in.", byCertificate);
  return { ...rest, service };
}

/** Each domain at the place where it is listed. */
function placesOf(
  given: GivenTarget,
  inventory: DomainInventory,
  context: ToolContext,
  unlistedAdvice: string | undefined,
): LocatedTarget[] {
  const { domains: listed, partial = [] } = inventory;
  const { domains = [], service } = given;
  const zone = service === edgeone ? given.zone_id : undefined;
  // What the caller says holds if it cannot be checked.
  const isWhole = (id: string) => [...context.services].some((each) => each.id === id && !partial.includes(each));
  const isKnown = service !== undefined && (service !== edgeone || zone !== undefined);
  if (isKnown && !isWhole(service)) return [withService(given)];
  if (domains.length === 0) throw unusable(`A target ${service ? `of ${service} ` : ""}needs domains.`, byCertificate);
  return domains.map((domain) => {
    const places = listed.filter(
      (each) =>
        toAscii(each.domain) === domain &&
        (service === undefined || each.service.id === service) &&
        (zone === undefined || zoneOf(each) === zone),
    );
    const [place, ...others] = places;
    if (place === undefined) throw notListed(domain, given, inventory, context, unlistedAdvice);
    if (others.length > 0) {
      throw unusable(
        `${formatName(domain)} is a domain in several places: ${places.map(describePlace).join("; ")}.`,
        "Ask the person which is meant, and give service and zone_id.",
      );
    }
    return targetAt(place, given);
  });
}

/** A domain that is not where the caller says. */
function notListed(
  domain: string,
  given: GivenTarget,
  { domains: listed, unseen, off = [], zones }: DomainInventory,
  context: ToolContext,
  unlistedAdvice: string | undefined,
): ToolError {
  const { service, zone_id: zone } = given;
  const elsewhereListed = listed.filter((each) => toAscii(each.domain) === domain).map(describePlace);
  const elsewhere = elsewhereListed.length > 0 ? ` It is listed at: ${elsewhereListed.join("; ")}.` : "";
  if (service === edgeone && zone !== undefined && zones?.includes(zone) === false)
    return noSuchZone(zone, zones, elsewhere);
  const absent = service === undefined ? notLookedAt(context, listedServices).map(String) : [];
  const isNowhere = service === undefined && elsewhereListed.length === 0;
  const names = isNowhere ? listed.map((each) => toAscii(each.domain)) : [];
  const near = closestTo(domain, names);
  const meant = near === undefined ? "" : ` Did you mean ${formatName(near)}?`;
  return unusable(
    afterUnlisted(
      unseen,
      `${describeLocation(given)} the domain ${formatName(domain)}.${elsewhere}${meant}${describeUnseen([...off, ...absent])}`,
    ),
    present([
      unseen.length > 0 && "Call again later if it may be where nothing could be listed.",
      "See find_certificates for the domains that there are, and name service and domain as they are there.",
      domain.startsWith("*.") &&
        unlistedAdvice === undefined &&
        "For every domain that the certificate covers, give covered: true in place of targets.",
      isNowhere && context.services.has(tencentSsl) && (unlistedAdvice ?? boundByCertificate),
    ]).join(" "),
  );
}

const sitesAtMost = 10;

function noSuchZone(zone: string, zones: readonly string[], elsewhere: string): ToolError {
  const ids = zones.map((each) => String(formatId(each)));
  return unusable(
    `This account has no site ${formatId(zone)} of ${tencentEdgeone.title}; it has: ${enumerated(ids, sitesAtMost) || "none"}.${elsewhere}`,
    "Leave zone_id out: the site of the domain is then looked up. The sites intl and mainland of Tencent Cloud are separate: check_setup says which one this server uses.",
  );
}

/** Says first what could not be listed: what was not found may be there. */
export const afterUnlisted = (unlisted: readonly string[], absence: string) =>
  unlisted.length > 0 ? `Not everything could be listed. ${unlisted.join(" ")} ${absence}` : absence;

/** What an inventory lacks, for the end of a message. */
export const describeUnseen = (unseen: readonly string[]) =>
  unseen.length > 0 ? ` Not seen: ${unseen.join(" ")}` : "";

const zoneOf = ({ within }: ListedDomain) => (within && "zone_id" in within ? within.zone_id : undefined);

function describePlace(listed: ListedDomain): string {
  const zone = zoneOf(listed);
  return zone === undefined ? listed.service.title : `${listed.service.title}, site ${formatId(zone)}`;
}

/** Where a domain is not, for the beginning of a sentence. */
function describeLocation({ service, zone_id: zone }: GivenTarget): string {
  if (service === undefined) return "No service that is set up here lists";
  if (service === edgeone && zone !== undefined)
    return `${tencentEdgeone.title} does not list, in site ${formatId(zone)},`;
  const { title } = alibabaServices.find(({ id }) => id === service) ?? tencentEdgeone;
  return title === tencentEdgeone.title ? `No site of ${title} has` : `${title} does not list`;
}

/** The target for a listed domain. */
export function targetAt({ domain, service, within, state }: ListedDomain, given: Partial<GivenTarget>): LocatedTarget {
  return { ...given, service: service.id, domains: [toAscii(domain)], ...within, state };
}

/** Huawei Live sets the redirect in any case, so one that the caller left out is read and kept. */
async function withRedirect(
  target: LocatedTarget,
  context: ToolContext,
  unreadRedirects: string[] | undefined,
): Promise<LocatedTarget[]> {
  const { service, domains = [], project_id: project = context.huaweiProjectId, force_redirect: given } = target;
  if (service !== "huawei-live" || given !== undefined || project === undefined) return [target];
  if (domains.length === 0) return [target];
  return mapConcurrent(domains, 1, async (domain) => {
    return {
      ...target,
      domains: [domain],
      force_redirect: await redirectOf(project, domain, context, unreadRedirects),
    };
  });
}

async function redirectOf(
  project: string,
  domain: string,
  context: ToolContext,
  unreadRedirects: string[] | undefined,
): Promise<boolean> {
  const at = { project_id: project, domain };
  let why = "the cloud does not say.";
  try {
    const { force_redirect: redirect } = await readForListing(context, showDomainHttpsCert, at);
    if (typeof redirect === "boolean") return redirect;
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    if (error.details.code === noSuchDomain) throw await notInLive(domain, error, context);
    if (error.details.code === illegalOrBare && (await hasNoCertificate(project, domain, context))) return false;
    why = error.details.happened;
  }
  if (unreadRedirects === undefined) {
    throw unusable(
      `Whether HTTP is redirected on ${formatName(domain)} now could not be read: ${why}`,
      "Ask the person whether HTTP is redirected to HTTPS there, and pass force_redirect.",
    );
  }
  unreadRedirects.push(domain);
  // The caller warns; HTTPS is turned off there, so no redirect is kept.
  return false;
}

/** The error for a domain that the project of Huawei Live does not have: it may be another cloud's. */
async function notInLive(domain: string, { details }: ToolError, context: ToolContext): Promise<ToolError> {
  const { domains } = await listDomains(context, (service) => service !== huaweiLive);
  const elsewhere = domains.filter((each) => toAscii(each.domain) === domain).map(describePlace);
  if (elsewhere.length === 0) return new ToolError({ ...details, changed: "no" });
  return unusable(
    `${formatName(domain)} is no domain of ${huaweiLive.title} in this project. It is listed at: ${elsewhere.join("; ")}.`,
    "Leave service out: the domain is then found where it is.",
  );
}

/** The code alone does not show it: it also stands for invalid arguments. */
async function hasNoCertificate(project: string, domain: string, context: ToolContext): Promise<boolean> {
  const at = { project_id: project, play_domain: domain };
  const listed = await readForListing(context, showCertificateInfo, at);
  return listed.total === 0;
}
