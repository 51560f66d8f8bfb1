import { notSwitchedOn } from "../../catalogue/alibaba-domains.js";
import type { ReplyOf } from "../../catalogue/documented-reply.js";
import { showCertificateInfo } from "../../catalogue/huawei-live/show-certificate-info.js";
import { showDomain } from "../../catalogue/huawei-live/show-domain.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import {
  alibabaCdn,
  alibabaDcdn,
  alibabaVod,
  huaweiLive,
  type Service,
  tencentEdgeone,
} from "../../catalogue/services.js";
import { describeAccelerationDomains } from "../../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "../../catalogue/tencent-edgeone/describe-zones.js";
import { teoStatuses } from "../../catalogue/tencent-ssl/code-meanings.js";
import { asInDns } from "../../lib/domain-name.js";
import { groupedBy } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { unlessFailed } from "../../lib/tool-error.js";
import { CONCURRENT_ACCOUNTS } from "../../pipeline/call-context.js";
import { alibabaDomainReads, cdnDomains, dcdnDomains, switchUnread, vodDomains } from "./alibaba.js";
import {
  allPages,
  CONCURRENT_READS,
  type DomainInventory,
  type DomainState,
  domainState,
  incompleteNotes,
  type ListedDomain,
  type ListingContext,
  noHuaweiProject,
  parseListedTime,
  readForListing,
  zoneState,
} from "./listing.js";

type Lister = (context: ListingContext) => Promise<DomainInventory>;

/** How the domains of each service are listed. */
const listers: readonly (readonly [Service, Lister])[] = [
  [tencentEdgeone, edgeoneDomains],
  [alibabaCdn, cdnDomains],
  [alibabaDcdn, dcdnDomains],
  [alibabaVod, vodDomains],
  [huaweiLive, liveDomains],
];

/** The services whose domains are listed. */
export const listedServices: readonly Service[] = listers.map(([service]) => service);

/** The reads behind it. */
export const domainReads: readonly ReadOperation[] = [
  describeZones,
  describeAccelerationDomains,
  ...alibabaDomainReads,
  showDomain,
  showCertificateInfo,
];

/** The domains of every service that this server is set up for. A service that cannot be read is a sentence. */
export async function listDomains(
  context: ListingContext,
  wanted: (service: Service) => boolean = () => true,
): Promise<DomainInventory> {
  const chosen = listers.filter(([service]) => context.services.has(service) && wanted(service));
  return together(
    await Promise.all(
      chosen.map(async ([service, list]) => {
        const found = await orUnseen(service.title, list(context));
        return found.unseen.length > 0 ? { ...found, partial: [service] } : found;
      }),
    ),
  );
}

/** Another account whose domains are listed. */
export interface OtherListing {
  readonly name: string;
  within<Found>(work: (context: ListingContext) => Promise<Found>): Promise<Found>;
}

/**
 * The domains of an account and of all others: a certificate stored in one may be served, as a copy, from another. What
 * could not be seen in another one is said with its name.
 */
export async function listDomainsOfAll(
  context: ListingContext,
  others: readonly OtherListing[],
): Promise<DomainInventory> {
  const [own, theirs] = await Promise.all([
    listDomains(context),
    mapConcurrent(others, CONCURRENT_ACCOUNTS, async ({ name, within }): Promise<DomainInventory> => {
      const listing = within((theirContext) => listDomains(theirContext));
      const { domains, unseen } = await unlessFailed(listing, ({ details }) => ({
        domains: [],
        unseen: [`the domains could not be listed. ${details.happened}`],
      }));
      return { domains, unseen: unseen.map((sentence) => `account ${name}: ${sentence}`) };
    }),
  ]);
  return together([own, ...theirs]);
}

const together = (parts: readonly DomainInventory[]): DomainInventory => ({
  domains: parts.flatMap(({ domains }) => domains),
  unseen: parts.flatMap(({ unseen }) => unseen),
  doubts: parts.flatMap(({ doubts = [] }) => doubts),
  off: parts.flatMap(({ off = [] }) => off),
  partial: parts.flatMap(({ partial = [] }) => partial),
  zones: parts.find(({ zones }) => zones !== undefined)?.zones,
});

/** A failure as a sentence. */
function orUnseen(what: string, listing: Promise<DomainInventory>): Promise<DomainInventory> {
  return unlessFailed(listing, ({ details: { code = "", happened } }) =>
    notSwitchedOn.includes(code)
      ? { domains: [], unseen: [], off: [`${what}: not switched on for this account, so it has no domains.`] }
      : { domains: [], unseen: [`${what}: the domains could not be listed. ${happened}`] },
  );
}

