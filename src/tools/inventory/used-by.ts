import { tencentSsl } from "../../catalogue/services.js";
import type { ListedCertificate } from "./certificates.js";
import type { DomainCertificate, ListedDomain } from "./domains.js";

/** Which listed domains have a certificate of the stores of Alibaba Cloud and Huawei Cloud. */

const DAY = 24 * 3600 * 1000;

/** Whether the domain's cloud lists it with this certificate: by its id, or by name and end where it gives no id. */
export function has(
  { service }: Pick<ListedDomain, "service">,
  held: DomainCertificate,
  stored: Pick<ListedCertificate, "service" | "id" | "alias" | "ends">,
): boolean {
  if (service.cloud !== stored.service.cloud) return false;
  if (held.id !== undefined) return held.id === stored.id;
  // The name alone may be in both of Alibaba Cloud's stores.
  if (held.name === undefined || held.name !== stored.alias) return false;
  const [one = Number.NaN, other = Number.NaN] = [held.ends, stored.ends].map((ends) => Date.parse(ends ?? ""));
  return !(Math.abs(one - other) > 2 * DAY);
}

/** How many domains a row names. */
const namedAtMost = 10;

/** Finds the domains that have a certificate, as a row names them. */
export type UsedBy = (stored: ListedCertificate) => { readonly used_by?: readonly string[] };

/** @param domains all that could be listed; undefined if nobody looked */
export function usedByOf(domains: readonly ListedDomain[] | undefined): UsedBy {
  if (domains === undefined) return () => ({});
  const byKey = new Map<string, [ListedDomain, DomainCertificate][]>();
  for (const domain of domains) {
    for (const held of domain.certificates) {
      const key = held.id ?? held.name ?? "";
      byKey.set(key, [...(byKey.get(key) ?? []), [domain, held]]);
    }
  }
  return (stored) => {
    if (stored.service === tencentSsl) return {};
    const candidates = [...(byKey.get(stored.id) ?? []), ...(byKey.get(stored.alias ?? "") ?? [])];
    const names = new Set(
      candidates
        .filter(([domain, held]) => has(domain, held, stored))
        .map(([{ domain, service }]) => `${domain} (${service.id})`),
    );
    const more = names.size - namedAtMost;
    return { used_by: [...[...names].sort().slice(0, namedAtMost), ...(more > 0 ? [`and ${more} more`] : [])] };
  };
}
