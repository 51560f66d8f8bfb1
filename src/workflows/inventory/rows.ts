import type { BoundTo } from "./bound-to.js";
import type { Listed } from "./certificates.js";
import { endsWithin } from "./filter.js";
import { statusGroups } from "./status.js";

const namesAtMost = 5;
const aliasAtMost = 60;

/** A certificate as it is shown: compact, and only what there is to tell. */
export function rowOf(certificate: Listed, bound?: BoundTo) {
  const { id, domains, status, source, alias, isCa, algorithm, renewable, ends, daysLeft } = certificate;
  const more = domains.length - namesAtMost;
  return {
    id,
    domains: more > 0 ? [...domains.slice(0, namesAtMost), `and ${more} more`] : domains,
    status,
    ...(source && { source }),
    ...(alias && { alias: alias.length > aliasAtMost ? `${alias.slice(0, aliasAtMost)}…` : alias }),
    ...(isCa && { type: "CA" }),
    ...(algorithm && { algorithm }),
    ...(ends && { ends }),
    ...(daysLeft !== undefined && { days_left: daysLeft }),
    ...(renewable && { renewable }),
    ...bound,
  };
}

const soonDays = 30;

/** Counts of everything that was listed, whatever was asked for. */
export function summaryOf(certificates: readonly Listed[]) {
  const count = (keep: (certificate: Listed) => boolean) => certificates.filter(keep).length;
  const byGroup = statusGroups.map((name) => [name, count(({ group }) => group === name)] as const);
  const other = count(({ group }) => group === undefined);
  return {
    total: certificates.length,
    expiring_within_30_days: count((it) => endsWithin(it, soonDays)),
    ...Object.fromEntries(byGroup),
    ...(other > 0 && { other }),
  };
}
