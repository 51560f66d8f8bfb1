import {
  assumedLifetimeDays,
  lifetimeDays,
  lifetimeRules,
  minLifetimeDays,
  renewalDue,
  renewalsPerYear,
  ruleAt,
  validationsPerYear,
} from "../../certificates/lifetimes.js";
import { firstOf } from "../../lib/lists.js";
import type { Coverage } from "../../standing-approvals/coverage.js";
import type { ListedCertificate } from "./certificates.js";
import type { Position } from "./cursor.js";
import { certificatesInUse, type DomainCertificate, endMembers, type ListedDomain } from "./listing.js";
import { completeFromStore, idWithStore } from "./used-by.js";

/* Which renewals the certificates in use make necessary. */

/**
 * Says which standing approvals cover the renewal of a certificate on its domains at a time, in milliseconds.
 * @param names of the certificate; undefined if no store that was read has it
 */
export type CoveredBy = (
  domains: readonly ListedDomain[],
  names: readonly string[] | undefined,
  due: number,
) => Coverage;

/** A certificate in use, with the domains that have it: they are renewed by one deployment. */
interface Renewal {
  readonly certificate: DomainCertificate & { readonly ends: string };
  readonly domains: readonly ListedDomain[];
  /** In milliseconds since the epoch. */
  readonly due: number;
  /** In days; undefined if no list shows when it began. */
  readonly lifetime: number | undefined;
  /** What the standing approvals say about it. */
  readonly coverage: Coverage;
}

/** The renewals of the certificates that the domains have, earliest due first. */
export function renewalsOf(
  domains: readonly ListedDomain[],
  all: readonly ListedCertificate[],
  coveredBy: CoveredBy,
): readonly Renewal[] {
  const groups = new Map<
    string,
    { certificate: Renewal["certificate"]; names: readonly string[] | undefined; domains: ListedDomain[] }
  >();
  for (const listed of domains) {
    if (listed.https === false) continue;
    for (const held of certificatesInUse(listed)) {
      const { stored, id, starts, ends } = completeFromStore(listed, held, all);
      if (ends === undefined) continue;
      const certificate = { ...held, id: stored ? idWithStore(stored) : id, starts, ends };
      // One list shows the id, another the name: the store tells that both are the same. By a name alone it is the same
      // only where it ends at the same time.
      const key = JSON.stringify([
        listed.service.cloud,
        stored ? idWithStore(stored) : (id ?? [held.name ?? listed.domain, ends]),
      ]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { certificate, names: stored?.domains, domains: [listed] });
      else if (!known.domains.includes(listed)) known.domains.push(listed);
    }
  }
  return [...groups.values()]
    .map(({ names, ...group }) => {
      const due = renewalDue(group.certificate);
      return {
        ...group,
        due,
        lifetime: lifetimeDays(group.certificate),
        coverage: coveredBy(group.domains, names, due),
      };
    })
    .sort((one, other) => one.due - other.due || (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ certificate, domains: [first] }: Renewal) =>
  [first?.service.id, certificate.id ?? certificate.name ?? "", first?.domain].join(" ");

/** Where a renewal is in the list. */
export const positionOfRenewal = (renewal: Renewal): Position => [renewal.due, keyOf(renewal)];

const namedAtMost = 5;

/** A renewal for the reply. */
export function renewalRow(renewal: Renewal, now: Date) {
  const { certificate, domains, due, lifetime, coverage } = renewal;
  const { id, name, ends } = certificate;
  const names = [...new Set(domains.map(({ domain }) => domain))];
  const why = coverage.broken.length > 0 ? ` (${coverage.broken.join("; ")})` : "";
  return {
    domains: firstOf(names, namedAtMost),
    services: [...new Set(domains.map(({ service }) => service.id))],
    ...(id && { certificate_id: id }),
    ...(name && { name }),
    ...endMembers(ends),
    ...(lifetime === undefined
      ? { lifetime_assumed: assumedLifetimeDays }
      : { lifetime_days: Math.round(lifetime * 10) / 10 }),
    renew_by: new Date(due).toISOString(),
    ...(due <= now.getTime() && { overdue: true }),
    longest_then: ruleAt(Math.max(due, now.getTime()))?.days,
    standing_approvals: coverage.ids.join(", ") || `none: a person is asked${why}`,
  };
}

/** What a year costs under each rule, and with certificates of six days; each counts with its own lifetime if shorter. */
export function yearUnderEachRule(renewals: readonly Renewal[]) {
  const withQuestion = renewals.filter(({ coverage }) => coverage.ids.length === 0);
  const sum = (of: readonly Renewal[], each: (lifetime: number) => number, longest: number) =>
    Math.round(of.reduce((total, { lifetime = assumedLifetimeDays }) => total + each(Math.min(lifetime, longest)), 0));
  const year = (longest: number, proofs: (lifetime: number) => number) => ({
    longest_days: longest,
    renewals_a_year: sum(renewals, renewalsPerYear, longest),
    proofs_a_year: sum(renewals, proofs, longest),
    questions_a_year: sum(withQuestion, renewalsPerYear, longest),
  });
  return [
    ...lifetimeRules.map((rule) => ({ from: rule.from, ...year(rule.days, (days) => validationsPerYear(days, rule)) })),
    { short_lived: true, ...year(minLifetimeDays, renewalsPerYear) },
  ];
}
