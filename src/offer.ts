import { operations } from "./catalogue/index.js";
import type { Operation } from "./catalogue/operation.js";
import { type Service, services } from "./catalogue/services.js";
import type { Credentials } from "./cloud/credentials.js";
import type { Configuration } from "./config.js";
import { isOffered } from "./guard/policy.js";

/**
 * The operations that this server offers: of the services chosen, else of those that have credentials, else of all,
 * so that a newcomer sees what there is and each call says what to set.
 */
export function offeredOperations(
  { services: chosen, site, ...policy }: Configuration,
  credentials: Credentials,
): readonly Operation[] {
  const offered = offeredServices(chosen, credentials);
  return operations.filter(
    (operation) =>
      offered.has(operation.service) && (operation.sites?.includes(site) ?? true) && isOffered(policy, operation),
  );
}

/** The services that the operator chose, or else has credentials for, or else all. */
export function offeredServices(chosen: Configuration["services"], credentials: Credentials): ReadonlySet<Service> {
  if (chosen !== undefined) return new Set(services.filter(({ id }) => chosen.includes(id)));
  const withCredentials = services.filter(({ cloud }) => credentials[cloud] !== undefined);
  return new Set(withCredentials.length > 0 ? withCredentials : services);
}
