import { z } from "zod";
import {
  describeCdnHttpsDomainList,
  describeDcdnDomainCertificateInfo,
  describeDcdnHttpsDomainList,
  describeDcdnUserDomains,
  describeDomainCertificateInfo,
  describeUserDomains,
  describeVodDomainCertificateInfo,
  describeVodUserDomains,
} from "../catalogue/alibaba-domains.js";
import type { Account } from "./account.js";
import { alibabaHandler } from "./alibaba-domains.js";
import { parseSandboxCertificate } from "./certificate.js";
import { type DeliveryDomain, isoSeconds, spacedTime } from "./delivery.js";
import type { Handler, Members } from "./handler.js";
import { CloudError, existing } from "./refusal.js";

/* What Alibaba CDN, DCDN and VOD list (docs/cloud-behaviour.md 5.5). */

const pageParams = z.object({
  PageNumber: z.coerce.number().int().min(1).max(100_000).default(1),
  PageSize: z.coerce.number().int().min(1).default(20),
});

/** @throws {CloudError} for a page that does not exist (the code is inferred) */
function pageOf<Item>(params: Members, items: readonly Item[], maxPageSize = 500) {
  const { success, data } = pageParams.safeParse(params);
  if (!success || data.PageSize > maxPageSize) throw new CloudError("InvalidParameter", "No such page.");
  const { PageNumber, PageSize } = data;
  return {
    page: items.slice((PageNumber - 1) * PageSize, PageNumber * PageSize),
    counts: { TotalCount: items.length, PageNumber, PageSize },
  };
}

const text = z.string().optional();
const time = z.union([z.literal(""), z.string().datetime()]).optional();

const searchParams = z.object({
  DomainName: z.string().default(""),
  DomainSearchType: z.enum(["fuzzy_match", "pre_match", "suf_match", "full_match"]).optional(),
  DomainStatus: text,
  CdnType: text,
  Coverage: text,
  ResourceGroupId: text,
  Source: text,
  ChangeStartTime: time,
  ChangeEndTime: time,
});
type Search = z.output<typeof searchParams>;

/** What is the same for every domain of the sandbox; none has a tag. */
const ofEveryDomain = {
  DomainStatus: "online",
  CdnType: "web",
  Coverage: "global",
  ResourceGroupId: "rg-sandbox",
  Source: "origin.example.com",
};

/** A filter with several values has them with commas between. */
const listed = (values: string) => values.split(",").filter((value) => value !== "");

/** How the lists of the products differ (docs/cloud-behaviour.md 5.5). */
interface Listing {
  readonly byDefault: "full_match" | "fuzzy_match";
  readonly maxPageSize: number;
  readonly httpsSwitch: "SslProtocol" | "SSLProtocol";
  /** By which members a list can be filtered; the gateway passes others, which then have no effect. */
  readonly filters: readonly (keyof typeof ofEveryDomain | "changes")[];
  /** Which of them are in a row. */
  readonly shown: readonly (keyof typeof ofEveryDomain)[];
}
const cdnListing: Listing = {
  byDefault: "full_match",
  maxPageSize: 500,
  httpsSwitch: "SslProtocol",
  filters: ["DomainStatus", "CdnType", "Coverage", "ResourceGroupId", "Source", "changes"],
  shown: ["DomainStatus", "CdnType", "Coverage", "ResourceGroupId"],
};
const dcdnListing: Listing = {
  ...cdnListing,
  httpsSwitch: "SSLProtocol",
  filters: ["DomainStatus", "Coverage", "ResourceGroupId", "changes"],
  shown: ["DomainStatus", "ResourceGroupId"],
};
const vodListing: Listing = {
  byDefault: "fuzzy_match",
  maxPageSize: 50,
  httpsSwitch: "SslProtocol",
  filters: ["DomainStatus"],
  shown: ["DomainStatus"],
};

/** DCDN lists the domains of one kind, and the sandbox has only dynamic ones. */
function dynamicDomains({ WebSiteType = "dynamic" }: Members, domains: ReadonlyMap<string, DeliveryDomain>) {
  return WebSiteType === "dynamic" ? domains : new Map<string, DeliveryDomain>();
}

const comparisons = {
  fuzzy_match: (name: string, wanted: string) => name.includes(wanted),
  pre_match: (name: string, wanted: string) => name.startsWith(wanted),
  suf_match: (name: string, wanted: string) => name.endsWith(wanted),
  full_match: (name: string, wanted: string) => name === wanted,
};

/** Whether a domain is one that the search asks for; domain names have no letter case. */
function isWanted({ name, changedAt }: DeliveryDomain, search: Search, { byDefault, filters }: Listing): boolean {
  const { DomainName, DomainSearchType = byDefault, ChangeStartTime, ChangeEndTime } = search;
  const names = listed(DomainName.toLowerCase());
  const fits = (filter: Listing["filters"][number]) => {
    if (filter === "changes") {
      const changed = isoSeconds(changedAt);
      return !(ChangeStartTime && changed < ChangeStartTime) && !(ChangeEndTime && changed > ChangeEndTime);
    }
    const { [filter]: values } = search;
    return !values || listed(values).includes(ofEveryDomain[filter]);
  };
  return (
    (names.length === 0 || names.some((each) => comparisons[DomainSearchType](name.toLowerCase(), each))) &&
    filters.every(fits)
  );
}

