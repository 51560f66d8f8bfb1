import { describeCdnHttpsDomainList } from "../../catalogue/alibaba-cdn/describe-cdn-https-domain-list.js";
import { describeUserDomains } from "../../catalogue/alibaba-cdn/describe-user-domains.js";
import { describeVodDomainCertificateInfo } from "../../catalogue/alibaba-vod/describe-vod-domain-certificate-info.js";
import { describeVodUserDomains } from "../../catalogue/alibaba-vod/describe-vod-user-domains.js";
import { showCertificateInfo } from "../../catalogue/huawei-live/show-certificate-info.js";
import { showDomain } from "../../catalogue/huawei-live/show-domain.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import {
  alibabaCdn,
  alibabaVod,
  type DeliveryService,
  huaweiLive,
  type Service,
  tencentEdgeone,
} from "../../catalogue/services.js";
import { describeAccelerationDomains } from "../../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "../../catalogue/tencent-edgeone/describe-zones.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readWithRetry } from "../read-with-retry.js";
import { LISTING_TIME } from "./certificates.js";

/** A certificate of a domain, as its cloud lists it. */
export interface DomainCertificate {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** ISO 8601; a day alone where the cloud does not state the zone. */
  readonly ends?: string | undefined;
  /** Only if the cloud says that something is wrong or under way. */
  readonly state?: string | undefined;
}

/** A domain that serves visitors, as its cloud lists it. */
export interface ListedDomain {
  /** As in DNS: `*.example.com`. */
  readonly domain: string;
  readonly service: DeliveryService;
  /** The EdgeOne site or the Huawei Cloud project. */
  readonly within?: { readonly zone_id: string } | { readonly project_id: string };
  readonly https: boolean;
  /** Several if their keys differ in kind; none if the cloud lists none. */
  readonly certificates: readonly DomainCertificate[];
}

export interface DomainInventory {
  readonly domains: readonly ListedDomain[];
  /** What could not be seen, one sentence each. */
  readonly unseen: readonly string[];
}

type Lister = (context: ToolContext) => Promise<DomainInventory>;

/** How the domains of each service are listed. */
const listers: readonly (readonly [Service, Lister])[] = [
  [tencentEdgeone, edgeoneDomains],
  [alibabaCdn, cdnDomains],
  [alibabaVod, vodDomains],
  [huaweiLive, liveDomains],
];

/** The reads behind it. */
export const domainReads: readonly ReadOperation[] = [
  describeZones,
  describeAccelerationDomains,
  describeUserDomains,
  describeCdnHttpsDomainList,
  describeVodUserDomains,
  describeVodDomainCertificateInfo,
  showDomain,
  showCertificateInfo,
];

/** The domains of every service that this server is set up for. A service that cannot be read is a sentence. */
export async function listDomains(
  context: ToolContext,
  wanted: (service: Service) => boolean = () => true,
): Promise<DomainInventory> {
  const chosen = listers.filter(([service]) => context.services.has(service) && wanted(service));
  return together(await Promise.all(chosen.map(([service, list]) => unlessFailed(service.title, () => list(context)))));
}

const together = (parts: readonly DomainInventory[]): DomainInventory => ({
  domains: parts.flatMap(({ domains }) => domains),
  unseen: parts.flatMap(({ unseen }) => unseen),
});

/** A failure as a sentence. */
async function unlessFailed(what: string, list: () => Promise<DomainInventory>): Promise<DomainInventory> {
  try {
    return await list();
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    return { domains: [], unseen: [`${what}: the domains could not be listed. ${error.details.happened}`] };
  }
}

/** Far more than an account has; ends the reading of a list without end. */
const pagesAtMost = 100;

export interface ListedPages<Row> {
  /** In the order of the list, each once. */
  readonly rows: readonly Row[];
  /** Whether the cloud counts more than it listed. */
  readonly isCut: boolean;
}

/**
 * The rows of all pages. The last page is the one that is short, brings nothing new or reaches the total.
 * @param read gives page `index` (from 0)
 */
export async function allPages<Row>(
  size: number,
  read: (index: number) => Promise<{ readonly rows: readonly Row[]; readonly total: number | null | undefined }>,
  nameOf: (row: NoInfer<Row>) => string | null | undefined,
): Promise<ListedPages<Row>> {
  const all = new Map<string, Row>();
  let counted = 0;
  for (let index = 0; index < pagesAtMost; index += 1) {
    const { rows, total } = await read(index);
    const known = all.size;
    for (const row of rows) all.set(nameOf(row) || `unnamed ${index} ${all.size}`, row);
    counted = total ?? 0;
    if (rows.length < size || all.size === known || (counted > 0 && all.size >= counted)) break;
  }
  return { rows: [...all.values()], isCut: all.size < counted };
}

