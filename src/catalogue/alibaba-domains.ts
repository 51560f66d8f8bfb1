import type { z } from "zod";
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

/** Members that say little to a person: PEM, and what the domain list shows better. */
export const domainDetails = ["ServerCertificate", "SSLPub", "Sources", "Sandbox"] as const;

/** Of an account that never switched the product on. */
export const notSwitchedOn: readonly string[] = ["CdnServiceNotFound", "DcdnServiceNotFound"];

/** What every read of CDN can answer. */
export const productErrors: readonly string[] = ["CdnServiceNotFound", "CdnServiceSuspended", "AccountBlacklist"];

/** What every read of DCDN can answer. */
export const dcdnErrors: readonly string[] = ["DcdnServiceNotFound"];
