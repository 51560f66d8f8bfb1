import type { DeliveryService, Service } from "../../catalogue/services.js";
import { daysUntil } from "../../lib/days.js";
import { wholeSeconds } from "../../lib/moment.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { cloudFailure, readOnce } from "../cloud-reads.js";

/** What listing needs of a call. */
export type ListingContext = Pick<ToolContext, "read" | "pause" | "signal" | "services" | "huaweiProjectId">;

/* What the lists of all services have in common. */

/** A certificate of a domain, as its cloud lists it. */
export interface DomainCertificate {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Like `ends`; absent where the list does not show it. */
  readonly starts?: string | undefined;
  /** ISO 8601; a day alone where the cloud does not state the zone. */
  readonly ends?: string | undefined;
  /** Only if the cloud says that something is wrong or under way. */
  readonly state?: string | undefined;
}

/** A domain that serves visitors, as its cloud lists it. */
export interface ListedDomain {
  /** As in DNS: `*.example.com`. */
  readonly domain: string;
  readonly service: DeliveryService;
  /** The EdgeOne site or the Huawei Cloud project. */
  readonly within?: { readonly zone_id: string } | { readonly project_id: string } | undefined;
  /** Undefined if the list does not say and shows no certificate: that is no proof that it is off. */
  readonly https: boolean | undefined;
  /** The list does not say whether HTTPS is on; `https` is then true if it shows a certificate. */
  readonly isSwitchUnread?: true;
  /** In its cloud's words, only if that keeps it from serving or from being changed. */
  readonly state?: DomainState | undefined;
  /** Several if their keys differ in kind; none if the cloud lists none. */
  readonly certificates: readonly DomainCertificate[];
  /** Ids of certificates that it has for other ends: to show the origin, or to check visitors or the origin by. */
  readonly otherIds?: readonly string[];
  /** A change of ours that the list does not show yet, in words; then `certificates` is empty. */
  readonly changed?: string;
  /** With `changed`: what the list still shows, and what was sent as far as it is known, for a search by certificate. */
  readonly old?: readonly DomainCertificate[];
  readonly sent?: readonly DomainCertificate[];
  /** With `changed`: what a renewal must count with: what the cloud accepted, else what the domain had. */
  readonly inUse?: readonly DomainCertificate[];
}

/** The certificates that a renewal counts with. */
export const certificatesInUse = ({ certificates, inUse }: ListedDomain) => inUse ?? certificates;

/** The certificates that the domain has or had, and those that a change on its way may bring. */
export const possibleCertificates = ({ certificates, old = [], sent = [] }: ListedDomain) => [
  ...certificates,
  ...old,
  ...sent,
];

export interface DomainInventory {
  readonly domains: readonly ListedDomain[];
  /** What could not be seen, one sentence each. */
  readonly unseen: readonly string[];
  /** Of which listed domains a list does not say whether HTTPS is on, one sentence each: no domain is missing for that. */
  readonly doubts?: readonly string[];
  /** Products that were never switched on and therefore have no domains, one sentence each. */
  readonly off?: readonly string[];
  /** Services that have more domains, or certificates on them, than were seen. */
  readonly partial?: readonly Service[];
  /** Ids of the sites of EdgeOne; absent if they were not all listed. */
  readonly zones?: readonly string[] | undefined;
}

/** Far more than an account has; ends the reading of a list without end. */
export const pagesAtMost = 100;

interface ListedPages<Row> {
  /** In the order of the list, each once; those without a name are left out. */
  readonly rows: readonly Row[];
  /** Why there may be more, in a clause; undefined if these are all. */
  readonly incomplete?: string | undefined;
}

/** A page of a list, as its reply has it. */
export interface ListedPage<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly total: number | null | undefined;
}

/** Which page to read, in the words of either kind of list. */
export interface PageWanted {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  /** Number of rows before it. */
  readonly offset: number;
}

/**
 * The rows of all pages. The last page is the one that reaches the total or, without a total, brings nothing new.
 * @param largest size to ask for; the rows of a first page that is short of the total show the size that the cloud takes
 * @throws {ToolError} if a reply has neither rows nor a count: that is no empty list
 */
export async function allPages<Row>(
  largest: number,
  read: (wanted: PageWanted) => Promise<ListedPage<Row>>,
  nameOf: (row: NoInfer<Row>) => string | null | undefined,
): Promise<ListedPages<Row>> {
  const all = new Map<string, Row>();
  const totals = new Set<number>();
  let [unnamed, offset, size] = [0, 0, largest];
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const { rows = [], total } = await read({ page, size, offset });
    const isCounted = typeof total === "number";
    if (isCounted) totals.add(total);
    if (rows.length === 0 && page === 1 && !isCounted) throw unreadableList();
    const known = all.size;
    for (const row of rows) {
      const name = nameOf(row);
      if (name) all.set(name, row);
      else unnamed += 1;
    }
    offset += rows.length;
    // Rows without names cannot be told from a page that is repeated.
    const isFirst = page === 1 && rows.length > 0 && unnamed === 0;
    if (isFirst && isCounted && rows.length < Math.min(size, total)) size = rows.length;
    const isLast = isCounted && (rows.length < size || all.size + unnamed >= total);
    if (isLast || rows.length === 0 || all.size === known) break;
  }
  return { rows: [...all.values()], incomplete: doubtIn(totals, all.size, unnamed) };
}

