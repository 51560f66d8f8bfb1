import {
  describeCdnHttpsDomainList,
  describeDcdnHttpsDomainList,
  describeDcdnUserDomains,
  describeUserDomains,
  describeVodDomainCertificateInfo,
  describeVodUserDomains,
  rowAbout,
} from "../../catalogue/alibaba-domains.js";
import type { ReplyOf } from "../../catalogue/documented-reply.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import { alibabaCdn, alibabaDcdn, alibabaVod, type DeliveryService, type Service } from "../../catalogue/services.js";
import { asInDns } from "../../lib/domain-name.js";
import { firstOf } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { unlessFailed } from "../../lib/tool-error.js";
import {
  allPages,
  CONCURRENT_READS,
  type DomainCertificate,
  type DomainInventory,
  domainState,
  incompleteNotes,
  type ListedDomain,
  type ListedPage,
  type ListingContext,
  type PageWanted,
  parseListedTime,
  readForListing,
} from "./listing.js";

/* How the domains of Alibaba Cloud are listed (docs/cloud-behaviour.md 5.5). */

/** The reads behind it. */
export const alibabaDomainReads: readonly ReadOperation[] = [
  describeUserDomains,
  describeCdnHttpsDomainList,
  describeDcdnUserDomains,
  describeDcdnHttpsDomainList,
  describeVodUserDomains,
  describeVodDomainCertificateInfo,
];

/** Without the chain, which is most of a reply: the replies about all domains are kept for a while. */
const certificateOfVodDomain = {
  ...describeVodDomainCertificateInfo,
  droppedMembers: new Set(["ServerCertificate"]),
} satisfies ReadOperation;

/** A row of the list of all domains, whatever the product calls the switch. */
type SwitchRow = Readonly<Record<"name" | "protocol" | "status", string | null | undefined>>;

const switchRow = (
  { DomainName: name, DomainStatus: status }: Partial<Record<"DomainName" | "DomainStatus", string | null | undefined>>,
  protocol: SwitchRow["protocol"],
): SwitchRow => ({ name, protocol, status });

const namedAtMost = 10;

/** A page of either list, from 0. */
const pageAt = ({ page, size }: PageWanted) => ({ PageNumber: page, PageSize: size });

export function cdnDomains(context: ListingContext): Promise<DomainInventory> {
  return joinLists(alibabaCdn, describeCdnHttpsDomainList, context, async (page) => {
    const { Domains, TotalCount: total } = await readForListing(context, describeUserDomains, page);
    return { rows: Domains?.PageData?.map((row) => switchRow(row, row.SslProtocol)), total };
  });
}

export function dcdnDomains(context: ListingContext): Promise<DomainInventory> {
  return joinLists(alibabaDcdn, describeDcdnHttpsDomainList, context, async (page) => {
    const { Domains, TotalCount: total } = await readForListing(context, describeDcdnUserDomains, page);
    return { rows: Domains?.PageData?.map((row) => switchRow(row, row.SSLProtocol)), total };
  });
}

/** The domains of CDN or DCDN: one list has the HTTPS switch of all, the other one the certificates. */
async function joinLists(
  service: DeliveryService,
  certificateList: typeof describeCdnHttpsDomainList,
  context: ListingContext,
  all: (page: ReturnType<typeof pageAt>) => Promise<ListedPage<SwitchRow>>,
): Promise<DomainInventory> {
  const [listed, withCertificate] = await Promise.all([
    allPages(
      500,
      (wanted) => all(pageAt(wanted)),
      ({ name }) => name,
    ),
    allPages(
      500,
      async (wanted) => {
        const reply = await unlessFailed(readForListing(context, certificateList, pageAt(wanted)), (error) => {
          // So an account without such a domain is answered.
          if (error.details.code !== "NoHttpsDomain") throw error;
          return { CertInfos: undefined, TotalCount: 0 };
        });
        return { rows: reply.CertInfos?.CertInfo.map(withItsDomain), total: reply.TotalCount };
      },
      ({ name }) => name,
    ),
  ]);
  // The two lists may spell a name differently.
  const known = new Map(withCertificate.rows.map(({ name, certificate }) => [asInDns(name ?? ""), certificate]));
  const names = new Set(listed.rows.map(({ name }) => asInDns(name ?? "")));
  // A domain that has a certificate is one, whatever the other list says.
  const others = withCertificate.rows.map(({ name }) => ({ name, protocol: "on", status: undefined }));
  const rows = [...listed.rows, ...others.filter(({ name }) => !names.has(asInDns(name ?? "")))];
  const domains = rows.flatMap(({ name, protocol, status }) =>
    name ? [alibabaDomain(service, { name, protocol, status }, known.get(asInDns(name)))] : [],
  );
  const unseen = incompleteNotes(service.title, [listed, withCertificate]);
  return { domains, unseen, doubts: switchUnread(service, domains) };
}

