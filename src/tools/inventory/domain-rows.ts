import { tencentSsl } from "../../catalogue/services.js";
import { dayMs } from "../../lib/days.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { CONCURRENT_CHECKS, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import type { ServedCertificate } from "../../tls-check/tls-check.js";
import { type ListedCertificate, listedKeyKind } from "./certificates.js";
import { comparePositions, type Position } from "./cursor.js";
import { type CertificateFilter, matchesDomain } from "./filter.js";
import { type DomainCertificate, daysLeftOf, endMembers, type ListedDomain, possibleCertificates } from "./listing.js";
import { listedFitness, successorsIn } from "./takeover.js";
import {
  completeFromStore,
  hasForOtherEnds,
  hasIdOrName,
  idWithStore,
  isListedWith,
  storedCertificateOf,
} from "./used-by.js";

/** The part of the filter that concerns domains. */
type DomainFilter = Pick<CertificateFilter, "certificate_id" | "domain" | "expires_within_days">;

/** Where a domain is in the inventory: by its earliest end, then by name; those without a certificate are last. */
export function positionOfDomain(listed: ListedDomain): Position {
  const ends = endsOf(listed);
  const name = [listed.domain, listed.service.id, ...Object.values(listed.within ?? {})].join(" ");
  return [ends.length === 0 ? null : Math.min(...ends), name];
}

/**
 * The matching domains, sorted; one with a change on its way matches by what it had and by what was sent.
 * @param certificates that are stored: some lists of domains show the name of a certificate, and no id
 */
export function selectDomains(
  domains: readonly ListedDomain[],
  wanted: DomainFilter,
  now: Date,
  certificates: readonly ListedCertificate[] = [],
): ListedDomain[] {
  const { certificate_id: id, domain, expires_within_days: days } = wanted;
  const called = id === undefined ? [] : certificates.filter((each) => hasIdOrName(each, id));
  const isWanted = (listed: ListedDomain, held: DomainCertificate) =>
    held.id === id || held.name === id || called.some((stored) => isListedWith(listed, held, stored));
  return domains
    .filter(
      (listed) =>
        (id === undefined ||
          possibleCertificates(listed).some((held) => isWanted(listed, held)) ||
          called.some((stored) => hasForOtherEnds(listed, stored))) &&
        (domain === undefined || matchesDomain([listed.domain], domain)) &&
        (days === undefined ||
          possibleCertificates(listed).some(({ ends }) => ends !== undefined && daysLeftOf(ends, now) <= days)),
    )
    .map((listed) => ({ listed, position: positionOfDomain(listed) }))
    .sort((a, b) => comparePositions(a.position, b.position))
    .map(({ listed }) => listed);
}

/** When its certificates end, in milliseconds since the epoch. */
const endsOf = ({ certificates }: ListedDomain) => certificates.flatMap(({ ends }) => (ends ? [Date.parse(ends)] : []));

/** A domain for the reply: compact, without empty fields. */
export function domainRow(listed: ListedDomain, certificates: readonly ListedCertificate[], now: Date) {
  const { domain, service, within, https, isSwitchUnread, state, changed } = listed;
  const next = successorOf(listed, certificates, now);
  const showAs = (held: DomainCertificate) => {
    const { name, ends, state } = held;
    const stored = held.id === undefined ? undefined : storedCertificateOf(listed, held, certificates);
    const id = stored ? idWithStore(stored) : held.id;
    return {
      ...(id && { certificate_id: id }),
      ...(name && { name }),
      ...(ends && { ...endMembers(ends), days_left: daysLeftOf(ends, now) }),
      ...(state && { state }),
    };
  };
  return {
    domain,
    service: service.id,
    ...within,
    // Before the change that is on its way.
    ...(changed && { changed }),
    ...(!changed && { https: isSwitchUnread || https === undefined ? "not said" : https ? "on" : "off" }),
    ...(state && { state: state.said }),
    ...(listed.certificates.length > 0 && { certificates: listed.certificates.map(showAs) }),
    ...(next && { covered_next_by: idWithStore(next) }),
  };
}

/** What may take over from a certificate that a domain has. */
interface Succession {
  /** The one that it has, where a store that was read has it. */
  readonly stored: ListedCertificate | undefined;
  /** When it ends, if that is known. */
  readonly ends: string | undefined;
  /** The one that covers the domain longest first, what visitors refuse last. */
  readonly successors: readonly ListedCertificate[];
}

