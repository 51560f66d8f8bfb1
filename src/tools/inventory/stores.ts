import { listUserCertificateOrder } from "../../catalogue/alibaba-cas/list-user-certificate-order.js";
import { type CasRegion, casRegions, casStores } from "../../catalogue/alibaba-cas/stores.js";
import type { ReplyOf } from "../../catalogue/documented-reply.js";
import { listScmCertificates } from "../../catalogue/huawei-scm/list-certificates.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import { alibabaCas, huaweiScm, type Service } from "../../catalogue/services.js";
import { distinctBy } from "../../lib/lists.js";
import { ToolError, unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import type { ListedCertificate, StatusGroup, StoreInventory } from "./certificates.js";
import {
  allPages,
  daysLeftOf,
  incompleteNotes,
  namesIn,
  noHuaweiProject,
  parseListedTime,
  readForListing,
} from "./listing.js";

/* The certificate stores beside Tencent Cloud SSL: Alibaba Cloud's two, and Huawei Cloud's. */

/** The reads behind it. */
export const storeReads: readonly ReadOperation[] = [listUserCertificateOrder, listScmCertificates];

/** What the stores of the services that this server is set up for list. A store that cannot be read is a sentence. */
export async function listStores(
  context: ToolContext,
  wanted: (service: Service) => boolean = () => true,
): Promise<StoreInventory> {
  const listers: readonly (readonly [Service, Service, () => Promise<StoreInventory>])[] = [
    ...casRegions.map((region) => {
      const store = casStores.services[region] ?? alibabaCas;
      return [alibabaCas, store, () => casCertificates(region, store, context)] as const;
    }),
    [huaweiScm, huaweiScm, () => scmCertificates(context)],
  ];
  const chosen = listers.filter(([service]) => context.services.has(service) && wanted(service));
  const parts = await Promise.all(
    chosen.map(([, { title }, list]) =>
      unlessFailed(list(), ({ details: { happened } }) => ({
        certificates: [],
        unseen: [`${title}: the certificates could not be listed. ${happened}`],
      })),
    ),
  );
  return {
    certificates: parts.flatMap(({ certificates }) => certificates),
    unseen: parts.flatMap(({ unseen }) => unseen),
  };
}

/** The documented default; a maximum is not. */
const casPage = 50;

async function casCertificates(CertRegion: CasRegion, { title }: Service, context: ToolContext) {
  // Without Status the list leaves out those that have ended (docs/cloud-behaviour.md 5.6).
  const lists = await Promise.all(
    [{}, { Status: "EXPIRED" }].map((only) =>
      allPages(
        casPage,
        async ({ page, size }) => {
          const params = { CertRegion, OrderType: "CERT", ...only, CurrentPage: page, ShowSize: size };
          const reply = await readForListing(context, listUserCertificateOrder, params);
          const rows = reply.CertificateOrderList.map((row) =>
            casCertificate(row, only.Status !== undefined, CertRegion, context.now()),
          );
          return { rows, total: reply.TotalCount };
        },
        ({ id }) => id,
      ),
    ),
  );
  const found = lists.flatMap(({ rows }) => rows);
  return {
    // One that ends between the two reads is in both.
    certificates: distinctBy(found, ({ id }) => id),
    unseen: incompleteNotes(title, lists),
  };
}

type CasRow = ReplyOf<typeof listUserCertificateOrder>["CertificateOrderList"][number];

/** @param isEnded whether it is in the list of those that have ended, for a row that does not say */
function casCertificate(row: CasRow, isEnded: boolean, region: CasRegion, now: Date): ListedCertificate {
  const { CertificateId: id, CommonName, Sans, Name, StartDate, EndDate, Expired, Upload } = row;
  const end = endOn(EndDate, now);
  const group = (Expired ?? isEnded) || hasEnded(end) ? "expired" : "issued";
  return {
    ...stored(id ? String(id) : "", Name, [CommonName, Sans]),
    service: alibabaCas,
    region,
    status: group,
    group,
    source: Upload == null ? undefined : Upload ? "uploaded" : "alibaba",
    starts: parseListedTime(StartDate),
    ...end,
  };
}

/** The largest that the cloud takes; 10, 20 and 50 are the only ones. */
const scmPage = 50;

/** Up to here an offset is documented; beyond, a refusal means that the list ends (docs/cloud-behaviour.md 6.5). */
const scmOffset = 100;

async function scmCertificates(context: ToolContext): Promise<StoreInventory> {
  const { huaweiProjectId: project_id } = context;
  if (project_id === undefined) {
    return { certificates: [], unseen: [`${huaweiScm.title}: ${noHuaweiProject}`] };
  }
  let counted: number | null | undefined;
  const listed = await allPages(
    scmPage,
    async ({ offset }) => {
      const params = {
        project_id,
        limit: scmPage,
        offset,
        status: "ALL",
        sort_key: "certExpiredTime",
        sort_dir: "ASC",
      };
      try {
        const reply = await readForListing(context, listScmCertificates, params);
        counted = reply.total_count;
        return { rows: reply.certificates.map((row) => scmCertificate(row, context.now())), total: counted };
      } catch (error) {
        if (offset <= scmOffset || !(error instanceof ToolError) || !error.details.code?.startsWith("SCM."))
          throw error;
        return { rows: [], total: counted };
      }
    },
    ({ id }) => id,
  );
  return { certificates: listed.rows, unseen: incompleteNotes(huaweiScm.title, [listed]) };
}

/**
 * Groups of the documented states. That a certificate counts as issued while names are added to it, or while its
 * revocation is withdrawn, is inferred.
 */
const scmGroups: Readonly<Record<string, StatusGroup>> = {
  ISSUED: "issued",
  UPLOAD: "issued",
  SUPPLEMENTCHECKING: "issued",
  CANCELSUPPLEMENTING: "issued",
  CANCLEREVOKING: "issued",
  EXPIRED: "expired",
  PAID: "pending",
  CHECKING: "pending",
  CANCELCHECKING: "pending",
  CHECKING_ORG: "pending",
  ISSUING: "pending",
  UNPASSED: "closed",
  REVOKING: "closed",
  REVOKED: "closed",
};

type ScmRow = ReplyOf<typeof listScmCertificates>["certificates"][number];

function scmCertificate(row: ScmRow, now: Date): ListedCertificate {
  const { id, name, domain, sans, status, expire_time } = row;
  const end = endOn(expire_time, now);
  const known = status ? scmGroups[status] : undefined;
  const group = known === "issued" && hasEnded(end) ? "expired" : known;
  return {
    ...stored(id ?? "", name, [domain, sans]),
    service: huaweiScm,
    status: group === "issued" || group === "expired" ? group : (status ?? "unknown").toLowerCase(),
    group,
    source: status === "UPLOAD" ? "uploaded" : group === "issued" ? "huawei" : undefined,
    ...end,
  };
}

function stored(id: string, label: string | null | undefined, names: Parameters<typeof namesIn>[0]) {
  return { id, domains: namesIn(names), alias: label || undefined, isCa: false, key: undefined, renewable: false };
}

/** These stores give an end without its zone: only the day is certain. */
function endOn(time: string | null | undefined, now: Date): Pick<ListedCertificate, "ends" | "daysLeft"> {
  const ends = parseListedTime(time);
  return { ends, daysLeft: ends === undefined ? undefined : daysLeftOf(ends, now) };
}

const hasEnded = ({ daysLeft }: Pick<ListedCertificate, "daysLeft">) => daysLeft !== undefined && daysLeft < 0;
