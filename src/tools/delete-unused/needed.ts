import { daysUntil } from "../../lib/days.js";
import { formatDay, formatName, type SafeText, safe } from "../../lib/safe-text.js";
import type { ListedCertificate } from "../inventory/certificates.js";
import { endsOf, longestFor, successorOf } from "../inventory/domain-rows.js";
import type { ListedDomain } from "../inventory/listing.js";
import { soonDays } from "../inventory/rows.js";
import { storedCertificateOf } from "../inventory/used-by.js";
import { certificateCalledBy } from "./unused.js";

/** What may have to be replaced soon. */
interface InUse {
  readonly domains: readonly ListedDomain[];
  /** Stored certificates that something uses, or may use. */
  readonly certificates: readonly ListedCertificate[];
}

/**
 * The stored certificates that would replace one in use which has ended or is about to, by id, with a sentence that says
 * so: nothing uses such a certificate yet.
 */
export function neededSoon(
  { domains, certificates }: InUse,
  stored: readonly ListedCertificate[],
  now: Date,
): ReadonlyMap<string, SafeText> {
  const isSoon = (ends: Date) => daysUntil(ends, now) <= soonDays;
  const needed = new Map<string, SafeText>();
  const keep = (best: ListedCertificate | undefined, old: SafeText, ends: Date) => {
    if (best === undefined || needed.has(best.id)) return;
    const day = formatDay(ends.toISOString());
    needed.set(best.id, safe`${certificateCalledBy(best)} can replace ${old}, which ends on ${day}.`);
  };
  for (const listed of domains) {
    const ends = new Date(Math.max(...endsOf(listed)));
    if (Number.isNaN(ends.getTime()) || !isSoon(ends)) continue;
    const held = listed.certificates.flatMap((each) => storedCertificateOf(listed, each, stored) ?? []);
    const [old] = held.map(certificateCalledBy);
    keep(successorOf(listed, stored), old ?? safe`the certificate of ${formatName(listed.domain)}`, ends);
  }
  for (const old of certificates) {
    const ends = new Date(old.ends ?? Number.NaN);
    if (Number.isNaN(ends.getTime()) || !isSoon(ends)) continue;
    const others = stored.filter((each) => each.service.cloud === old.service.cloud && each !== old);
    keep(longestFor(old.domains, ends.getTime(), others), certificateCalledBy(old), ends);
  }
  return needed;
}
