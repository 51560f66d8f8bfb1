import { toAscii, uncovered } from "../../preflight/domain-names.js";
import type { Listed } from "./certificates.js";
import type { StatusGroup } from "./status.js";

/** What the caller wants to see; absent: all. */
export interface Wanted {
  readonly certificate_id?: string | undefined;
  readonly domain?: string | undefined;
  readonly expires_within_days?: number | undefined;
  readonly status?: StatusGroup | undefined;
  readonly source?: Listed["source"];
}

/** Those that are wanted, the earliest to end first; those without an end last. */
export function select(certificates: readonly Listed[], wanted: Wanted): Listed[] {
  return certificates.filter((certificate) => isWanted(certificate, wanted)).sort(byEnd);
}

function isWanted(certificate: Listed, wanted: Wanted): boolean {
  const { certificate_id: id, domain, expires_within_days: days, status, source } = wanted;
  return (
    (id === undefined || certificate.id === id) &&
    (domain === undefined || concerns(certificate.domains, domain)) &&
    (days === undefined || endsWithin(certificate, days)) &&
    (status === undefined || certificate.group === status) &&
    (source === undefined || certificate.source === source)
  );
}

/** Whether it covers the domain, or, where a wildcard is asked for, any name below it. */
function concerns(names: readonly string[], domain: string): boolean {
  if (uncovered(names, [domain]).length === 0) return true;
  const asked = toAscii(domain);
  return asked.startsWith("*.") && names.some((name) => toAscii(name).endsWith(asked.slice(1)));
}

/** Counted in whole days: on the last one none is left. What is over already, or was never issued, ends no more. */
export function endsWithin({ group, daysLeft }: Listed, days: number): boolean {
  return group === "issued" && daysLeft !== undefined && daysLeft <= days;
}

function byEnd(one: Listed, other: Listed): number {
  const [a, b] = [endOf(one), endOf(other)];
  return a === b ? one.id.localeCompare(other.id) : a - b;
}

const endOf = ({ ends }: Listed) => (ends === undefined ? Number.POSITIVE_INFINITY : Date.parse(ends));