/** The sentences about lists that the cloud did not give in full. */
export const cutIn = (what: string, pages: readonly ListedPages<unknown>[]): string[] =>
  pages.some(({ isCut }) => isCut) ? [`${what}: the cloud counts more than it listed.`] : [];

/** The same with a shorter limit. */
export const readWithin: typeof readWithRetry = (context, operation, params) =>
  readWithRetry(context, operation, params, LISTING_TIME);

/** Reads that are under way at once; the client keeps to the rate. */
const AT_ONCE = 8;

async function edgeoneDomains(context: ToolContext): Promise<DomainInventory> {
  const zones = await allPages(
    100,
    async (page) => {
      const reply = await readWithin(context, describeZones, { Offset: 100 * page, Limit: 100 });
      return { rows: reply.Zones, total: reply.TotalCount };
    },
    ({ ZoneId }) => ZoneId,
  );
  const ids = zones.rows.flatMap(({ ZoneId }) => ZoneId || []);
  const parts = await mapConcurrent(ids, AT_ONCE, (zone) =>
    unlessFailed(`${tencentEdgeone.title}, site ${zone}`, () => domainsOfZone(zone, context)),
  );
  return together([...parts, { domains: [], unseen: cutIn(`${tencentEdgeone.title}, sites`, [zones]) }]);
}

async function domainsOfZone(zone: string, context: ToolContext): Promise<DomainInventory> {
  const listed = await allPages(
    200,
    async (page) => {
      const params = { ZoneId: zone, Offset: 200 * page, Limit: 200 };
      const reply = await readWithin(context, describeAccelerationDomains, params);
      return { rows: reply.AccelerationDomains, total: reply.TotalCount };
    },
    ({ DomainName }) => DomainName,
  );
  const domains = listed.rows.flatMap(({ DomainName: domain, Certificate: certificate }) => {
    if (!domain) return [];
    const certificates = (certificate?.List ?? []).map(({ CertId, Alias, ExpireTime, Status }) => ({
      id: CertId || undefined,
      name: Alias || undefined,
      ends: momentOrDay(ExpireTime),
      state: Status && Status !== "deployed" ? Status : undefined,
    }));
    const https = certificate?.Mode ? certificate.Mode !== "disable" : certificates.length > 0;
    return [{ domain, service: tencentEdgeone, within: { zone_id: zone }, https, certificates }];
  });
  return { domains, unseen: cutIn(`${tencentEdgeone.title}, site ${zone}`, [listed]) };
}

async function cdnDomains(context: ToolContext): Promise<DomainInventory> {
  const [listed, withCertificate] = await Promise.all([
    allPages(
      500,
      async (page) => {
        const reply = await readWithin(context, describeUserDomains, { PageNumber: page + 1, PageSize: 500 });
        return { rows: reply.Domains?.PageData ?? [], total: reply.TotalCount };
      },
      ({ DomainName }) => DomainName,
    ),
    allPages(
      500,
      async (page) => {
        const params = { PageNumber: page + 1, PageSize: 500 };
        const reply = await unlessNone(readWithin(context, describeCdnHttpsDomainList, params));
        return { rows: reply?.CertInfos?.CertInfo ?? [], total: reply?.TotalCount };
      },
      ({ DomainName }) => DomainName,
    ),
  ]);
  const known = new Map(withCertificate.rows.map((row) => [row.DomainName, row]));
  const domains = listed.rows.flatMap(({ DomainName, SslProtocol }) => {
    if (!DomainName) return [];
    const row = known.get(DomainName);
    const certificate = row && {
      name: row.CertName || undefined,
      ends: momentOrDay(row.CertExpireTime),
      state: row.CertStatus && row.CertStatus !== "ok" ? row.CertStatus : undefined,
    };
    return [alibabaDomain(alibabaCdn, DomainName, SslProtocol, certificate)];
  });
  return { domains, unseen: cutIn(alibabaCdn.title, [listed, withCertificate]) };
}

