import { tencentSsl } from "../../catalogue/services.js";
import { coversAll } from "../../certificates/domain-names.js";
import { daysUntil } from "../../lib/days.js";
import { groupedBy } from "../../lib/lists.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { formatDay, formatName, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { unlessFailed } from "../../lib/tool-error.js";
import { CONCURRENT_ACCOUNTS } from "../../pipeline/call-context.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { type ListedCertificate, listedKeyKind } from "../inventory/certificates.js";
import { successionsOf } from "../inventory/domain-rows.js";
import { readInventory } from "../inventory/inventory.js";
import { CONCURRENT_READS, type ListedDomain } from "../inventory/listing.js";
import { soonDays } from "../inventory/rows.js";
import { fitnessLookup, inForceAt, type LookUpFitness, successorsIn, takeoverAt } from "../inventory/takeover.js";
import { hasIdOrName } from "../inventory/used-by.js";
import { idWithName } from "./unused.js";

/** What may have to be replaced soon. */
interface InUse {
  readonly domains: readonly ListedDomain[];
  /** Stored certificates that something uses, or may use. */
  readonly certificates: readonly ListedCertificate[];
}

/** What all stores have, and which of it the answer is about. */
interface Stored {
  readonly stored: readonly ListedCertificate[];
  /** Whether it could be deleted, or is asked for: no other is looked into. */
  readonly isInQuestion: (certificate: ListedCertificate) => boolean;
  readonly lookUp: LookUpFitness;
}

/** One in use that ends soon, and what can take over from it. */
interface Ending {
  readonly old: ListedCertificate | undefined;
  readonly called: SafeText;
  readonly ends: string;
  readonly successors: readonly ListedCertificate[];
}

/**
 * The stored certificates that would replace one in use which has ended or is about to, by id, with a sentence that says
 * so: nothing uses such a certificate yet. For each certificate in use these are the one that does so longest and, as its
 * place may have another one for another kind of key, or need all the names that it has, the longest of those. Only one
 * that visitors certainly accept makes the others dispensable, and not even that where they may not accept the one in use:
 * its clients, such as those of a private CA, may need what browsers refuse.
 */
export async function neededSoon(
  { domains, certificates }: InUse,
  { stored, isInQuestion, lookUp }: Stored,
  now: Date,
): Promise<ReadonlyMap<string, SafeText>> {
  const isSoon = (ends: string) => daysUntil(new Date(ends), now) <= soonDays;
  const onDomains = domains.flatMap((listed) =>
    successionsOf(listed, stored, now).flatMap(({ stored: old, ends, successors }): Ending[] => {
      if (ends === undefined || !isSoon(ends)) return [];
      const called = old ? idWithName(old) : safe`the certificate of ${formatName(listed.domain)}`;
      return [{ old, called, ends, successors }];
    }),
  );
  const alone = certificates.flatMap((old): Ending[] => {
    const { ends } = old;
    if (ends === undefined || !isSoon(ends)) return [];
    const others = stored.filter((each) => each.service.cloud === old.service.cloud && each !== old);
    return [{ old, called: idWithName(old), ends, successors: successorsIn(others, old.domains, old, now) }];
  });
  const endings = [...onDomains, ...alone].filter(({ successors }) => successors.some(isInQuestion));
  const found = await mapConcurrent(endings, CONCURRENT_READS, async (ending) => {
    const moment = new Date(takeoverAt(ending, now));
    const { ofItsKind, ofAll } = ordersOf(ending);
    const bestIn = (ordered: readonly ListedCertificate[]) => bestOf(ordered, (each) => lookUp(each, moment));
    // One at a time: CONCURRENT_READS endings are looked into at once already.
    const best = { ofItsKind: await mapConcurrent(ofItsKind, 1, bestIn), ofAll: await mapConcurrent(ofAll, 1, bestIn) };
    const longest = [...ofItsKind, ...ofAll].flatMap((ordered) => longestOf(ordered));
    const { old, ends } = ending;
    const kept = new Set([...best.ofItsKind, ...best.ofAll].flat());
    const isOpen = longest.some((next) => !kept.has(next));
    const isPublic = isOpen && old !== undefined && (await lookUp(old, inForceAt({ ends }, now))) === "fit";
    const ofItsLike = isPublic ? [] : longest;
    return { ending, ofItsKind: best.ofItsKind.flat(), ofAll: best.ofAll.flat(), ofItsLike };
  });
  const needed = new Map<string, SafeText>();
  const need = (next: ListedCertificate, says: SafeText) => {
    if (!needed.has(next.id)) needed.set(next.id, says);
  };
  // Those with the same kind of key first: the sentence is about the certificate that one is most like.
  for (const by of ["ofItsKind", "ofAll"] as const) {
    for (const { ending, [by]: best } of found) for (const next of best) need(next, canReplace(next, ending));
  }
  for (const { ending, ofAll } of found) {
    // Nobody here knows all clients, such as those of a private CA: what was kept for them stays, and is said.
    if (ofAll.length === 0) for (const next of ending.successors.slice(0, 1)) need(next, isAllThereIs(next, ending));
  }
  for (const { ending, ofItsLike } of found) for (const next of ofItsLike) need(next, canReplaceForSome(next, ending));
  return needed;
}