type CertificateRow = NonNullable<ReplyOf<typeof describeCdnHttpsDomainList>["CertInfos"]>["CertInfo"][number];

function withItsDomain(row: CertificateRow) {
  const certificate: DomainCertificate = {
    name: row.CertName || undefined,
    starts: parseListedTime(row.CertStartTime),
    ends: parseListedTime(row.CertExpireTime),
    state: row.CertStatus && row.CertStatus !== "ok" ? row.CertStatus : undefined,
  };
  return { name: row.DomainName, certificate };
}

export async function vodDomains(context: ListingContext): Promise<DomainInventory> {
  const listed = await allPages(
    50,
    async (wanted) => {
      const { Domains, TotalCount: total } = await readForListing(context, describeVodUserDomains, pageAt(wanted));
      return { rows: Domains?.PageData.map((row) => switchRow(row, row.SslProtocol)), total };
    },
    ({ name }) => name,
  );
  // VOD has no list with ends, so each domain with HTTPS takes a call.
  const unread: string[] = [];
  const domains = await mapConcurrent(listed.rows, CONCURRENT_READS, async ({ name, protocol, status }) => {
    if (!name) return [];
    const isOn = switchedOn(protocol);
    const certificate = isOn === false ? undefined : await vodCertificate(name, isOn, unread, context);
    return [alibabaDomain(alibabaVod, { name, protocol, status }, certificate)];
  });
  return {
    domains: domains.flat(),
    unseen: [...unreadIn(alibabaVod, unread), ...incompleteNotes(alibabaVod.title, [listed])],
    doubts: switchUnread(alibabaVod, domains.flat()),
  };
}

/** @param unread gets the reason if it could not be read */
async function vodCertificate(
  DomainName: string,
  isOn: boolean | undefined,
  unread: string[],
  context: ListingContext,
): Promise<DomainCertificate | undefined> {
  const reading = readForListing(context, certificateOfVodDomain, { DomainName });
  const reply = await unlessFailed(reading, ({ details }) => {
    unread.push(`${DomainName}: ${details.happened}`);
    return undefined;
  });
  const rows = reply?.CertInfos?.CertInfo ?? [];
  const row = rowAbout(rows, DomainName);
  if (reply !== undefined && row === undefined && (isOn || rows.length > 0)) {
    const what = rows.length === 0 ? "has no certificate, though HTTPS is on" : "is about another domain";
    unread.push(`${DomainName}: the reply ${what}.`);
  }
  return (
    row && {
      id: row.CertId || undefined,
      name: row.CertName || undefined,
      starts: parseListedTime(row.CertStartTime),
      ends: parseListedTime(row.CertExpireTime),
    }
  );
}

/** One sentence, however many: they usually have one cause. */
function unreadIn({ title }: DeliveryService, unread: readonly string[]): string[] {
  const [first] = unread;
  if (first === undefined) return [];
  return [`${title}: certificates that could not be read: ${unread.length}. ${first}`];
}

/** Whether HTTPS is on; undefined if the list does not say. */
function switchedOn(protocol: string | null | undefined): boolean | undefined {
  const said = protocol?.trim().toLowerCase();
  return said === "on" ? true : said === "off" ? false : undefined;
}

/** The domains of which the list of `title` does not say whether HTTPS is on, in a sentence. */
export function switchUnread({ title }: Pick<Service, "title">, domains: readonly ListedDomain[]): string[] {
  const names = domains.filter(({ isSwitchUnread }) => isSwitchUnread).map(({ domain }) => domain);
  return names.length === 0
    ? []
    : [`${title}: the list does not say whether HTTPS is on for ${firstOf(names, namedAtMost).join(", ")}.`];
}

function alibabaDomain(
  service: DeliveryService,
  { name, protocol, status }: SwitchRow & { readonly name: string },
  certificate: DomainCertificate | undefined,
): ListedDomain {
  const certificates =
    certificate && Object.values(certificate).some((value) => value !== undefined) ? [certificate] : [];
  const isOn = switchedOn(protocol);
  return {
    domain: asInDns(name),
    service,
    https: isOn ?? (certificates.length > 0 || undefined),
    ...(isOn === undefined && { isSwitchUnread: true as const }),
    state: domainState(status),
    certificates,
  };
}