/** An account without such a domain is answered with a code. */
async function unlessNone<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ToolError && error.details.code === "NoHttpsDomain") return undefined;
    throw error;
  }
}

async function vodDomains(context: ToolContext): Promise<DomainInventory> {
  const listed = await allPages(
    50,
    async (page) => {
      const reply = await readWithin(context, describeVodUserDomains, { PageNumber: page + 1, PageSize: 50 });
      return { rows: reply.Domains?.PageData ?? [], total: reply.TotalCount };
    },
    ({ DomainName }) => DomainName,
  );
  // VOD has no list with ends, so each domain with HTTPS takes a call.
  const unread: string[] = [];
  const domains = await mapConcurrent(listed.rows, AT_ONCE, async ({ DomainName, SslProtocol }) => {
    if (!DomainName) return [];
    const certificate = SslProtocol === "on" ? await vodCertificate(DomainName, unread, context) : undefined;
    return [alibabaDomain(alibabaVod, DomainName, SslProtocol, certificate)];
  });
  return { domains: domains.flat(), unseen: [...unreadIn(alibabaVod, unread), ...cutIn(alibabaVod.title, [listed])] };
}

/** @param unread gets the reason if it could not be read */
async function vodCertificate(
  DomainName: string,
  unread: string[],
  context: ToolContext,
): Promise<DomainCertificate | undefined> {
  try {
    const reply = await readWithin(context, describeVodDomainCertificateInfo, { DomainName });
    const [row] = reply.CertInfos?.CertInfo ?? [];
    return (
      row && { id: row.CertId || undefined, name: row.CertName || undefined, ends: momentOrDay(row.CertExpireTime) }
    );
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    unread.push(`${DomainName}: ${error.details.happened}`);
    return undefined;
  }
}

/** One sentence, however many: they usually have one cause. */
function unreadIn({ title }: Service, unread: readonly string[]): string[] {
  const [first] = unread;
  if (first === undefined) return [];
  return [`${title}: certificates that could not be read: ${unread.length}. ${first}`];
}

/** Alibaba Cloud writes a wildcard with a leading dot. */
function alibabaDomain(
  service: DeliveryService,
  name: string,
  protocol: string | null | undefined,
  certificate: DomainCertificate | undefined,
): ListedDomain {
  const held = certificate && Object.values(certificate).some((value) => value !== undefined);
  return {
    domain: name.replace(/^\./, "*."),
    service,
    https: protocol === "on",
    certificates: held ? [certificate] : [],
  };
}

async function liveDomains(context: ToolContext): Promise<DomainInventory> {
  const { huaweiProjectId: project } = context;
  if (project === undefined) {
    return { domains: [], unseen: [`${huaweiLive.title}: no project is configured (HUAWEICLOUD_SDK_PROJECT_ID).`] };
  }
  const [listed, rows] = await Promise.all([
    readWithin(context, showDomain, { project_id: project }),
    allPages(
      100,
      async (page) => {
        const params = { project_id: project, offset: 100 * page, limit: 100 };
        const reply = await readWithin(context, showCertificateInfo, params);
        return { rows: reply.certificates_info, total: reply.total };
      },
      // A domain has a row for each kind of certificate.
      ({ play_domain, cert_type, gm_cert_type }) => `${play_domain} ${cert_type} ${gm_cert_type}`,
    ),
  ]);
  // Only these serve visitors; the others take in streams.
  const serving = listed.domain_info.filter(({ domain_type: kind }) => kind !== "push");
  const domains = serving.flatMap(({ domain }) => {
    if (!domain) return [];
    const certificates = rows.rows
      .filter(({ play_domain: name }) => name === domain)
      .map(({ cert_id, cert_name, expire_time }) => ({
        id: cert_id || undefined,
        name: cert_name || undefined,
        ends: momentOrDay(expire_time),
      }));
    const https = certificates.length > 0;
    return [{ domain, service: huaweiLive, within: { project_id: project }, https, certificates }];
  });
  return { domains, unseen: cutIn(huaweiLive.title, [rows]) };
}

/**
 * An end in the formats of these services: ISO 8601, or a date and time whose zone is not stated, of which only the
 * day is certain.
 */
export function momentOrDay(time: string | null | undefined): string | undefined {
  const given = time?.trim() ?? "";
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.test(given)) {
    const date = new Date(given);
    return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19)}Z`;
  }
  return /^\d{4}-\d\d-\d\d(?= |$)/.exec(given)?.[0];
}
