import { tencentSsl } from "../../catalogue/services.js";
import { enumerated, groupedBy, partition, present } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { redactedStart } from "../../lib/redacted-start.js";
import { sha256Hex } from "../../lib/sha256.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readLeaf } from "../certificate-detail.js";
import { namesForReply } from "../certificate-members.js";
import { type BindingMembers, describeBindings, type FoundBindings, findBindings } from "../certificate-usage.js";
import { type ListedCertificate, statusGroups } from "./certificates.js";
import { type Position, pageAfter } from "./cursor.js";
import { endsWithin, positionOfCertificate } from "./filter.js";
import { endMembers, startMember } from "./listing.js";
import { idWithStore, type UsedBy, useStatus } from "./used-by.js";

const aliasAtMost = 60;

/** A certificate for the reply: compact, without empty fields. */
export function rowOf(
  certificate: ListedCertificate,
  usedBy: UsedBy,
  { now: clock, redacted }: Pick<ToolContext, "now" | "redacted">,
  bound?: BindingMembers,
) {
  const now = clock();
  const { service, region, domains, status, source, alias, isCa, key, renewable, starts, ends, daysLeft } = certificate;
  return {
    certificate_id: idWithStore(certificate),
    ...(service !== tencentSsl && { service: service.id, ...(region && { region }) }),
    ...namesForReply(domains),
    status,
    ...(source && { source }),
    ...(alias && { alias: alias.length > aliasAtMost ? `${redactedStart(alias, aliasAtMost, redacted)}…` : alias }),
    ...(isCa && { is_ca: true }),
    ...(key && { key }),
    // Only then does it matter.
    ...(starts && Date.parse(starts) > now.getTime() && startMember(starts)),
    ...(ends && endMembers(ends)),
    ...(daysLeft !== undefined && { days_left: daysLeft }),
    ...(renewable && { renewable }),
    ...usedBy(certificate),
    ...bound,
  };
}

/** From so many days before its end on, a certificate counts as expiring soon. */
export const soonDays = 30;

/** "tencent_ssl", "alibaba_cas_cn_hangzhou". */
const storeOf = ({ service, region }: ListedCertificate) =>
  [service.id, ...(region ? [region] : [])].join("_").replaceAll("-", "_");

/** Counts of everything listed, before filtering. */
export function countsOf(certificates: readonly ListedCertificate[]) {
  const count = (keep: (certificate: ListedCertificate) => boolean) => certificates.filter(keep).length;
  const byGroup = statusGroups.map((name) => [name, count(({ group }) => group === name)] as const);
  const other = count(({ group }) => group === undefined);
  const stores = new Set(certificates.map(storeOf));
  return {
    total: certificates.length,
    ...(stores.size > 1 && {
      stores: Object.fromEntries([...stores].map((store) => [store, count((it) => storeOf(it) === store)])),
    }),
    expiring_within_30_days: count((it) => endsWithin(it, soonDays)),
    ...Object.fromEntries(byGroup),
    ...(other > 0 && { other }),
  };
}

const namedAtMost = 10;

interface Row extends Partial<BindingMembers> {
  readonly certificate_id: string;
}

/**
 * A sentence for each resource listed under several certificates: a listener and a host may have two, but a resource
 * that changed between two lookups looks the same.
 */
export function sharedResourceLines(rows: readonly Row[]): string[] {
  const under = new Map<string, string[]>();
  for (const { certificate_id: id, bindings_as_of: at, bound_to: lines = [] } of rows) {
    const label = at === undefined ? id : `${id} (as of ${at})`;
    for (const line of new Set(lines)) under.set(line, [...(under.get(line) ?? []), label]);
  }
  const shared = [...under].filter(([line, ids]) => ids.length > 1 && !/^and \d+ more$/.test(line));
  const named = shared.slice(0, namedAtMost).map(([line, ids]) => `${line}: under ${ids.join(" and ")}.`);
  if (named.length === 0) return [];
  const more = shared.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`And ${more} more.`] : []),
    "Each has several certificates, or was changed between the look-ups: check again before you rely on it.",
  ];
}

/** Looking up what uses certificates takes hundreds of calls. */
const MAX_LOOKUPS = 300;

/** Lines about bound resources that fit into one reply, and lines per certificate. */
const linesInAll = 300;
const linesAtMost = 100;

