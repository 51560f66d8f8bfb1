import { firstOf } from "../lib/lists.js";
import type { StandingApproval } from "./store.js";
import { isAmong, type StandingTerms, validityAt } from "./terms.js";

/** A domain that will need another certificate. */
interface RenewalTarget {
  readonly domain: string;
  readonly service: string;
  readonly zone: string | undefined;
  /** Where calls to the service go now. */
  readonly endpoint: string | undefined;
}

/** Domains that will get another certificate together. */
interface RenewalGroup {
  readonly domains: readonly RenewalTarget[];
  /** Of the certificate that they have now: the new one has to cover them all. Undefined if they are not known. */
  readonly names: readonly string[] | undefined;
}

/** What the standing approvals say about a renewal. */
export interface Coverage {
  /** Those that cover it on all of its domains; none if a domain is not covered. */
  readonly ids: readonly string[];
  /** If it is not covered: the first bound that it breaks of each approval that names one of its domains. */
  readonly broken: readonly string[];
}

/** Names, and approvals, that a sentence names. */
const MAX_NAMED = 3;

/**
 * Which standing approvals may cover a renewal at that time, judged by domain, service, zone, endpoint, the names that the
 * certificate has, days and uses. The new certificate itself can be judged only once it exists.
 */
export function coverageOf(approvals: readonly StandingApproval[]): (renewed: RenewalGroup, at: Date) => Coverage {
  const open = approvals.flatMap(({ id, state, terms }) =>
    terms !== undefined && state !== "revoked" && state !== "ended" ? [{ id, state, terms }] : [],
  );
  return ({ domains, names }, at) => {
    const judged = domains.map((renewed) =>
      open.map(({ id, state, terms }) => ({ id, breaks: firstBrokenBound(renewed, names, terms, state, at), terms })),
    );
    const covering = judged.map((all) => all.find(({ breaks }) => breaks === undefined)?.id);
    if (covering.every((id) => id !== undefined)) {
      return { ids: [...new Set(covering)], broken: [] };
    }
    const near = judged
      .filter((_, index) => covering[index] === undefined)
      .flat()
      .filter(({ terms }) => domains.some(({ domain }) => isAmong(domain, terms.domains)));
    const reasons = new Set(near.flatMap(({ id, breaks }) => (breaks === undefined ? [] : [`${id}: ${breaks}`])));
    return { ids: [], broken: firstOf([...reasons], MAX_NAMED) };
  };
}

/** The first bound that a renewal breaks, as the end of a sentence about the approval; undefined if it breaks none. */
function firstBrokenBound(
  { domain, service, zone, endpoint }: RenewalTarget,
  names: readonly string[] = [],
  terms: StandingTerms,
  state: StandingApproval["state"],
  at: Date,
): string | undefined {
  const { domains, services, zones, endpoints } = terms;
  if (!isAmong(domain, domains)) return `it does not name ${domain}`;
  if (!services.some((allowed) => allowed === service)) return `it is not for ${service}`;
  if (zones !== undefined && zone !== undefined && !zones.includes(zone)) return `it is not for ${zone}`;
  if (!endpoints.some((each) => each.service === service && each.endpoint === endpoint))
    return `it is not for ${service} at ${endpoint ?? "an unknown endpoint"}`;
  const others = names.filter((name) => !isAmong(name, domains));
  if (others.length > 0) return `the certificate has other names, too: ${firstOf(others, MAX_NAMED).join(", ")}`;
  if (state === "spent" || state === "void") return `it is ${state}`;
  const validity = validityAt(terms, at);
  return validity === "valid" ? undefined : `on that day it is ${validity === "ended" ? "over" : "not valid yet"}`;
}
