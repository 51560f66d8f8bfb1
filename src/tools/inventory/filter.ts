import { setImmediate } from "node:timers/promises";
import { coversAll, toAscii } from "../../certificates/domain-names.js";
import type { ListedCertificate, StatusGroup } from "./certificates.js";
import { comparePositions, type Position } from "./cursor.js";
import { hasIdOrName, type UseStatus } from "./used-by.js";

/** What the caller wants to see; absent: everything. */
export interface CertificateFilter {
  readonly certificate_id?: string | undefined;
  readonly domain?: string | undefined;
  readonly expires_within_days?: number | undefined;
  /** Of those that have expired, which count as expiring: the ones that something still has, or may have. */
  readonly useOf?: ((certificate: ListedCertificate) => UseStatus) | undefined;
  readonly status?: StatusGroup | undefined;
  readonly source?: ListedCertificate["source"];
}

/** The matching certificates, earliest expiry first; those without expiry last. */
export async function select(
  certificates: readonly ListedCertificate[],
  wanted: CertificateFilter,
): Promise<ListedCertificate[]> {
  const chosen: { readonly certificate: ListedCertificate; readonly position: Position }[] = [];
  for (const [index, certificate] of certificates.entries()) {
    // Yields to other work: each certificate may have hundreds of names.
    if (index % STRIDE === STRIDE - 1) await setImmediate();
    if (isWanted(certificate, wanted)) chosen.push({ certificate, position: positionOfCertificate(certificate) });
  }
  return chosen.sort((a, b) => comparePositions(a.position, b.position)).map(({ certificate }) => certificate);
}

const STRIDE = 500;

function isWanted(certificate: ListedCertificate, wanted: CertificateFilter): boolean {
  const { certificate_id: id, domain, expires_within_days: days, status, source, useOf = () => "unused" } = wanted;
  return (
    (id === undefined || hasIdOrName(certificate, id)) &&
    (domain === undefined || matchesDomain(certificate.domains, domain)) &&
    (days === undefined ||
      endsWithin(certificate, days) ||
      (certificate.group === "expired" && useOf(certificate) !== "unused")) &&
    (status === undefined || certificate.group === status) &&
    (source === undefined || certificate.source === source)
  );
}

/** Whether one of the names covers the domain, or for a wildcard, is below it. */
export function matchesDomain(names: readonly string[], domain: string): boolean {
  // The cloud may list a name in Unicode; a certificate would not match it that way.
  if (coversAll(names.map(toAscii), [domain])) return true;
  const asked = toAscii(domain);
  return asked.startsWith("*.") && names.some((name) => toAscii(name).endsWith(asked.slice(1)));
}

/** Counted in whole days: on the last day none is left. Expired and never issued certificates do not match. */
export function endsWithin({ group, daysLeft }: ListedCertificate, days: number): boolean {
  return group === "issued" && daysLeft !== undefined && daysLeft <= days;
}

/** Where a certificate is in the inventory. Two stores may have the same id. */
export const positionOfCertificate = ({ ends, id, service, region }: ListedCertificate): Position => [
  ends === undefined ? null : Date.parse(ends),
  [id, service.id, ...(region ? [region] : [])].join(" "),
];
