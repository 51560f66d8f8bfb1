import type { StandingApproval } from "./store.js";
import { isAmong, validityAt } from "./terms.js";

/** A domain that will need another certificate. */
interface ToBeRenewed {
  readonly domain: string;
  readonly service: string;
  readonly zone: string | undefined;
}

/**
 * The valid standing approval that may cover a renewal at that time, judged by domain, service, zone, days and uses.
 * The new certificate itself can be judged only once it exists.
 */
export function coverageOf(
  approvals: readonly StandingApproval[],
): (renewed: ToBeRenewed, at: Date) => string | undefined {
  const open = approvals.flatMap(({ id, state, terms }) =>
    terms !== undefined && (state === "valid" || state === "not yet") ? [{ id, terms }] : [],
  );
  return ({ domain, service, zone }, at) =>
    open.find(({ terms }) => {
      const inZone = terms.zones === undefined || zone === undefined || terms.zones.includes(zone);
      return (
        isAmong(domain, terms.domains) &&
        terms.services.some((allowed) => allowed === service) &&
        inZone &&
        validityAt(terms, at) === "valid"
      );
    })?.id;
}
