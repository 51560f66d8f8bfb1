import { z } from "zod";
import { choice, integer, text } from "./params.js";
import { int, members, record, reply, rows, string } from "./results.js";

/** What the reads of Alibaba CDN, DCDN and VOD share (docs/cloud-behaviour.md 5.5). */

export const domainPage = (mostPerPage: number) => ({
  DomainName: text("Domain name").optional(),
  DomainSearchType: choice(
    ["fuzzy_match", "pre_match", "suf_match", "full_match"],
    "How DomainName is compared",
  ).optional(),
  DomainStatus: text("online, offline, configuring, configure_failed, checking or check_failed").optional(),
  PageNumber: integer("From 1", { min: 1, max: 100_000 }).optional(),
  PageSize: integer("Default 20", { min: 1, max: mostPerPage }).optional(),
});

/** Domains, each with the members of its product, of which one is the HTTPS switch. */
export const listedDomains = <Own extends z.ZodRawShape>(own: Own) =>
  reply({
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
  });

/** Page of the list of domains that have a certificate. */
export const httpsDomainPage = {
  Keyword: text("Part of the domain name").optional(),
  PageNumber: integer("From 1", { min: 1, max: 100_000 }).optional(),
  PageSize: integer("Default 20", { min: 1, max: 500 }).optional(),
};

/** The domains that have a certificate. */
export const listedCertificates = reply({
  TotalCount: int(),
  CertInfos: record({
    CertInfo: rows(
      members({
        DomainName: string(),
        CertName: string(),
        CertCommonName: string(),
        CertType: string(),
        CertStatus: string(),
        CertStartTime: string(),
        CertExpireTime: string(),
        CertUpdateTime: string(),
      }),
    ),
  }),
});

/** The certificate of one domain, with the members of its product. */
const certificateInfo = <Own extends z.ZodRawShape>(own: Own) =>
  reply({
    CertInfos: record({
      CertInfo: rows(
        members({
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
          ...own,
        }),
      ),
    }),
  });

/** In CDN and VOD. */
export const domainCertificateInfo = certificateInfo({
  CertStartTime: string(),
  CertUpdateTime: string(),
  DomainCnameStatus: string(),
  ServerCertificate: string(),
  ServerCertificateStatus: string(),
});

/** In DCDN. */
export const dcdnCertificateInfo = certificateInfo({ SSLProtocol: string(), SSLPub: string() });

/** What a product says that a domain is set to. */
export interface DomainSetting {
  readonly https: boolean;
  /** PEM of the chain. */
  readonly pem?: string | undefined;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly mainName?: string | undefined;
  readonly ends?: string | undefined;
}

/** The members that matter here, of all products. */
const settings = z.object({
  CertInfos: z.object({
    CertInfo: z.array(
      z.object({
        CertId: string(),
        CertName: string(),
        CertDomainName: string(),
        CertExpireTime: string(),
        ServerCertificateStatus: string(),
        ServerCertificate: string(),
        SSLProtocol: string(),
        SSLPub: string(),
      }),
    ),
  }),
});

/**
 * What the reply about one domain says; undefined if it says nothing. That a domain without a certificate has no row, or
 * one without its members, is inferred (docs/cloud-behaviour.md 5.5).
 */
export function settingIn(found: unknown): DomainSetting | undefined {
  const { success, data } = settings.safeParse(found);
  if (!success) return undefined;
  const [row] = data.CertInfos.CertInfo;
  if (row === undefined) return { https: false };
  const { CertId: id, CertName: name, CertDomainName: mainName, CertExpireTime: ends } = row;
  const pem = row.ServerCertificate || row.SSLPub || undefined;
  const protocol = row.ServerCertificateStatus || row.SSLProtocol;
  if (!protocol && pem === undefined && !name && !id) return undefined;
  return {
    https: protocol ? protocol === "on" : true,
    pem,
    id: id || undefined,
    name: name || undefined,
    mainName: mainName || undefined,
    ends: ends || undefined,
  };
}

/** Members that say little to a person: PEM, and what the domain list shows better. */
export const domainDetails = ["ServerCertificate", "SSLPub", "Sources", "Sandbox"] as const;

/** Of an account that never switched the product on. */
export const notSwitchedOn: readonly string[] = ["CdnServiceNotFound", "DcdnServiceNotFound"];

/** What every read of CDN can answer. */
export const productErrors: readonly string[] = ["CdnServiceNotFound", "CdnServiceSuspended", "AccountBlacklist"];

/** What every read of DCDN can answer. */
export const dcdnErrors: readonly string[] = ["DcdnServiceNotFound"];