/** What another account of this server shows of what a deletion here is about. */
interface SeenElsewhere {
  /** Like the result of {@link neededSoon}. */
  readonly needed: ReadonlyMap<string, SafeText>;
  /** What the caller named, and this account does not have. */
  readonly named: readonly ListedCertificate[];
  readonly remarks: readonly SafeText[];
  readonly doubts: readonly SafeText[];
}

/**
 * Looks in the other accounts that the caller may read: a certificate is also stored in one account to be served, as a
 * copy, from another.
 * @param listed of this account
 * @param gone ids that this account does not list
 */
export async function seenInOtherAccounts(
  { otherAccounts }: Pick<ToolContext, "otherAccounts">,
  { stored: listed, isInQuestion, lookUp }: Stored,
  gone: readonly string[],
  now: Date,
): Promise<SeenElsewhere> {
  const own: ReadonlySet<object> = new Set(listed);
  const seen = await mapConcurrent(otherAccounts, CONCURRENT_ACCOUNTS, ({ name, within }) => {
    const doubt = safe`Not everything in account ${formatName(name)} could be read, so a certificate may be about to be needed there.`;
    const looking = within(async (there): Promise<SeenElsewhere> => {
      const { certificates, domains, unseen, doubts } = await readInventory(there, { fresh: true });
      const lookUpThere = fitnessLookup(there);
      const stored: Stored = {
        stored: [...listed, ...certificates],
        isInQuestion,
        lookUp: (each, moment) => (own.has(each) ? lookUp : lookUpThere)(each, moment),
      };
      // Nothing here looks up what uses them at Tencent Cloud, so each may be in use.
      const inUse = {
        domains: domains?.domains ?? [],
        certificates: certificates.filter(
          ({ service, group, isCa }) => service === tencentSsl && group === "issued" && !isCa,
        ),
      };
      const needed = await neededSoon(inUse, stored, now);
      const named = certificates.filter((each) => gone.some((id) => hasIdOrName(each, id)));
      return {
        needed: new Map([...needed].map(([id, says]) => [id, safe`In account ${formatName(name)}: ${says}`])),
        named,
        remarks:
          named.length > 0
            ? [
                safe`Only this account is deleted from, and these are in account ${formatName(name)}: ${joined(named.map(idWithName))}.`,
              ]
            : [],
        doubts: unseen.length + doubts.length > 0 ? [doubt] : [],
      };
    });
    return unlessFailed(looking, (): SeenElsewhere => ({ needed: new Map(), named: [], remarks: [], doubts: [doubt] }));
  });
  return {
    needed: new Map(seen.flatMap(({ needed }) => [...needed])),
    named: seen.flatMap(({ named }) => named),
    remarks: seen.flatMap(({ remarks }) => remarks),
    doubts: seen.flatMap(({ doubts }) => doubts),
  };
}

/** Those that nothing can use before they are valid, by id, with a sentence that says so. */
export function notValidYet(certificates: readonly ListedCertificate[], now: Date): ReadonlyMap<string, SafeText> {
  return new Map(
    certificates.flatMap((each) => {
      const { id, starts, group } = each;
      if (group !== "issued" || starts === undefined || Date.parse(starts) <= now.getTime()) return [];
      return [[id, safe`${idWithName(each)} is not valid before ${dayOf(starts)}, so nothing can use it yet.`]];
    }),
  );
}

const canReplace = (next: ListedCertificate, { called, ends }: Ending) =>
  safe`${idWithName(next)} can replace ${called}, which ends on ${dayOf(ends)}.`;

const canReplaceForSome = (next: ListedCertificate, { called, ends }: Ending) =>
  safe`${idWithName(next)} can replace ${called}, which ends on ${dayOf(ends)}, for clients that accept what browsers refuse.`;

const isAllThereIs = (next: ListedCertificate, { called, ends }: Ending) =>
  safe`${idWithName(next)} is all there is to replace ${called}, which ends on ${dayOf(ends)}, though browsers would refuse it.`;

const dayOf = (ends: string) => formatDay(new Date(ends).toISOString());

/** The successors in groups, of each of which the best has to stay; in each, the one that ends last is first. */
function ordersOf({ successors, old }: Ending) {
  const kind = listedKeyKind(old?.key);
  const byKind = groupedBy(successors, ({ key }) => listedKeyKind(key) ?? "");
  // One of an unknown kind may be of that kind.
  const kinds = kind === undefined ? [...byKind.keys()] : [kind, ""];
  const withAllNames = (all: readonly ListedCertificate[]) =>
    all.filter(({ domains }) => old !== undefined && coversAll(domains, old.domains));
  const groupsOf = (all: readonly ListedCertificate[]) => [all, withAllNames(all)];
  return { ofItsKind: kinds.flatMap((each) => groupsOf(byKind.get(each) ?? [])), ofAll: groupsOf(successors) };
}

const longestOf = (ordered: readonly ListedCertificate[]) =>
  ordered.toSorted((a, b) => Date.parse(b.ends ?? "") - Date.parse(a.ends ?? "")).slice(0, 1);

/** The first that is known to be fit, and all before it of which that is not known. */
async function bestOf(
  ordered: readonly ListedCertificate[],
  fitnessOf: (certificate: ListedCertificate) => ReturnType<LookUpFitness>,
): Promise<readonly ListedCertificate[]> {
  const best: ListedCertificate[] = [];
  for (const next of ordered) {
    const fitness = await fitnessOf(next);
    if (fitness !== "refused") best.push(next);
    if (fitness === "fit") break;
  }
  return best;
}
