import { type Cloud, tencentSsl } from "../../catalogue/services.js";
import { dayMs } from "../../lib/days.js";
import { firstOf, groupedBy } from "../../lib/lists.js";
import type { ListedCertificate } from "./certificates.js";
import { type DomainCertificate, type ListedDomain, possibleCertificates } from "./listing.js";

/* Which stored certificate a listed domain has. */

/** Whether the domain's cloud lists it with this certificate: by its id, or by name and end where it gives no id. */
export function isListedWith(
  { service }: Pick<ListedDomain, "service">,
  held: DomainCertificate,
  stored: Pick<ListedCertificate, "service" | "id" | "alias" | "ends">,
): boolean {
  if (service.cloud !== stored.service.cloud) return false;
  if (held.id !== undefined) return held.id === stored.id;
  // The name alone may be in both of Alibaba Cloud's stores.
  if (held.name === undefined || held.name !== stored.alias) return false;
  return !endsDiffer(held.ends, stored.ends);
}

/** Whether the domain has it to show the origin, or to check visitors or the origin by. */
export function hasForOtherEnds(
  { service, otherIds = [] }: Pick<ListedDomain, "service" | "otherIds">,
  stored: Pick<ListedCertificate, "service" | "id">,
): boolean {
  return service.cloud === stored.service.cloud && otherIds.includes(stored.id);
}

/** The stored certificate that the domain's cloud lists it with; undefined if no store that was read has it. */
export function storedCertificateOf(
  listed: Pick<ListedDomain, "service">,
  held: DomainCertificate,
  stored: readonly ListedCertificate[],
): ListedCertificate | undefined {
  return stored.find((each) => isListedWith(listed, held, each));
}

/** A certificate of a domain, with what its cloud does not list from the store that holds it. */
export interface CompletedCertificate {
  /** As the store has it, if one that was read does. */
  readonly stored: ListedCertificate | undefined;
  readonly id: string | undefined;
  readonly starts: string | undefined;
  readonly ends: string | undefined;
}

/** Id, start and end, from the store that holds it where the domain's list does not show them. */
export function completeFromStore(
  listed: Pick<ListedDomain, "service">,
  held: DomainCertificate,
  all: readonly ListedCertificate[],
): CompletedCertificate {
  const stored = storedCertificateOf(listed, held, all);
  return {
    stored,
    id: held.id ?? stored?.id,
    starts: held.starts ?? stored?.starts,
    ends: held.ends ?? stored?.ends,
  };
}

/** Whether two ends differ by more than a zone that is not stated; one that is not shown does not. */
export function endsDiffer(one: string | undefined, other: string | undefined): boolean {
  return Math.abs(Date.parse(one ?? "") - Date.parse(other ?? "")) > 2 * dayMs;
}

/** The id; of a service with several stores, with the store as deploy_certificate takes it. */
export const idWithStore = ({ id, region }: Pick<ListedCertificate, "id" | "region">) =>
  region === undefined ? id : `${id}-${region}`;

/** Whether the text is the id or the name of the certificate. */
export const hasIdOrName = (stored: ListedCertificate, text: string) => isId(stored, text) || stored.alias === text;

const isId = (stored: ListedCertificate, text: string) => stored.id === text || idWithStore(stored) === text;

/** What of the certificate the text is, whatever its letter case; undefined if nothing. */
export function callingOf(
  { id, alias, domains }: ListedCertificate,
  text: string,
): "id" | "name" | "domain" | undefined {
  const written = text.toLowerCase();
  if (id.toLowerCase() === written) return "id";
  if (alias?.toLowerCase() === written) return "name";
  return domains.some((domain) => domain.toLowerCase() === written) ? "domain" : undefined;
}

const offeredAtMost = 3;

/**
 * The certificates that a caller who wrote this may mean, as the end of a message: with the id in another letter case, at
 * the end of a longer one (Alibaba Cloud's instances), or with this name or domain. Empty if there is none.
 */
export function didYouMean(text: string, certificates: readonly ListedCertificate[]): string {
  const [, number] = /-(\d{6,})$/.exec(text) ?? [];
  const called = (each: ListedCertificate) => each.id === number || callingOf(each, text) !== undefined;
  const meant = certificates.filter((each) => !each.isCa && each.group === "issued" && called(each));
  if (meant.length === 0) return "";
  const named = meant.slice(0, offeredAtMost).map((each) => `${idWithStore(each)} (${each.domains[0] ?? "no name"})`);
  const more = meant.length - named.length;
  return ` Did you mean ${named.join(", ")}${more > 0 ? ` or one of ${more} more` : ""}?`;
}

/** The stored certificates with this id or, if there is none, with this name; CA certificates serve no domain. */
export function certificatesMeant(text: string, certificates: readonly ListedCertificate[]) {
  const leaves = certificates.filter(({ isCa }) => !isCa);
  const byId = leaves.filter((each) => isId(each, text));
  return byId.length > 0
    ? { stored: byId, isName: false }
    : { stored: leaves.filter(({ alias }) => alias === text), isName: true };
}

const namedAtMost = 10;

/** The domains that have a certificate, or may while a change is on its way, as a row names them; absent if it has none as far as is known, and more may. */
interface Users {
  readonly used_by?: readonly string[];
}

/** Finds the domains that have a certificate. */
export type UsedBy = (stored: ListedCertificate) => Users;

/** Whether something uses a certificate. That nobody looked is no "unused". */
export type UseStatus = "in use" | "unused" | "not looked up";

/** What the lists of domains say about it. */
export function useStatus({ used_by: names }: Users): UseStatus {
  return names === undefined ? "not looked up" : names.length > 0 ? "in use" : "unused";
}

/**
 * @param domains all that could be listed; undefined if nobody looked
 * @param isSeenWhole whether every listed product of a cloud was read to the end
 */
export function usedByFinder(
  domains: readonly ListedDomain[] | undefined,
  isSeenWhole: (cloud: Cloud) => boolean = () => true,
): UsedBy {
  if (domains === undefined) return () => ({});
  const all = domains.flatMap((domain) => possibleCertificates(domain).map((held) => ({ domain, held })));
  const byKey = groupedBy(all, ({ held }) => held.id ?? held.name ?? "");
  const byOtherId = groupedBy(
    domains.flatMap((domain) => (domain.otherIds ?? []).map((id) => ({ domain, id }))),
    ({ id }) => id,
  );
  return (stored) => {
    const candidates = [...(byKey.get(stored.id) ?? []), ...(byKey.get(stored.alias ?? "") ?? [])];
    const names = new Set(
      candidates
        .filter(({ domain, held }) => isListedWith(domain, held, stored))
        .map(({ domain: { domain, service } }) => `${domain} (${service.id})`),
    );
    for (const { domain } of byOtherId.get(stored.id) ?? []) {
      if (hasForOtherEnds(domain, stored))
        names.add(`${domain.domain} (${domain.service.id}, for mutual TLS or its origin)`);
    }
    // At Tencent Cloud, hosts of EdgeOne are a part of what may use it: that none is listed says nothing.
    const isLookedUp = stored.service !== tencentSsl && isSeenWhole(stored.service.cloud);
    if (names.size === 0 && !isLookedUp) return {};
    return { used_by: firstOf([...names].sort(), namedAtMost) };
  };
}
