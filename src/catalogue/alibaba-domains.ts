import type { z } from "zod";
import { choice, integer, text } from "./params.js";
import { int, members, record, reply, rows, string } from "./results.js";

/** What the reads of Alibaba CDN and VOD share (docs/cloud-behaviour.md 5.5). */

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

/** Domains, each with its HTTPS switch and the members of its product. */
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
          SslProtocol: string(),
          Cname: string(),
          Description: string(),
          GmtCreated: string(),
          GmtModified: string(),
          ...own,
        }),
      ),
    }),
  });

/** The certificate of one domain. */
export const domainCertificateInfo = reply({
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
        CertStartTime: string(),
        CertExpireTime: string(),
        CertUpdateTime: string(),
        DomainCnameStatus: string(),
        ServerCertificate: string(),
        ServerCertificateStatus: string(),
        Status: string(),
      }),
    ),
  }),
});

/** Members that say little to a person: PEM, and what the domain list shows better. */
export const domainDetails = ["ServerCertificate", "Sources", "Sandbox"] as const;

/** A product that was never switched on has these codes. */
export const productErrors: readonly string[] = ["CdnServiceNotFound", "CdnServiceSuspended", "AccountBlacklist"];
