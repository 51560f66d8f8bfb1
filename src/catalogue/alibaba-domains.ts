import { z } from "zod";
import { asciiOf } from "../lib/domain-name.js";
import { asAlibabaWrites } from "./alibaba-params.js";
import { defineRead } from "./operation.js";
import { choice, domain, flag, integer, struct, text } from "./params.js";
import { int, members, record, reply, rows, string } from "./results.js";
import { alibabaCdn, alibabaDcdn, alibabaVod, type DeliveryService } from "./services.js";

/* The reads of Alibaba CDN, DCDN and VOD, which differ in little (docs/cloud-behaviour.md 5.5). */

interface Product {
  readonly service: DeliveryService;
  readonly called: string;
  /** What every read of it can answer. */
  readonly errors: readonly string[];
}

const cdn: Product = {
  service: alibabaCdn,
  called: "CDN",
  errors: ["CdnServiceNotFound", "CdnServiceSuspended", "AccountBlacklist"],
};
const dcdn: Product = { service: alibabaDcdn, called: "DCDN", errors: ["DcdnServiceNotFound"] };
const vod: Product = { service: alibabaVod, called: "VOD", errors: [] };

/** Without members that say little to a person: PEM, and what the domain list shows better. */
const shownToPeople = { summary: { leaveOut: ["ServerCertificate", "SSLPub", "Sources", "Sandbox"] } };

const pages = (maxPageSize: number) => ({
  PageNumber: integer("From 1", { min: 1, max: 100_000 }).optional(),
  PageSize: integer("Default 20", { min: 1, max: maxPageSize }).optional(),
});

/** Rows about certificates. */
const certInfos = <Shape extends z.ZodRawShape>(shape: Shape) => record({ CertInfo: rows(members(shape)) });

/** States of a domain; CDN names two more. */
const commonStates = ["online", "offline", "configuring", "configure_failed", "checking", "check_failed"];

/** Each domain has the members of its product, of which one is the HTTPS switch. */
function domainList<Params extends z.ZodRawShape, Own extends z.ZodRawShape>(
  { service, called, errors }: Product,
  definition: {
    name: string;
    titleInChinese: string;
    httpsSwitch: string;
    maxPageSize: number;
    states: readonly string[];
    params: Params;
    own: Own;
  },
) {
  const { name, titleInChinese, httpsSwitch, maxPageSize, states, params, own } = definition;
  return defineRead({
    name,
    service,
    title: `List ${called} domains`,
    titleInChinese,
    summary: `The ${called} domains of the account, each with its HTTPS switch (${httpsSwitch}).`,
    params: struct({
      DomainName: text("Domain name").optional(),
      DomainSearchType: choice(
        ["fuzzy_match", "pre_match", "suf_match", "full_match"],
        "How DomainName is compared",
      ).optional(),
      DomainStatus: text(states.join(", ")).optional(),
      ...pages(maxPageSize),
      ...params,
    }),
    example: { PageNumber: 1, PageSize: maxPageSize },
    result: reply({
      TotalCount: int(),
      PageNumber: int(),
      PageSize: int(),
      Domains: record({
        PageData: rows(
          members({
            DomainName: string(),
            DomainStatus: string(),
            Cname: string(),
            Description: string(),
            GmtCreated: string(),
            GmtModified: string(),
            ...own,
          }),
        ),
      }),
    }),
    replyFacts: shownToPeople,
    errors,
  });
}

export const describeUserDomains = domainList(cdn, {
  name: "DescribeUserDomains",
  titleInChinese: "查询 CDN 加速域名列表",
  httpsSwitch: "SslProtocol",
  maxPageSize: 500,
  states: [...commonStates, "stopping", "deleting"],
  params: {
    CdnType: text("web, download or video; several with commas").optional(),
    Coverage: text("domestic, overseas or global").optional(),
    CheckDomainShow: flag("Also domains in review").optional(),
    ResourceGroupId: text("Resource group").optional(),
    Source: text("Origin").optional(),
  },
  own: { SslProtocol: string(), CdnType: string(), Coverage: string(), ResourceGroupId: string() },
});

export const describeDcdnUserDomains = domainList(dcdn, {
  name: "DescribeDcdnUserDomains",
  titleInChinese: "查询全站加速域名列表",
  httpsSwitch: "SSLProtocol",
  maxPageSize: 500,
  states: commonStates,
  params: {
    Coverage: text("domestic, overseas or global").optional(),
    CheckDomainShow: flag("Also domains in review").optional(),
    ResourceGroupId: text("Resource group").optional(),
    WebSiteType: choice(
      ["dynamic", "computing_routine", "computing_image"],
      "Default dynamic; the others are listed only if asked for",
    ).optional(),
  },
  own: { SSLProtocol: string(), ResourceGroupId: string() },
});

export const describeVodUserDomains = domainList(vod, {
  name: "DescribeVodUserDomains",
  titleInChinese: "查询点播加速域名列表",
  httpsSwitch: "SslProtocol",
  maxPageSize: 50,
  states: commonStates,
  params: {},
  own: { SslProtocol: string() },
});