/** A list that changes while it is read may move a row from a page to the one before, where it is not read. */
function doubtIn(totals: ReadonlySet<number>, found: number, unnamed: number): string | undefined {
  if (totals.size > 1) return `their number changed while they were listed (${[...totals].join(", then ")})`;
  const [counted = 0] = totals;
  if (found + unnamed < counted) return "the cloud counts more than it listed";
  return unnamed > 0 ? `rows without a name were left out: ${unnamed}` : undefined;
}

/**
 * A reply that says nothing about a list: that is no empty list.
 * @returns an error of the cloud, for the caller to throw
 */
export const unreadableList = () =>
  cloudFailure("The cloud's reply has neither rows nor a count.", "Call again; if it stays so, tell the person.");

/** The sentences about lists that the cloud did not give in full. */
export const incompleteNotes = (what: string, pages: readonly ListedPages<unknown>[]): string[] =>
  [...new Set(pages.flatMap(({ incomplete }) => incomplete ?? []))].map((why) => `${what}: ${why}.`);

/**
 * Limit of each read of an inventory, in milliseconds. A cloud that does not answer must not cost what the others
 * answered: many clients give up after a minute.
 */
const LISTING_TIME = 15_000;

/** Like {@link readOnce}, but within that time. */
export const readForListing: typeof readOnce = (context, operation, params) =>
  readOnce(context, operation, params, LISTING_TIME);

/** Reads of an inventory that are under way at once; the client keeps to the rate. */
export const CONCURRENT_READS = 8;

/** An end as these services write it: ISO 8601, or a date and time without a zone, of which only the day is certain. */
export function parseListedTime(time: string | null | undefined): string | undefined {
  const given = time?.trim() ?? "";
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(given)) {
    const date = new Date(given);
    return Number.isNaN(date.getTime()) ? undefined : wholeSeconds(date);
  }
  const [day] = /^\d{4}-\d\d-\d\d(?= |$)/.exec(given) ?? [];
  // Some clouds write a missing time in zeros.
  return day === undefined || Number.isNaN(Date.parse(day)) ? undefined : day;
}

/** Why nothing of Huawei Cloud is listed or read. */
export const noHuaweiProject = "no project is configured (HUAWEICLOUD_SDK_PROJECT_ID).";

/** Whether `ends` is a moment and not a day alone. */
const isMoment = (ends: string) => ends.includes("T");

/** An end in a reply. Some clouds do not state the zone: then only the day is certain. */
export const endMembers = (ends: string): { not_after?: string; ends_on?: string } =>
  isMoment(ends) ? { not_after: ends } : { ends_on: ends };

/** The same of a start. */
export const startMember = (starts: string): { not_before?: string; starts_on?: string } =>
  isMoment(starts) ? { not_before: starts } : { starts_on: starts };

/** How long a day lasts somewhere on Earth after it has begun in UTC, in milliseconds: the last zone is UTC-12. */
const longestDay = 36 * 3600 * 1000;

/** Whole days until an end as `moment` gives it; a day alone is over once it is over in every zone. */
export function daysLeftOf(ends: string, now: Date): number {
  const days = daysUntil(new Date(ends), now);
  if (days >= 0 || isMoment(ends)) return days;
  return Date.parse(ends) + longestDay > now.getTime() ? 0 : days;
}

/** The names in texts with one or more each; Huawei Cloud does not state what is between them. */
export function namesIn(texts: readonly (string | null | undefined)[]): string[] {
  return [...new Set(texts.flatMap((text) => (text ?? "").split(/[,;\s]+/)))].filter((name) => name !== "");
}

/** What keeps a domain from serving visitors or from being changed (docs/cloud-behaviour.md 4.2, 5.5, 6.3). */
export interface DomainState {
  /** As its cloud calls it. */
  readonly said: string;
  /** It is being set up or changed, which ends by itself. */
  readonly isPassing: boolean;
}

/** Those in which a domain serves; `process` is a change of EdgeOne that is rolled out while it serves. */
const serving = new Set(["online", "on", "process"]);
const passing = new Set(["configuring", "checking", "init"]);

/** The state of a domain by its list; undefined if it serves, or if the list does not say. */
export function domainState(status: string | null | undefined): DomainState | undefined {
  const said = status?.trim().toLowerCase() ?? "";
  return said === "" || serving.has(said) ? undefined : { said, isPassing: passing.has(said) };
}

interface ZoneRow {
  readonly Status?: string | null | undefined;
  readonly ActiveStatus?: string | null | undefined;
  readonly LockStatus?: string | null | undefined;
  readonly Paused?: boolean | null | undefined;
}

/** Why nothing of a site may be changed, which says nothing of its visitors; it ends by itself or by the vendor. */
const locks: Readonly<Record<string, string>> = { disable: "locked", plan_migrate: "locked while its plan is moved" };

/** The state that all domains of an EdgeOne site have by the site's; undefined if it serves them and may be changed. */
export function zoneState({ Status, ActiveStatus, LockStatus, Paused }: ZoneRow): DomainState | undefined {
  const moved = Status === "moved" || Status === "deactivated" ? Status : undefined;
  const stopped = moved ?? (Paused || ActiveStatus === "paused" ? "paused" : undefined);
  const said = stopped ?? locks[LockStatus?.toLowerCase() ?? ""];
  return said === undefined ? undefined : { said: `site ${said}`, isPassing: stopped === undefined };
}
