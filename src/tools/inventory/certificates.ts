import type { ReplyOf } from "../../catalogue/documented-reply.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import { int, reply, rows } from "../../catalogue/results.js";
import { type Cloud, type Service, tencentSsl } from "../../catalogue/services.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { describeStatus, statusWithCode } from "../../catalogue/tencent-ssl/statuses.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { certificates } from "../../catalogue/tencent-ssl/types-certificate.js";
import { safe } from "../../lib/safe-text.js";
import { OversizedReplyError, ToolError } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { daysLeftOf, pagesAtMost, parseListedTime, readForListing, unreadableList } from "./listing.js";

/** Groups of certificate states, with everyday names. */
export const statusGroups = ["issued", "expired", "pending", "closed"] as const;
export type StatusGroup = (typeof statusGroups)[number];

/** The group of a status; undefined for an undocumented one. A past expiry wins over the reported status. */
export function groupOf(status: number | null | undefined, daysLeft: number | undefined): StatusGroup | undefined {
  const group = statusWithCode(status)?.group;
  return group === "issued" && daysLeft !== undefined && daysLeft < 0 ? "expired" : group;
}

/** A certificate in a store, as far as the list shows it. */
export interface ListedCertificate {
  /** The store that holds it. */
  readonly service: Service;
  /** Which of the service's stores. */
  readonly region?: string;
  readonly id: string;
  /** Every name, the main one first. */
  readonly domains: readonly string[];
  readonly status: string;
  readonly group: StatusGroup | undefined;
  readonly source: "uploaded" | Cloud | undefined;
  readonly alias: string | undefined;
  readonly isCa: boolean;
  /** "EC prime256v1" */
  readonly key: string | undefined;
  readonly renewable: boolean;
  /** Like `ends`; undefined also where the list does not show it. */
  readonly starts?: string | undefined;
  /** ISO 8601, or a day where the cloud does not state the zone; undefined while there is no certificate yet. */
  readonly ends: string | undefined;
  readonly daysLeft: number | undefined;
}

/** "EC" of "EC prime256v1". */
export const listedKeyKind = (key: string | undefined) => key?.split(" ")[0];

/** What a store lists. */
export interface StoreInventory {
  readonly certificates: readonly ListedCertificate[];
  /** What could not be seen, one sentence each. */
  readonly unseen: readonly string[];
}

/** As an inventory reads it: a row has five times as many members, and an account thousands of rows. */
const certificateList = {
  ...describeCertificates,
  result: reply({
    TotalCount: int(),
    Certificates: rows(
      certificates.pick({
        CertificateId: true,
        Domain: true,
        SubjectAltName: true,
        CertSANs: true,
        Alias: true,
        Status: true,
        From: true,
        CertificateType: true,
        EncryptAlgorithm: true,
        RenewAble: true,
        CertBeginTime: true,
        CertEndTime: true,
      }),
    ),
  }),
} satisfies ReadOperation;

/** docs/cloud-behaviour.md 3.8. */
const maxPageSize = 1_000;
/** Used if that many exceed the size limit for a reply: rows of certificates with hundreds of names. */
const smallestPage = 50;

/**
 * All certificates of the account, page by page.
 * @throws {ToolError} if not even the first page could be read
 */
export async function listCertificates(context: ToolContext): Promise<StoreInventory> {
  const seen = new Map<string, ListedCertificate>();
  const totals = new Set<number>();
  let offset = 0;
  const inventoryWith = (why?: string): StoreInventory => ({
    certificates: [...seen.values()],
    unseen: why === undefined ? [] : [`Only ${seen.size} certificates could be listed: ${why}`],
  });
  let total = Number.POSITIVE_INFINITY;
  let pageSize = maxPageSize;
  for (let pages = 0; pages < pagesAtMost && offset < total; pages += 1) {
    const params = { Offset: offset, Limit: pageSize };
    try {
      const answer = await readForListing(context, certificateList, params);
      const { TotalCount, Certificates: rows } = answer;
      const isCounted = typeof TotalCount === "number";
      if (isCounted) totals.add(TotalCount);
      else if (rows.length === 0 && offset === 0) throw unreadableList();
      total = TotalCount ?? total;
      const known = seen.size;
      for (const certificate of rows.flatMap((it) => listed(it, context.now()))) seen.set(certificate.id, certificate);
      // A page can be shorter than what was asked for. Without a count, a list ends where nothing more comes.
      if (rows.length === 0 || (!isCounted && seen.size === known)) break;
      offset += rows.length;
      if (isCounted && offset < total) context.progress(safe`${offset} of ${total} certificates listed`);
    } catch (error) {
      if (error instanceof OversizedReplyError && pageSize > smallestPage) {
        pageSize = Math.max(smallestPage, Math.floor(pageSize / 4));
        continue;
      }
      if (offset === 0 || !(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
      return inventoryWith(error.details.happened);
    }
  }
  if (totals.size > 1)
    return inventoryWith(`their number changed while they were listed (${[...totals].join(", then ")}).`);
  const [counted = 0] = totals;
  return inventoryWith(seen.size < counted ? `the cloud counts ${counted}, but did not list the others.` : undefined);
}

type Row = ReplyOf<typeof certificateList>["Certificates"][number];

function listed(row: Row, now: Date): ListedCertificate[] {
  if (typeof row.CertificateId !== "string") return [];
  const ends = isoOf(row.CertEndTime) ?? parseListedTime(row.CertEndTime);
  const daysLeft = ends === undefined ? undefined : daysLeftOf(ends, now);
  // docs/cloud-behaviour.md 3.9: the case of From and CertificateType varies, and the names may or may not include the
  // main one.
  const from = row.From?.toLowerCase();
  return [
    {
      id: row.CertificateId,
      service: tencentSsl,
      domains: [...new Set([row.Domain ?? "", ...row.SubjectAltName, ...row.CertSANs])].filter(Boolean),
      status: String(describeStatus(row.Status)),
      group: groupOf(row.Status, daysLeft),
      source: from ? (from === "upload" ? "uploaded" : "tencent") : undefined,
      alias: row.Alias || undefined,
      isCa: row.CertificateType?.toUpperCase() === "CA",
      // The cloud says "ECC prime256v1", every other tool says EC.
      key: row.EncryptAlgorithm?.replace(/^ECC\b/, "EC") || undefined,
      renewable: row.RenewAble === true,
      starts: isoOf(row.CertBeginTime) ?? parseListedTime(row.CertBeginTime),
      ends,
      daysLeft,
    },
  ];
}
