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
import { type DeliveryDomain, inSeconds, spaced } from "./delivery.js";
import type { Handler } from "./handler.js";
import { CloudError, existing } from "./refusal.js";

/* What Alibaba CDN, DCDN and VOD list (docs/cloud-behaviour.md 5.5). */

type Params = Readonly<Record<string, unknown>>;

const page = z.object({
  PageNumber: z.coerce.number().int().min(1).max(100_000).default(1),
  PageSize: z.coerce.number().int().min(1).default(20),
});

/** @throws {CloudError} for a page that does not exist (the code is inferred) */
function pageOf<Item>(params: Params, items: readonly Item[], maxPageSize = 500) {
  const { success, data } = page.safeParse(params);
  if (!success || data.PageSize > maxPageSize) throw new CloudError("InvalidParameter", "No such page.");
  const { PageNumber, PageSize } = data;
  return {
    page: items.slice((PageNumber - 1) * PageSize, PageNumber * PageSize),
    counts: { TotalCount: items.length, PageNumber, PageSize },
  };
}

const search = z.object({
  DomainName: z.string().optional(),
  DomainSearchType: z.enum(["fuzzy_match", "pre_match", "suf_match", "full_match"]).optional(),
});

/** How the lists of the products differ (docs/cloud-behaviour.md 5.5). */
interface Listing {
  readonly byDefault: "full_match" | "fuzzy_match";
  readonly maxPageSize: number;
  readonly httpsSwitch: "SslProtocol" | "SSLProtocol";
}
const asCdn: Listing = { byDefault: "full_match", maxPageSize: 500, httpsSwitch: "SslProtocol" };
const asDcdn: Listing = { ...asCdn, httpsSwitch: "SSLProtocol" };
const asVod: Listing = { byDefault: "fuzzy_match", maxPageSize: 50, httpsSwitch: "SslProtocol" };

/** DCDN lists the domains of one kind, and the sandbox has only dynamic ones. */
function ofKind({ WebSiteType = "dynamic" }: Params, domains: ReadonlyMap<string, DeliveryDomain>) {
  return WebSiteType === "dynamic" ? domains : new Map<string, DeliveryDomain>();
}

function domainPage(
  params: Params,
  domains: ReadonlyMap<string, DeliveryDomain>,
  { byDefault, maxPageSize, httpsSwitch }: Listing,
) {
  const { DomainName = "", DomainSearchType = byDefault } = search.parse(params);
  const compare = {
    fuzzy_match: (name: string, wanted: string) => name.includes(wanted),
    pre_match: (name: string, wanted: string) => name.startsWith(wanted),
    suf_match: (name: string, wanted: string) => name.endsWith(wanted),
    full_match: (name: string, wanted: string) => name === wanted,
  }[DomainSearchType];
  const wanted = DomainName.split(",").filter((name) => name !== "");
  const found = [...domains.values()].filter(
    ({ name }) => wanted.length === 0 || wanted.some((each) => compare(name, each)),
  );
  const { page: shown, counts } = pageOf(params, found, maxPageSize);
  const PageData = shown.map(({ name, https, changedAt }) => ({
    DomainName: name,
    DomainStatus: "online",
    [httpsSwitch]: https ? "on" : "off",
    Cname: `${name.replace(/^\./, "")}.w.kunlunsl.com`,
    GmtModified: inSeconds(changedAt),
    Sandbox: "normal",
  }));
  return { ...counts, Domains: { PageData } };
}

function httpsDomains(params: Params, domains: ReadonlyMap<string, DeliveryDomain>, now: Date) {
  const { Keyword = "" } = z.object({ Keyword: z.string().optional() }).parse(params);
  const found = [...domains.values()].filter(({ name, certificate }) => certificate && name.includes(Keyword));
  if (found.length === 0) throw new CloudError("NoHttpsDomain", "The account has no domain with HTTPS.");
  const { page: shown, counts } = pageOf(params, found);
  const CertInfo = shown.map(({ name, certificate, changedAt }) => {
    const parsed = parseSandboxCertificate(certificate?.certificatePem ?? "");
    return {
      DomainName: name,
      CertName: certificate?.name ?? "",
      CertCommonName: parsed?.names[0] ?? "",
      CertType: "upload",
      CertStatus: parsed !== undefined && parsed.notAfter <= now ? "expired" : "ok",
      CertStartTime: parsed ? spaced(parsed.notBefore) : "",
      CertExpireTime: parsed ? spaced(parsed.notAfter) : "",
      CertUpdateTime: spaced(changedAt),
    };
  });
  return { TotalCount: counts.TotalCount, CertInfos: { CertInfo } };
}

/** What CDN and VOD say of the certificate of one domain. */
function longInfo(params: Params, domains: ReadonlyMap<string, DeliveryDomain>, { cas }: Account) {
  const { domain, parsed, row } = infoOf(params, domains, cas);
  const { certificate, https, changedAt } = domain;
  const own = {
    CertStartTime: parsed ? inSeconds(parsed.notBefore) : "",
    CertUpdateTime: certificate ? inSeconds(changedAt) : "",
    DomainCnameStatus: "ok",
    ServerCertificate: certificate?.certificatePem ?? "",
    ServerCertificateStatus: https ? "on" : "off",
  };
  return { CertInfos: { CertInfo: [{ ...row, ...own }] } };
}

/** What DCDN says of it: less, and under other names. */
function shortInfo(params: Params, domains: ReadonlyMap<string, DeliveryDomain>, { cas }: Account) {
  const { domain, row } = infoOf(params, domains, cas);
  const own = { SSLProtocol: domain.https ? "on" : "off", SSLPub: domain.certificate?.certificatePem ?? "" };
  return { CertInfos: { CertInfo: [{ ...row, ...own }] } };
}

function infoOf(params: Params, domains: ReadonlyMap<string, DeliveryDomain>, cas: Account["cas"]) {
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
    CertType: certificate ? "upload" : "",
    CertDomainName: parsed?.names[0] ?? "",
    CertExpireTime: parsed ? inSeconds(parsed.notAfter) : "",
    Status: "",
  };
  return { domain, parsed, row };
}

export const alibabaReads: readonly Handler[] = [
  alibabaHandler(describeUserDomains, (params, { cdn }) => domainPage(params, cdn, asCdn)),
  alibabaHandler(describeDcdnUserDomains, (params, { dcdn }) => domainPage(params, ofKind(params, dcdn), asDcdn)),
  alibabaHandler(describeVodUserDomains, (params, { vod }) => domainPage(params, vod, asVod)),
  alibabaHandler(describeCdnHttpsDomainList, (params, { cdn, clock }) => httpsDomains(params, cdn, clock.now())),
  alibabaHandler(describeDcdnHttpsDomainList, (params, { dcdn, clock }) => httpsDomains(params, dcdn, clock.now())),
  alibabaHandler(describeDomainCertificateInfo, (params, account) => longInfo(params, account.cdn, account)),
  alibabaHandler(describeDcdnDomainCertificateInfo, (params, account) => shortInfo(params, account.dcdn, account)),
  alibabaHandler(describeVodDomainCertificateInfo, (params, account) => longInfo(params, account.vod, account)),
];
