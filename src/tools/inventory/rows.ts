import { namesForReply } from "../certificate-members.js";
import type { BoundTo } from "./bound-to.js";
import type { ListedCertificate } from "./certificates.js";
import { endsWithin } from "./filter.js";
import { statusGroups } from "./status.js";

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
