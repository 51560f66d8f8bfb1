import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { companions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { type FormatOptions, formatReply, type Reply } from "../../src/reply/format-reply.js";

export type Members = Readonly<Record<string, unknown>>;

export const now = new Date("2026-04-01T03:00:00Z");
export const requestId = "14727a68-3b90-4408-99c9-dea6d7de9456";

export function operationOf(name: string): Operation {
  const found = [...operations, ...companions].find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`there is no operation ${name}`);
  return found;
}

export function shaped(name: string, answer: unknown, options: Partial<FormatOptions> = {}): Reply {
  return formatReply(operationOf(name), answer, requestId, formatOptions({ detail: "summary", now, ...options }));
}

/** All of a reply, masked, to a call without arguments. */
export function formatOptions(options: Partial<FormatOptions> = {}): FormatOptions {
  return {
    detail: "full",
    maskPersonal: true,
    now: new Date(),
    params: {},
    notes: [],
    redact: String,
    ...options,
  };
}

/** What a client hands to the model. */
export function structureOf({ result, notes }: Reply): Members {
  return { ...result, ...(notes.length > 0 && { notes }) };
}

export function tokensOf(value: unknown): number {
  return countTokens(JSON.stringify(value), { disallowedSpecial: new Set() });
}

/** One row of DescribeCertificates as the cloud sends it, with all that it has. */
export function certificateRow(index: number): Members {
  const id = `Cx${String(index).padStart(6, "0")}`;
  const domain = `shop-${index}.example.com`;
  return {
    OwnerUin: "100000000001",
    ProjectId: "0",
    From: "trustasia",
    CertificateType: "SVR",
    PackageType: "83",
    ProductZhName: "TrustAsia 域名型免费版(DV)",
    Domain: domain,
    Alias: `shop number ${index}`,
    Status: 1,
    StatusMsg: "",
    VerifyType: "DNS",
    VulnerabilityStatus: "INACTIVE",
    CertBeginTime: "2026-02-01 08:00:00",
    CertEndTime: "2026-05-03 07:59:59",
    ValidityPeriod: "3",
    InsertTime: "2026-02-01 09:12:44",
    CertificateId: id,
    StatusName: "证书已颁发",
    SubjectAltName: [domain, `www.${domain}`],
    IsVip: false,
    IsWildcard: false,
    IsDv: true,
    Tags: [{ TagKey: "team", TagValue: "shop" }],
    PackageTypeName: "TrustAsia C1 DV Free",
    ProjectInfo: { ProjectName: "Default Project", ProjectCreateTime: "0000-00-00 00:00:00", OwnerUin: 0 },
    BoundResource: ["clb", "cdn"],
    HostingStatus: -1,
    HostingCompleteTime: "",
    HostingConfig: null,
    ValidationPassedTime: "--",
    CertSANs: [domain, `www.${domain}`],
    SupportDownloadType: { NGINX: true, APACHE: true, TOMCAT: false },
  };
}

export function certificateRows(count: number): Members[] {
  return Array.from({ length: count }, (_, index) => certificateRow(index));
}