/**
 * For each certificate of a domain, the stored ones that cover the domain beyond it: those at Tencent
 * Cloud SSL, whose keys can be fetched, and in the store of the domain's own cloud. A domain with several certificates has
 * one for each kind of key, so only one with a key of the same kind, or of an unknown kind, takes over.
 */
export function successionsOf(
  listed: ListedDomain,
  certificates: readonly ListedCertificate[],
  now: Date,
): Succession[] {
  const { domain, service, certificates: own } = listed;
  const usable = certificates.filter(
    (each) =>
      (each.service === tencentSsl || each.service.cloud === service.cloud) &&
      !own.some((held) => isListedWith(listed, held, each)),
  );
  return own.map((held) => {
    const { stored, ends } = completeFromStore(listed, held, certificates);
    const all = successorsIn(usable, [domain], { ends }, now);
    return { stored, ends, successors: own.length > 1 ? all.filter((each) => !areOfOtherKinds(each, stored)) : all };
  });
}

/** The one that takes over from the certificate of the domain that ends first, unless visitors would refuse it. */
function successorOf(
  listed: ListedDomain,
  certificates: readonly ListedCertificate[],
  now: Date,
): ListedCertificate | undefined {
  const endOf = ({ ends }: Succession) => (ends === undefined ? Number.POSITIVE_INFINITY : Date.parse(ends));
  const [first] = successionsOf(listed, certificates, now).sort((a, b) => endOf(a) - endOf(b));
  const [next] = first?.successors ?? [];
  return next !== undefined && listedFitness(next) !== "refused" ? next : undefined;
}

const areOfOtherKinds = (one: ListedCertificate, other: ListedCertificate | undefined) => {
  const [kind, otherKind] = [listedKeyKind(one.key), listedKeyKind(other?.key)];
  return kind !== undefined && otherKind !== undefined && kind !== otherKind;
};

/** What the edge of a domain serves; a text says why that is not known. */
async function seenAt({ domain }: ListedDomain, context: ToolContext) {
  // A wildcard has no address of its own.
  if (domain.startsWith("*.")) return "a wildcard: name one of its hosts in served_on";
  const tlsReport = await tlsReportOrReason(domain, context);
  if (typeof tlsReport === "string") return tlsReport;
  return { served: certificatesServedIn(tlsReport), problem: tlsReport.problem };
}

/** What the edge of each domain serves, and whether that differs from what its cloud lists. */
export function edgesOf(listed: readonly ListedDomain[], context: ToolContext) {
  return mapConcurrent(listed, CONCURRENT_CHECKS, async (each) => {
    const seen = await seenAt(each, context);
    if (typeof seen === "string") return { edge: seen };
    const { served, problem } = seen;
    const [first] = served.toSorted((a, b) => a.notAfter.localeCompare(b.notAfter));
    const drift = driftOf(each, served);
    return {
      edge: first
        ? {
            not_after: first.notAfter,
            days_left: first.daysLeft,
            ...(first.chainEnds && { chain_ends: first.chainEnds }),
            issuer: first.issuer,
            trusted: first.trusted,
            ...(first.distrust !== undefined && { distrust: first.distrust }),
          }
        : (problem ?? "no TLS"),
      ...(drift && { drift }),
    };
  });
}

/** The domains whose edge serves something else than their cloud lists, with what it serves. */
export async function driftingAmong(listed: readonly ListedDomain[], context: ToolContext) {
  const found = await mapConcurrent(listed, CONCURRENT_CHECKS, async (each) => {
    const seen = await seenAt(each, context);
    if (typeof seen === "string" || driftOf(each, seen.served) === undefined) return [];
    const [own] = each.certificates;
    const listedAs = own?.id ?? own?.name;
    const [first] = seen.served;
    return [
      {
        domain: each.domain,
        service: each.service.title,
        ...(listedAs && { listed: listedAs }),
        ...(first && { served: first.sha256 }),
      },
    ];
  });
  return found.flat();
}

/** The end is compared by the day: some clouds do not state the zone of theirs. */
function driftOf(listed: ListedDomain, served: readonly ServedCertificate[]): string | undefined {
  if (listed.changed !== undefined) return undefined;
  if (served.length === 0) return listed.https ? "its edge serves no certificate" : undefined;
  if (listed.https === false) return "HTTPS is off according to the cloud, and its edge serves a certificate";
  const ends = endsOf(listed);
  const isListed = ({ notAfter }: ServedCertificate) =>
    ends.some((end) => Math.abs(end - Date.parse(notAfter)) <= dayMs);
  return ends.length > 0 && !served.every(isListed)
    ? "its edge serves another certificate than the cloud lists"
    : undefined;
}
