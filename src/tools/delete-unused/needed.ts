import { coversAll } from "../../certificates/domain-names.js";
import { daysUntil } from "../../lib/days.js";
import { groupedBy } from "../../lib/lists.js";
import { formatDay, formatName, type SafeText, safe } from "../../lib/safe-text.js";
import { type ListedCertificate, listedKeyKind } from "../inventory/certificates.js";
import { coveringBeyond, successionsOf } from "../inventory/domain-rows.js";
import type { ListedDomain } from "../inventory/listing.js";
import { soonDays } from "../inventory/rows.js";
import { idWithName } from "./unused.js";

/** What may have to be replaced soon. */
interface InUse {
  readonly domains: readonly ListedDomain[];
  /** Stored certificates that something uses, or may use. */
  readonly certificates: readonly ListedCertificate[];
}

/**
 * The stored certificates that would replace one in use which has ended or is about to, by id, with a sentence that says
 * so: nothing uses such a certificate yet. For each certificate in use these are the one that does so longest and, as its
 * place may have another one for another kind of key, or need all the names that it has, the longest of those.
 */
export function neededSoon(
  { domains, certificates }: InUse,
  stored: readonly ListedCertificate[],
  now: Date,
): ReadonlyMap<string, SafeText> {
  const isSoon = (ends: number) => daysUntil(new Date(ends), now) <= soonDays;
  const onDomains = domains.flatMap((listed) =>
    successionsOf(listed, stored).flatMap(({ stored: old, ends, successors }) => {
      if (ends === undefined || !isSoon(ends)) return [];
      const called = old ? idWithName(old) : safe`the certificate of ${formatName(listed.domain)}`;
      return [{ ends, called, best: bestOf(successors, old) }];
    }),
  );
  const alone = certificates.flatMap((old) => {
    const ends = Date.parse(old.ends ?? "");
    if (Number.isNaN(ends) || !isSoon(ends)) return [];
    const others = stored.filter((each) => each.service.cloud === old.service.cloud && each !== old);
    const best = bestOf(coveringBeyond(old.domains, ends, others), old);
    return [{ ends, called: idWithName(old), best }];
  });
  const needed = new Map<string, SafeText>();
  // Those with the same kind of key first: the sentence is about the certificate that one is most like.
  for (const by of ["ofItsKind", "ofAll"] as const) {
    for (const { best, called, ends } of [...onDomains, ...alone]) {
      for (const next of best[by]) {
        if (needed.has(next.id)) continue;
        const day = formatDay(new Date(ends).toISOString());
        needed.set(next.id, safe`${idWithName(next)} can replace ${called}, which ends on ${day}.`);
      }
    }
  }
  return needed;
}

/** @param successors the one that ends last first */
function bestOf(successors: readonly ListedCertificate[], old: ListedCertificate | undefined) {
  const kind = listedKeyKind(old?.key);
  const byKind = groupedBy(successors, ({ key }) => listedKeyKind(key) ?? "");
  // One of an unknown kind may be of that kind.
  const kinds = kind === undefined ? [...byKind.keys()] : [kind, ""];
  const firstAmong = (all: readonly ListedCertificate[]) => [
    ...all.slice(0, 1),
    ...all.filter(({ domains }) => old !== undefined && coversAll(domains, old.domains)).slice(0, 1),
  ];
  return { ofItsKind: kinds.flatMap((each) => firstAmong(byKind.get(each) ?? [])), ofAll: firstAmong(successors) };
}
