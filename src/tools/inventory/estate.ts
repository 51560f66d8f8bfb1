import { type Service, services, tencentSsl } from "../../catalogue/services.js";
import { rolloutWithinMs } from "../../jobs/requests.js";
import { joined, ownWords, type SafeText, safe } from "../../lib/escape-text.js";
import { type ToolError, unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { type Inventory, listCertificates } from "./certificates.js";
import { type DomainInventory, listDomains } from "./domains.js";
import { withRecentChanges } from "./recent-changes.js";
import { listStores, type StoreInventory } from "./stores.js";

/** What the clouds list. */
export interface Estate {
  readonly certificates: Inventory & { readonly failure?: ToolError };
  /** The stores of the other clouds. */
  readonly stores: StoreInventory;
  /** Absent if nobody asked for domains. */
  readonly domains: DomainInventory | undefined;
  /** When the oldest of the lists was read, ISO 8601; absent if none was. */
  readonly listedAt: string | undefined;
}

export interface EstateOptions {
  /** Whether to read the lists anew. */
  readonly fresh: boolean;
  readonly withDomains: boolean;
  wanted(service: Service): boolean;
}

/** How old a list may be, for paging without reading everything again for each page. */
const keptMs = 5 * 60_000;

/**
 * The certificates and domains of the account. Lists are read anew as long as a change of ours may be on its way:
 * what was read before it is no longer so.
 */
export async function readEstate(context: ToolContext, options: EstateOptions): Promise<Estate> {
  const { fresh, withDomains, wanted } = options;
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
  const [certificates, stores, domains] = await Promise.all([
    wanted(tencentSsl) ? tencentCertificates(listing) : { certificates: [] },
    listStores(listing, wanted),
    withDomains ? listDomains(listing, wanted) : undefined,
  ]);
  return {
    certificates,
    stores,
    domains: domains && (await withRecentChanges(domains, context)),
    listedAt: Number.isFinite(oldest) ? new Date(oldest).toISOString() : undefined,
  };
}

/** The services that nothing here can look at, as a sentence; none if all of them are set up. */
export function notSetUp(offered: ReadonlySet<Service>, among: readonly Service[] = services): SafeText[] {
  const absent = among.filter((service) => !offered.has(service));
  if (absent.length === 0) return [];
  return [safe`Not set up here, so not looked at: ${joined(absent.map(({ title }) => ownWords(title)))}.`];
}

/** What Tencent Cloud lists; a failure is passed on with what else was found. */
export async function tencentCertificates(context: ToolContext): Promise<Estate["certificates"]> {
  if (!context.services.has(tencentSsl)) return { certificates: [] };
  return unlessFailed(listCertificates(context), (failure) => ({
    certificates: [],
    incomplete: `No certificate could be listed: ${failure.details.happened}`,
    failure,
  }));
}