/** @throws {CloudError} for a value of another form; the code is inferred */
function domainPage(params: Members, domains: ReadonlyMap<string, DeliveryDomain>, listing: Listing) {
  const { maxPageSize, httpsSwitch, shown: members } = listing;
  const { success, data } = searchParams.safeParse(params);
  if (!success) throw new CloudError("InvalidParameter", "The domains cannot be searched for that.");
  const asksForTag = Object.keys(params).some((name) => name.startsWith("Tag."));
  const found = asksForTag ? [] : [...domains.values()].filter((domain) => isWanted(domain, data, listing));
  const { page: shown, counts } = pageOf(params, found, maxPageSize);
  const ofEach = Object.fromEntries(members.map((member) => [member, ofEveryDomain[member]]));
  const PageData = shown.map(({ name, https, changedAt }) => ({
    DomainName: name,
    ...ofEach,
    [httpsSwitch]: https ? "on" : "off",
    Cname: `${name.replace(/^\./, "")}.w.kunlunsl.com`,
    GmtModified: isoSeconds(changedAt),
    Sandbox: "normal",
  }));
  return { ...counts, Domains: { PageData } };
}

function httpsDomains(params: Members, domains: ReadonlyMap<string, DeliveryDomain>, now: Date) {
  const { Keyword = "" } = z.object({ Keyword: z.string().optional() }).parse(params);
  const found = [...domains.values()].filter(
    ({ name, certificate }) => certificate && name.toLowerCase().includes(Keyword.toLowerCase()),
  );
  if (found.length === 0) throw new CloudError("NoHttpsDomain", "The account has no domain with HTTPS.");
  const { page: shown, counts } = pageOf(params, found);
  const CertInfo = shown.map(({ name, certificate, changedAt }) => {
    const parsed = parseSandboxCertificate(certificate?.certificatePem ?? "");
    return {
      DomainName: name,
      CertName: certificate?.name ?? "",
      CertCommonName: parsed?.names[0] ?? "",
      CertType: certificate?.certType ?? "upload",
      CertStatus: parsed !== undefined && parsed.notAfter <= now ? "expired" : "ok",
      CertStartTime: parsed ? spacedTime(parsed.notBefore) : "",
      CertExpireTime: parsed ? spacedTime(parsed.notAfter) : "",
      CertUpdateTime: spacedTime(changedAt),
    };
  });
  return { TotalCount: counts.TotalCount, CertInfos: { CertInfo } };
}

function certificateInfo(params: Members, domains: ReadonlyMap<string, DeliveryDomain>, { cas }: Account) {
  const { domain, parsed, row } = commonInfo(params, domains, cas);
  const { certificate, https, changedAt } = domain;
  const own = {
    CertStartTime: parsed ? isoSeconds(parsed.notBefore) : "",
    CertUpdateTime: certificate ? isoSeconds(changedAt) : "",
    DomainCnameStatus: "ok",
    ServerCertificate: certificate?.certificatePem ?? "",
    ServerCertificateStatus: https ? "on" : "off",
  };
  return { CertInfos: { CertInfo: [{ ...row, ...own }] } };
}

/** What DCDN says of it: less, and under other names. */
function dcdnCertificateInfo(params: Members, domains: ReadonlyMap<string, DeliveryDomain>, { cas }: Account) {
  const { domain, row } = commonInfo(params, domains, cas);
  const own = { SSLProtocol: domain.https ? "on" : "off", SSLPub: domain.certificate?.certificatePem ?? "" };
  return { CertInfos: { CertInfo: [{ ...row, ...own }] } };
}

function commonInfo(params: Members, domains: ReadonlyMap<string, DeliveryDomain>, cas: Account["cas"]) {
  const { DomainName = "" } = z.object({ DomainName: z.string().optional() }).parse(params);
  // Not documented; the gateway generally uses `Missing` and the parameter's name.
  if (DomainName === "") throw new CloudError("MissingDomainName", "The call needs DomainName.");
  const domain = existing(domains.get(DomainName), "InvalidDomain.NotFound", `domain ${DomainName}`, domains.keys());
  const { certificate } = domain;
  const { id = "" } = certificate ?? {};
  const parsed = certificate && parseSandboxCertificate(certificate.certificatePem);
  const CertRegion = cas["ap-southeast-1"].byId(id) === undefined ? "cn-hangzhou" : "ap-southeast-1";
  const row = {
    DomainName,
    CertName: certificate?.name ?? "",
    CertId: id,
    CertRegion: certificate ? CertRegion : "",
    CertType: certificate ? (certificate.certType ?? "upload") : "",
    CertDomainName: parsed?.names[0] ?? "",
    CertExpireTime: parsed ? isoSeconds(parsed.notAfter) : "",
    Status: "",
  };
  return { domain, parsed, row };
}

export const alibabaReads: readonly Handler[] = [
  alibabaHandler(describeUserDomains, (params, { cdn }) => domainPage(params, cdn, cdnListing)),
  alibabaHandler(describeDcdnUserDomains, (params, { dcdn }) =>
    domainPage(params, dynamicDomains(params, dcdn), dcdnListing),
  ),
  alibabaHandler(describeVodUserDomains, (params, { vod }) => domainPage(params, vod, vodListing)),
  alibabaHandler(describeCdnHttpsDomainList, (params, { cdn, clock }) => httpsDomains(params, cdn, clock.now())),
  alibabaHandler(describeDcdnHttpsDomainList, (params, { dcdn, clock }) => httpsDomains(params, dcdn, clock.now())),
  alibabaHandler(describeDomainCertificateInfo, (params, account) => certificateInfo(params, account.cdn, account)),
  alibabaHandler(describeDcdnDomainCertificateInfo, (params, account) =>
    dcdnCertificateInfo(params, account.dcdn, account),
  ),
  alibabaHandler(describeVodDomainCertificateInfo, (params, account) => certificateInfo(params, account.vod, account)),
];