async function edgeoneDomains(context: ListingContext): Promise<DomainInventory> {
  const zones = await allPages(
    100,
    async ({ offset }) => {
      const reply = await readForListing(context, describeZones, { Offset: offset, Limit: 100 });
      const rows = reply.Zones.map(({ ZoneId, ...row }): Site => ({ id: ZoneId ?? "", state: zoneState(row) }));
      return { rows, total: reply.TotalCount };
    },
    ({ id }) => id,
  );
  const parts = await mapConcurrent(zones.rows, CONCURRENT_READS, (site) =>
    orUnseen(`${tencentEdgeone.title}, site ${site.id}`, domainsOfZone(site, context)),
  );
  const unseen = incompleteNotes(`${tencentEdgeone.title}, sites`, [zones]);
  const ids = zones.rows.map(({ id }) => id);
  return together([...parts, { domains: [], unseen, ...(unseen.length === 0 && { zones: ids }) }]);
}

/** A zone of EdgeOne. */
interface Site {
  readonly id: string;
  readonly state: DomainState | undefined;
}

async function domainsOfZone(site: Site, context: ListingContext): Promise<DomainInventory> {
  const listed = await allPages(
    200,
    async ({ offset }) => {
      const params = { ZoneId: site.id, Offset: offset, Limit: 200 };
      const reply = await readForListing(context, describeAccelerationDomains, params);
      return { rows: reply.AccelerationDomains.map((row) => edgeoneDomain(row, site)), total: reply.TotalCount };
    },
    ({ domain }) => domain,
  );
  const title = `${tencentEdgeone.title}, site ${site.id}`;
  return {
    domains: listed.rows,
    unseen: incompleteNotes(title, [listed]),
    doubts: switchUnread({ title }, listed.rows),
  };
}

type EdgeoneRow = ReplyOf<typeof describeAccelerationDomains>["AccelerationDomains"][number];

function edgeoneDomain(
  { DomainName: domain, DomainStatus, Certificate: certificate }: EdgeoneRow,
  site: Site,
): ListedDomain {
  const certificates = (certificate?.List ?? []).map(({ CertId, Alias, ExpireTime, Status }) => ({
    id: CertId || undefined,
    name: Alias || undefined,
    ends: parseListedTime(ExpireTime),
    state:
      Status && Status.toLowerCase() !== "deployed" ? (teoStatuses.get(Status.toLowerCase()) ?? Status) : undefined,
  }));
  const { Mode: mode, ClientCertInfo: client, UpstreamCertInfo: upstream } = certificate ?? {};
  const https = mode ? mode !== "disable" : certificates.length > 0 || undefined;
  const others = [
    ...(client?.CertInfos ?? []),
    ...(upstream?.UpstreamMutualTLS?.CertInfos ?? []),
    ...(upstream?.UpstreamCertificateVerify?.CustomCACerts ?? []),
  ];
  const otherIds = others.flatMap(({ CertId }) => CertId || []);
  const unread = https === undefined && { isSwitchUnread: true as const };
  const state = domainState(DomainStatus) ?? site.state;
  const at = { domain: asInDns(domain ?? ""), service: tencentEdgeone, within: { zone_id: site.id } };
  return { ...at, https, ...unread, state, certificates, otherIds };
}

async function liveDomains(context: ListingContext): Promise<DomainInventory> {
  const { huaweiProjectId: project } = context;
  if (project === undefined) {
    return { domains: [], unseen: [`${huaweiLive.title}: ${noHuaweiProject}`] };
  }
  const [listed, rows] = await Promise.all([
    // This list has no pages.
    allPages(
      Number.MAX_SAFE_INTEGER,
      async () => {
        const reply = await readForListing(context, showDomain, { project_id: project });
        const rows = reply.domain_info.map(({ domain, domain_type: kind, status }) => ({
          domain: asInDns(domain ?? ""),
          kind,
          status,
        }));
        return { rows, total: reply.total };
      },
      ({ domain }) => domain,
    ),
    allPages(
      100,
      async ({ offset }) => {
        const params = { project_id: project, offset, limit: 100 };
        const reply = await readForListing(context, showCertificateInfo, params);
        const rows = reply.certificates_info.map(({ play_domain: domain, ...row }) => ({
          // A domain has a row for each kind of certificate.
          name: `${domain} ${row.cert_type} ${row.gm_cert_type}`,
          domain: asInDns(domain ?? ""),
          certificate: {
            id: row.cert_id || undefined,
            name: row.cert_name || undefined,
            ends: parseListedTime(row.expire_time),
          },
        }));
        return { rows, total: reply.total };
      },
      ({ name }) => name,
    ),
  ]);
  // Only these serve visitors; the others take in streams.
  const serving = listed.rows.filter(({ kind }) => kind !== "push");
  const byDomain = groupedBy(rows.rows, ({ domain }) => domain);
  const domains = serving.map(({ domain, status }) => {
    const certificates = (byDomain.get(domain) ?? []).map(({ certificate }) => certificate);
    // It may have one that was not listed.
    const https = certificates.length > 0 || (rows.incomplete === undefined ? false : undefined);
    const at = { domain, service: huaweiLive, within: { project_id: project } };
    return { ...at, https, state: domainState(status), certificates };
  });
  return { domains, unseen: incompleteNotes(huaweiLive.title, [listed, rows]) };
}
