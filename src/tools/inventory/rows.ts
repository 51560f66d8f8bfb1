import type { BoundTo } from "../binding-tasks.js";
import { namesForReply } from "../certificate-members.js";
import { type ListedCertificate, statusGroups } from "./certificates.js";
import { endsWithin } from "./filter.js";

const aliasAtMost = 60;

/** A certificate for the reply: compact, without empty fields. */
export function rowOf(certificate: ListedCertificate, bound?: BoundTo) {
  const { id, domains, status, source, alias, isCa, key, renewable, ends, daysLeft } = certificate;
  return {
    certificate_id: id,
    ...namesForReply(domains),
    status,
    ...(source && { source }),
    ...(alias && { alias: alias.length > aliasAtMost ? `${alias.slice(0, aliasAtMost)}…` : alias }),
    ...(isCa && { is_ca: true }),
    ...(key && { key }),
    ...(ends && { not_after: ends }),
    ...(daysLeft !== undefined && { days_left: daysLeft }),
    ...(renewable && { renewable }),
    ...bound,
  };
}

const soonDays = 30;

/** Counts of everything listed, before filtering. */
export function countsOf(certificates: readonly ListedCertificate[]) {
  const count = (keep: (certificate: ListedCertificate) => boolean) => certificates.filter(keep).length;
  const byGroup = statusGroups.map((name) => [name, count(({ group }) => group === name)] as const);
  const other = count(({ group }) => group === undefined);
  return {
    total: certificates.length,
    expiring_within_30_days: count((it) => endsWithin(it, soonDays)),
    ...Object.fromEntries(byGroup),
    ...(other > 0 && { other }),
  };
}

const namedAtMost = 10;

interface Row extends Partial<BoundTo> {
  readonly certificate_id: string;
}

/**
 * A sentence for each resource listed under several certificates: a listener and a host may have two, but a resource
 * that changed between two lookups looks the same.
 */
export function sharedIn(rows: readonly Row[]): string[] {
  const under = new Map<string, string[]>();
  for (const { certificate_id: id, bindings_as_of: at, bound_to: lines = [] } of rows) {
    const told = at === undefined ? id : `${id} (as of ${at})`;
    for (const line of new Set(lines)) under.set(line, [...(under.get(line) ?? []), told]);
  }
  const shared = [...under].filter(([line, ids]) => ids.length > 1 && !/^and \d+ more$/.test(line));
  const named = shared.slice(0, namedAtMost).map(([line, ids]) => `${line}: under ${ids.join(" and ")}.`);
  if (named.length === 0) return [];
  const more = shared.length - named.length;
  return [
    ...named,
    ...(more > 0 ? [`And ${more} more.`] : []),
    "Each has several certificates, or was changed between the look-ups: look again before you rely on it.",
  ];
}
