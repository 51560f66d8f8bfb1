import { type Cloud, type Service, services, tencentSsl } from "../../catalogue/services.js";
import { rolloutWithinMs } from "../../jobs/requests.js";
import { describeUnreadable } from "../../jobs/unreadable.js";
import { firstOf, groupedBy, present } from "../../lib/lists.js";
import { formatName, joined, type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { type ToolError, unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { type ListedCertificate, listCertificates, type StoreInventory } from "./certificates.js";
import { listDomains, listedServices } from "./domains.js";
import { certificatesInUse, type DomainInventory, type ListedDomain } from "./listing.js";
import { withRecentChanges } from "./recent-changes.js";
import { listStores } from "./stores.js";
import { completeFromStore, idWithStore } from "./used-by.js";

type Wanted = (service: Service) => boolean;

/** What all stores list, those of Tencent Cloud SSL first. */
interface Stored extends StoreInventory {
  /** Why nothing of Tencent Cloud SSL could be listed. */
  readonly failure: ToolError | undefined;
}

/** What the clouds list; what could not be seen is also of the domains. */
interface Inventory extends Stored {
  /** Absent if nobody asked for domains. */
  readonly domains: DomainInventory | undefined;
  /** Whether all domains of a cloud were read, with their certificates. */
  readonly isSeenWhole: (cloud: Cloud) => boolean;
  /** What the lists leave open of what they show, one sentence each. */
  readonly doubts: readonly string[];
  /** When the oldest of the lists was read, ISO 8601; absent if none was. */
  readonly listedAt: string | undefined;
}

/** How old a list may be, for paging without reading everything again for each page. */
const keptMs = 5 * 60_000;

/**
 * The certificates and domains of the account. Lists are read anew as long as a change of ours may be on its way:
 * what was read before it is no longer so.
 * @param fresh whether to read the lists anew in any case
 */
export async function readInventory(
  context: ToolContext,
  {
    fresh,
    withDomains = true,
    wanted = () => true,
    domainsOf = wanted,
  }: {
    readonly fresh: boolean;
    readonly withDomains?: boolean;
    readonly wanted?: Wanted;
    /** The services whose domains are read; the wanted ones if absent. */
    readonly domainsOf?: Wanted;
  },
): Promise<Inventory> {
  const now = context.now().getTime();
  const anew = fresh || (await context.journal.changedSince(now - rolloutWithinMs));
  let oldest = Number.POSITIVE_INFINITY;
  const listing: ToolContext = {
    ...context,
    read: async (...of) => {
      const { reply, readAt } = await context.readSince(anew ? now : now - keptMs, ...of);
      oldest = Math.min(oldest, readAt);
      return reply;
    },
  };
  const [stored, domains] = await Promise.all([
    storedCertificates(listing, wanted),
    withDomains ? listDomains(listing, domainsOf) : undefined,
  ]);
  const current = domains && (await withRecentChanges(domains, context));
  return {
    ...stored,
    unseen: [
      ...stored.unseen,
      ...(domains ? [...domains.unseen, ...(await unreadJobs(context))] : []),
      ...endsUnread(current?.domains ?? [], stored.certificates),
    ],
    domains: current,
    isSeenWhole: (cloud) =>
      listedServices.every(
        (service) =>
          service.cloud !== cloud ||
          (context.services.has(service) && domainsOf(service) && domains?.partial?.includes(service) === false),
      ),
    doubts: domains?.doubts ?? [],
    listedAt: Number.isFinite(oldest) ? new Date(oldest).toISOString() : undefined,
  };
}

/** What may have been changed since the clouds made their lists. */
async function unreadJobs({ journal }: ToolContext): Promise<string[]> {
  const { unreadable } = await journal.read();
  if (unreadable.length === 0) return [];
  return [`${describeUnreadable(unreadable)}. What these changed lately may not be in the lists yet.`];
}

/** The services that cannot be read here, as a sentence; none if all of them are set up. */
export function notSetUp(offered: ReadonlySet<Service>, among: readonly Service[] = services): SafeText[] {
  const absent = among.filter((service) => !offered.has(service));
  if (absent.length === 0) return [];
  return [safe`Not set up here, so not looked at: ${joined(absent.map(({ title }) => verbatim(title)))}.`];
}

/** What a call for one account does not look at, as sentences: services that are not set up there, and other accounts. */
export function notLookedAt(
  { services: offered, otherAccounts }: Pick<ToolContext, "services" | "otherAccounts">,
  among: readonly Service[] = services,
): SafeText[] {
  if (otherAccounts.length === 0) return notSetUp(offered, among);
  const absent = among.filter((service) => !offered.has(service));
  return present([
    absent.length > 0 &&
      safe`Not set up in this account, so not looked at: ${joined(absent.map(({ title }) => verbatim(title)))}.`,
    safe`Other accounts, not looked at: ${joined(otherAccounts.map(({ name }) => formatName(name)))}.`,
  ]);
}

/** What all stores list. A store that cannot be read is a sentence. */
export async function storedCertificates(context: ToolContext, wanted: Wanted = () => true): Promise<Stored> {
  const [{ certificates, unseen, failure }, stores] = await Promise.all([
    tencentCertificates(context, wanted),
    listStores(context, wanted),
  ]);
  const all = [...certificates, ...stores.certificates];
  return { certificates: all, unseen: [...unseen, ...stores.unseen, ...withoutEnd(all)], failure };
}

const namedAtMost = 10;

/** What is valid and would be missing, without a word, where somebody asks what expires. */
function withoutEnd(certificates: readonly ListedCertificate[]): string[] {
  const ids = certificates.filter(({ group, ends }) => group === "issued" && ends === undefined).map(idWithStore);
  if (ids.length === 0) return [];
  return [
    `The lists show no readable expiry for ${ids.length} issued certificates, so when they expire is unknown: ${firstOf(ids, namedAtMost).join(", ")}.`,
  ];
}

/** The same of domains: what has HTTPS and no certificate with a readable end is in no list of what is due. */
function endsUnread(domains: readonly ListedDomain[], stored: readonly ListedCertificate[]): string[] {
  const isRead = (listed: ListedDomain) =>
    certificatesInUse(listed).some((held) => completeFromStore(listed, held, stored).ends !== undefined);
  const unread = domains.filter((listed) => listed.https && !isRead(listed));
  return [...groupedBy(unread, ({ service }) => service.title)].map(([title, group]) => {
    const names = group.map(({ domain }) => domain).sort();
    return `${title}: no list shows when the certificate expires on ${firstOf(names, namedAtMost).join(", ")}.`;
  });
}

async function tencentCertificates(
  context: ToolContext,
  wanted: Wanted,
): Promise<StoreInventory & { readonly failure?: ToolError }> {
  if (!wanted(tencentSsl) || !context.services.has(tencentSsl)) return { certificates: [], unseen: [] };
  return unlessFailed(listCertificates(context), (failure) => ({
    certificates: [],
    unseen: [`No certificate could be listed: ${failure.details.happened}`],
    failure,
  }));
}