/** An account without such a domain gets the code NoHttpsDomain (inferred, docs/cloud-behaviour.md 5.5). */
const httpsList = ({ service, called, errors }: Product, name: string, titleInChinese: string) =>
  defineRead({
    name,
    service,
    title: `List ${called} domains with a certificate`,
    titleInChinese,
    summary: `The ${called} domains that have a certificate, each with its expiry. Domains without HTTPS are not listed.`,
    params: struct({ Keyword: text("Part of the domain name").optional(), ...pages(500) }),
    example: { PageNumber: 1, PageSize: 500 },
    result: reply({
      TotalCount: int(),
      CertInfos: certInfos({
        DomainName: string(),
        CertName: string(),
        CertCommonName: string(),
        CertType: string(),
        CertStatus: string(),
        CertStartTime: string(),
        CertExpireTime: string(),
        CertUpdateTime: string(),
      }),
    }),
    errors: [...errors, "NoHttpsDomain"],
  });

export const describeCdnHttpsDomainList = httpsList(cdn, "DescribeCdnHttpsDomainList", "查询已配置证书的 CDN 域名");
export const describeDcdnHttpsDomainList = httpsList(
  dcdn,
  "DescribeDcdnHttpsDomainList",
  "查询已配置证书的全站加速域名",
);

function certificateOfDomain<Own extends z.ZodRawShape>(
  { service, called, errors }: Product,
  definition: { name: string; titleInChinese: string; example: string; own: Own },
) {
  return defineRead({
    name: definition.name,
    service,
    title: `Look up the certificate of a ${called} domain`,
    titleInChinese: definition.titleInChinese,
    summary: `The certificate that a ${called} domain has now: id, name, expiry; PEM with detail full.`,
    params: struct({ DomainName: domain(`${called} domain`, {}, ({ ascii }) => asAlibabaWrites(ascii)) }),
    example: { DomainName: definition.example },
    result: reply({
      CertInfos: certInfos({
        DomainName: string(),
        CertName: string(),
        CertId: string(),
        CertRegion: string(),
        CertType: string(),
        CertDomainName: string(),
        CertOrg: string(),
        CertLife: string(),
        CertExpireTime: string(),
        Status: string(),
        ...definition.own,
      }),
    }),
    replyFacts: shownToPeople,
    errors: errors.length > 0 ? [...errors, "InvalidDomain.NotFound"] : [],
  });
}

const longInfo = {
  CertStartTime: string(),
  CertUpdateTime: string(),
  DomainCnameStatus: string(),
  ServerCertificate: string(),
  ServerCertificateStatus: string(),
};

export const describeDomainCertificateInfo = certificateOfDomain(cdn, {
  name: "DescribeDomainCertificateInfo",
  titleInChinese: "查询 CDN 域名的证书",
  example: "img.example.com",
  own: longInfo,
});

export const describeDcdnDomainCertificateInfo = certificateOfDomain(dcdn, {
  name: "DescribeDcdnDomainCertificateInfo",
  titleInChinese: "查询全站加速域名的证书",
  example: "app.example.com",
  own: { SSLProtocol: string(), SSLPub: string() },
});

export const describeVodDomainCertificateInfo = certificateOfDomain(vod, {
  name: "DescribeVodDomainCertificateInfo",
  titleInChinese: "查询点播域名的证书",
  example: "vod.example.com",
  own: longInfo,
});

/** Of an account that never switched the product on. */
export const notSwitchedOn: readonly string[] = ["CdnServiceNotFound", "DcdnServiceNotFound"];

/** An empty text says as little as none. */
const nonEmptyString = string().transform((text) => text || undefined);

/** The members that matter here, of all products. */
const settings = z.object({
  CertInfos: z.object({
    CertInfo: z.array(
      z.object({
        DomainName: nonEmptyString,
        CertId: nonEmptyString,
        CertName: nonEmptyString,
        CertDomainName: nonEmptyString,
        CertExpireTime: nonEmptyString,
        ServerCertificateStatus: nonEmptyString,
        ServerCertificate: nonEmptyString,
        SSLProtocol: nonEmptyString,
        SSLPub: nonEmptyString,
      }),
    ),
  }),
});

/** The row about a domain, in a reply that should be about that one only; one without a name if it is alone. */
export function rowAbout<Row extends { readonly DomainName?: string | null | undefined }>(
  rows: readonly Row[],
  domain: string,
): Row | undefined {
  const same = (name: string) => asciiOf(name) ?? name.toLowerCase().replace(/^\*\./, ".");
  const [first] = rows;
  if (rows.length === 1 && !first?.DomainName) return first;
  return rows.find(({ DomainName: name }) => name && same(name) === same(domain));
}

/**
 * What the reply about one domain says that it is set to, `pem` being the chain; undefined if it says nothing of it. That
 * a domain without a certificate has no row, or one without its members, is inferred (docs/cloud-behaviour.md 5.5).
 */
export function settingIn(found: unknown, domain: string) {
  const { success, data } = settings.safeParse(found);
  if (!success) return undefined;
  const rows = data.CertInfos.CertInfo;
  if (rows.length === 0) return { https: false };
  const row = rowAbout(rows, domain);
  if (row === undefined) return undefined;
  const { CertId: id, CertName: name, CertDomainName: mainName, CertExpireTime: ends } = row;
  const pem = row.ServerCertificate ?? row.SSLPub;
  const protocol = row.ServerCertificateStatus ?? row.SSLProtocol;
  if ((protocol ?? pem ?? name ?? id) === undefined) return undefined;
  return { https: protocol === undefined || protocol === "on", pem, id, name, mainName, ends };
}