type Known = ReadonlyMap<string, FoundBindings>;

/** Those of `wanted` that no cloud resource uses. Certificates that were never issued are left out. */
export async function unboundOf(wanted: readonly ListedCertificate[], context: ToolContext) {
  const issued = wanted.filter((certificate) => isIssued(certificate) && isAtTencent(certificate));
  const elsewhere = wanted.filter((certificate) => isIssued(certificate) && !isAtTencent(certificate)).length;
  // A CA certificate is never served: it validates visitors, and not every product reports that use.
  const usable = issued.filter(({ isCa }) => !isCa);
  const shown = usable.slice(0, MAX_LOOKUPS);
  const known = await findBindings(idsOf(shown), context);
  const unknown = shown.filter(({ id }) => known.get(id)?.state === "unknown");
  /** What is not known about them, one sentence each. */
  const doubts = present([
    usable.length > shown.length &&
      `Only the first ${shown.length} of ${usable.length} were looked up; narrow the search for the others.`,
    unknown.length > 0 &&
      `For ${unknown.length} it is unknown whether they are in use; they are left out: ${named(unknown, known)}.`,
    issued.length > usable.length &&
      `CA certificates are left out (${issued.length - usable.length}): their use for client verification is not reported for every product.`,
    elsewhere > 0 &&
      `${elsewhere} in the stores of Alibaba Cloud and Huawei Cloud are left out: whether another product there uses them cannot be told.`,
  ]);
  return { certificates: shown.filter(({ id }) => known.get(id)?.state === "unused"), known, doubts };
}

/**
 * Those of `wanted` without the expired ones that nothing uses. Where nobody looked, a sentence counts them: an account
 * may have hundreds that are long forgotten.
 * @param page of rows whose bindings are looked up with the others, so that a caller waits once; absent if none are
 */
export async function withoutUnusedExpired(
  wanted: readonly ListedCertificate[],
  usedBy: UsedBy,
  page: { readonly after: Position | undefined; readonly size: number } | undefined,
  context: ToolContext,
) {
  const [open, others] = partition(
    wanted,
    (each) => each.group === "expired" && useStatus(usedBy(each)) === "not looked up",
  );
  // The latest: what expired long ago is less likely to be missed by anybody.
  const likely = page ? open.filter(isAtTencent).slice(-MAX_LOOKUPS) : [];
  // The pages before looked up theirs.
  const lookedUp = pageAfter(likely, positionOfCertificate, page?.after, MAX_LOOKUPS).page;
  const passed = likely.filter((each) => !lookedUp.includes(each));
  const shown = page ? pageAfter(others, positionOfCertificate, page.after, page.size).page : [];
  const toLookUp = [...lookedUp, ...shown].filter((each) => isIssued(each) && isAtTencent(each));
  const known = await findBindings(idsOf(toLookUp), context);
  // For a CA certificate that none is reported says nothing, as in unboundOf.
  const used = lookedUp.filter(({ id, isCa }) => isCa || known.get(id)?.state !== "unused");
  const kept = new Set([...others, ...passed, ...used]);
  const notShown = open.filter((each) => !likely.includes(each));
  return {
    certificates: wanted.filter((each) => kept.has(each)),
    known,
    doubts: present([
      ...notAsked(notShown, page !== undefined),
      passed.length > 0 &&
        `matching is at most so many: it counts ${passed.length} expired before this page, which were looked up for the pages before, whether something uses them or not.`,
    ]),
  };
}

function notAsked(left: readonly ListedCertificate[], withBindings: boolean): string[] {
  const how = left.some(isAtTencent) && !withBindings ? `with_bindings does at ${tencentSsl.title}; ` : "";
  return expiredLeftOut(left, (them) => `what uses ${them} was not looked up. ${how}`);
}

/**
 * A sentence that counts the expired ones that no listed domain has: where other products may use them, this is no
 * "unused".
 * @param all with those that have no listed domain
 */
export function withoutDomain(all: readonly ListedCertificate[], usedBy: UsedBy): string[] {
  const left = all.filter(
    (each) => each.group === "expired" && !isAtTencent(each) && useStatus(usedBy(each)) === "unused",
  );
  return expiredLeftOut(left, (them) => `no listed domain has ${them}, but other products there may. `);
}

