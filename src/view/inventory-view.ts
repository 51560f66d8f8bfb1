import type { End } from "./expiry-windows.js";
import { membersIn, numberIn, type ReplyMembers, rowsIn, sentencesIn, textIn } from "./values.js";

/** What the clouds say of one stored certificate, or of one domain. */
export interface InventoryRow {
  readonly service: string;
  readonly name: string;
  /** More about which one it is: further names, the zone, the project. */
  readonly about: readonly string[];
  readonly certificates: readonly string[];
  /** The earliest. */
  readonly end: End | undefined;
  /** What uses a certificate; what the edge of a domain serves. */
  readonly inUse: readonly string[];
  /** The end of what the edge serves. */
  readonly edgeEnd?: End | undefined;
  /** How what is served differs from what the cloud lists. */
  readonly drift?: string | undefined;
  readonly https?: string | undefined;
  readonly status: string | undefined;
  /** A change of ours that no list shows yet. */
  readonly changed?: string | undefined;
  /** The stored certificate that covers it longer. */
  readonly next?: string | undefined;
}

/** The rows of a service, or of a store. */
export interface InventoryGroup {
  readonly service: string;
  readonly kind: "stored" | "domains";
  readonly rows: readonly InventoryRow[];
}

export interface InventoryView {
  /** What could not be seen, and what is never looked at. */
  readonly unseen: readonly string[];
  readonly neverSeen: readonly string[];
  readonly listedAt: string | undefined;
  readonly counts: readonly (readonly [string, number])[];
  readonly groups: readonly InventoryGroup[];
  /** How many rows the search found, where the reply shows fewer. */
  readonly matching: number;
  readonly shown: number;
  readonly notes: readonly string[];
}

/** A reply of find_certificates; undefined if it is something else. */
export function inventoryIn(reply: unknown): InventoryView | undefined {
  const members = membersIn(reply);
  if (!Array.isArray(members.certificates) && !Array.isArray(members.domains)) return undefined;
  const stored = rowsIn(members.certificates).map(storedIn);
  const domains = rowsIn(members.domains).map(domainIn);
  const shown = stored.length + domains.length;
  const matching =
    (numberIn(members.matching) ?? stored.length) + (numberIn(members.matching_domains) ?? domains.length);
  return {
    unseen: sentencesIn(members.incomplete),
    neverSeen: sentencesIn(members.not_visible),
    listedAt: textIn(members.listed_at),
    counts: Object.entries(membersIn(members.counts)).flatMap(([name, count]) => {
      const number = numberIn(count);
      return number === undefined ? [] : [[name, number] as const];
    }),
    groups: [...grouped(domains, "domains"), ...grouped(stored, "stored")],
    matching,
    shown,
    notes: [...sentencesIn(members.shared_resources), ...sentencesIn(members.notes)],
  };
}

function grouped(rows: readonly InventoryRow[], kind: InventoryGroup["kind"]): InventoryGroup[] {
  const groups = new Map<string, InventoryRow[]>(rows.map(({ service }) => [service, []]));
  for (const row of rows) groups.get(row.service)?.push(row);
  return [...groups]
    .sort(([one], [other]) => Number(one > other) - Number(one < other))
    .map(([service, rows]) => ({ service, kind, rows: rows.toSorted(byEnd) }));
}

/** The earliest first, what never ends last. */
function byEnd(one: InventoryRow, other: InventoryRow): number {
  return timeOfEnd(one.end) - timeOfEnd(other.end) || Number(one.name > other.name) - Number(one.name < other.name);
}

function timeOfEnd(end: End | undefined): number {
  const time = end === undefined ? Number.NaN : Date.parse(end.at);
  return Number.isNaN(time) ? Number.MAX_SAFE_INTEGER : time;
}

function endIn(row: ReplyMembers): End | undefined {
  const at = textIn(row.not_after) ?? textIn(row.ends_on);
  return at === undefined ? undefined : { at, daysLeft: numberIn(row.days_left) };
}

function storedIn(row: ReplyMembers): InventoryRow {
  const id = textIn(row.certificate_id) ?? "";
  const [name = id, ...others] = sentencesIn(row.names);
  const label = sentencesIn([row.alias, name === id ? undefined : id]).join(" · ");
  const end = endIn(row);
  const status = textIn(row.status);
  const more = numberIn(row.more_names);
  const sharing = sentencesIn(row.same_key_as);
  const bound = sentencesIn(row.bound_to);
  return {
    // Replies that name no service are of the store that was listed first.
    service: textIn(row.service) ?? "tencent-ssl",
    name,
    about: sentencesIn([...others, more === undefined ? undefined : `+${more}`, row.region]),
    certificates: sentencesIn([label, row.key, ...sharing.map((other) => `= ${other}`)]),
    end,
    // The remark on bindings is only shown where none is listed.
    inUse: [...sentencesIn(row.used_by), ...bound, ...sentencesIn(bound.length > 0 ? [] : [row.bindings])],
    // Its end says the same.
    status: end !== undefined && (status === "issued" || status === "expired") ? undefined : status,
  };
}

function domainIn(row: ReplyMembers): InventoryRow {
  const certificates = rowsIn(row.certificates);
  const ends = certificates.flatMap((certificate) => endIn(certificate) ?? []);
  const [end] = ends.toSorted((one, other) => timeOfEnd(one) - timeOfEnd(other));
  const seen = membersIn(row.edge);
  return {
    service: textIn(row.service) ?? "",
    name: textIn(row.domain) ?? "",
    about: sentencesIn([row.zone_id, row.project_id, row.region, row.account]),
    certificates: certificates.map(({ name, certificate_id: id }) => sentencesIn([name, id]).join(" · ")),
    end,
    inUse: sentencesIn([row.edge, seen.issuer]),
    edgeEnd: endIn(seen),
    drift: textIn(row.drift),
    https: textIn(row.https),
    status: sentencesIn([row.state, ...certificates.map(({ state }) => state)]).join(", ") || undefined,
    changed: textIn(row.changed),
    next: textIn(row.covered_next_by),
  };
}