function expiredLeftOut(left: readonly ListedCertificate[], because: (them: string) => string): string[] {
  if (left.length === 0) return [];
  const [are, them] = left.length === 1 ? ["is", "it"] : ["are", "them"];
  const stores = [...new Set(left.map(({ service }) => service.title))].join(", ");
  return [`${left.length} expired in ${stores} ${are} left out: ${because(them)}status expired lists ${them}.`];
}

/** No list says anything about the keys, so each certificate takes a call, of ten a second (docs/cloud-behaviour.md 1.1). */
const keysAtMost = 300;
const KEYS_AT_ONCE = 8;

/** Those of the issued certificates that have the same key as another one of them. */
export async function sharingKeys(wanted: readonly ListedCertificate[], context: ToolContext) {
  const all = wanted.filter(({ group }) => group === "issued");
  const issued = all.filter(isAtTencent);
  const elsewhere = all.length - issued.length;
  const shown = issued.slice(0, keysAtMost);
  const keys = await mapConcurrent(shown, KEYS_AT_ONCE, ({ id }) => keyOf(id, context));
  const read = shown.flatMap(({ id }, index) => (keys[index] === undefined ? [] : [{ id, key: keys[index] }]));
  const sharing = [...groupedBy(read, ({ key }) => key).values()].map((all) => all.map(({ id }) => id));
  const others = new Map(
    sharing
      .filter(({ length }) => length > 1)
      .flatMap((ids) => ids.map((id) => [id, ids.filter((other) => other !== id)] as const)),
  );
  const unread = keys.filter((key) => key === undefined).length;
  return {
    certificates: shown.filter(({ id }) => others.has(id)),
    /** By id, the others with the same key. */
    others,
    /** What is not known, one sentence each. */
    doubts: present([
      issued.length > shown.length &&
        `Only the keys of the first ${shown.length} of ${issued.length} were compared; narrow the search for the others.`,
      elsewhere > 0 &&
        `Of ${elsewhere} in the stores of Alibaba Cloud and Huawei Cloud no key is compared: the stores show none.`,
      unread > 0 && `The keys of ${unread} could not be read, and are compared with none.`,
    ]),
  };
}

/** A digest of the public key; undefined if it cannot be read. */
async function keyOf(id: string, context: ToolContext): Promise<string | undefined> {
  const leaf = await unlessFailed(readLeaf(id, context), () => undefined);
  return leaf && sha256Hex(leaf.publicKey);
}

/** The rows with what uses each certificate; what is not in `known` is looked up. */
export async function rowsWithBindings(
  shown: readonly ListedCertificate[],
  known: Known,
  usedBy: UsedBy,
  context: ToolContext,
) {
  const missing = shown.filter(
    (certificate) => isIssued(certificate) && isAtTencent(certificate) && !known.has(certificate.id),
  );
  const all = new Map([...known, ...(await findBindings(idsOf(missing), context))]);
  const lines = Math.min(linesAtMost, Math.floor(linesInAll / Math.max(1, shown.length)));
  const boundTo = async (certificate: ListedCertificate): Promise<BindingMembers> => {
    const { id, isCa } = certificate;
    if (!isAtTencent(certificate)) return { bindings: "not looked up: beside used_by, other products may use it" };
    const bound = await describeBindings(id, all.get(id) ?? { state: "unused" }, lines, context);
    const isUnused = bound.bindings === "none";
    return isCa && isUnused ? { ...bound, bindings: "none reported; client verification may use it" } : bound;
  };
  // One at a time: the cloud limits calls per second.
  return mapConcurrent(shown, 1, async (each) => rowOf(each, usedBy, context, await boundTo(each)));
}

function named(certificates: readonly ListedCertificate[], known: Known): string {
  const names = certificates.map(({ id }) => {
    const bindings = known.get(id);
    return bindings?.state === "unknown" ? `${id} (${bindings.why})` : id;
  });
  return enumerated(names, namedAtMost);
}

const idsOf = (certificates: readonly ListedCertificate[]) => certificates.map(({ id }) => id);

const isAtTencent = ({ service }: ListedCertificate) => service === tencentSsl;

/** There was a certificate at some time, so something may use it. */
const isIssued = ({ ends }: ListedCertificate) => ends !== undefined;
