import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { choice, domain, flag, identifier, integer, list, notDomain, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import {
  alibabaCas,
  alibabaDcdn,
  huaweiLive,
  huaweiScm,
  type Service,
  serviceIds,
  tencentSsl,
} from "../catalogue/services.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { toAscii } from "../certificates/domain-names.js";
import { present } from "../lib/lists.js";
import { quoted } from "../lib/safe-text.js";
import { unusable } from "../lib/tool-error.js";
import { defineTool, jobsService, type ToolContext } from "../pipeline/tool.js";
import { usageReads } from "./certificate-usage.js";
import { type ListedCertificate, statusGroups } from "./inventory/certificates.js";
import { decodeCursor, encodeCursor, type Position, pageAfter } from "./inventory/cursor.js";
import { domainRow, edgesOf, positionOfDomain, selectDomains } from "./inventory/domain-rows.js";
import { domainReads } from "./inventory/domains.js";
import { positionOfCertificate, select } from "./inventory/filter.js";
import { notSetUp, readInventory } from "./inventory/inventory.js";
import { type ListedDomain, possibleCertificates } from "./inventory/listing.js";
import {
  countsOf,
  rowOf,
  rowsWithBindings,
  sharedResourceLines,
  sharingKeys,
  unboundOf,
  withoutDomain,
  withoutUnusedExpired,
} from "./inventory/rows.js";
import { storeReads } from "./inventory/stores.js";
import { didYouMean, hasIdOrName, type UsedBy, usedByFinder, useStatus } from "./inventory/used-by.js";
import { checkServed } from "./served-report.js";

const params = struct({
  certificate_id: identifier("Only this one").optional(),
  domain: text("Name it covers; *.example.com: any name below").optional(),
  service: choice(serviceIds, "Only of this one").optional(),
  expires_within_days: integer("Expiring by then; expired ones if in use", { min: 0 }).optional(),
  status: choice(statusGroups, "closed: failed, cancelled or revoked").optional(),
  source: choice(["uploaded", "tencent"], "uploaded or tencent").optional(),
  unbound: flag("Only those that no cloud resource uses").optional(),
  same_key: flag("Only those that share a key").optional(),
  with_bindings: flag("Look up what uses each, as of bindings_as_of; takes up to 40 s").optional(),
  with_edges: flag("Look at what each shown domain serves; up to 20").optional(),
  drift: flag("Only domains serving a different certificate than their cloud lists").optional(),
  https_off: flag("Only domains without HTTPS").optional(),
  served_on: list(domain("Domain"), "Other domains to look at", { max: 20 }).optional(),
  fresh: flag("Bypass the 5-minute cache (listed_at)").optional(),
  limit: integer("Rows, default 50", { min: 1, max: 100 }).optional(),
  cursor: text("next_cursor of the page before").optional(),
});
type Params = z.output<typeof params>;

/** Rows of each list in one reply: checking an edge takes its time, and rows with bindings are long. */
function pageSizes({ limit = 50, with_bindings, unbound, with_edges }: Params) {
  return {
    certificates: with_bindings || unbound ? Math.min(limit, 50) : limit,
    domains: with_edges ? Math.min(limit, 20) : limit,
  };
}

async function find(given: Params, context: ToolContext, sizes = pageSizes(given)) {
  const { domain, service, served_on: servedOn = [] } = given;
  if (domain !== undefined && toAscii(domain) === "") throw unusable(notDomain(domain));
  const shown = given.cursor === undefined ? {} : decodeCursor(given.cursor);
  const storesOnly = concernsStoresOnly(given);
  const candidateStores = storesWith(given);
  const isWanted = ({ id }: Service) => service === undefined || id === service;
  const { certificates, unseen, doubts, failure, domains, isSeenWhole, listedAt } = await readInventory(context, {
    fresh: given.fresh === true,
    // What is pending has no certificate yet; what uses those of unbound is looked up.
    withDomains: given.status !== "pending" && given.unbound !== true && !(storesOnly && candidateStores.length === 0),
    wanted: isWanted,
    domainsOf: storesOnly ? ({ cloud }) => candidateStores.some((store) => store.cloud === cloud) : isWanted,
  });
  const usedBy = usedByFinder(domains?.domains, isSeenWhole);
  const toShow = storesOnly ? undefined : domains;
  if (failure && !certificates.length && !toShow?.domains.length && servedOn.length === 0) throw failure;
  const storedPage = await storedRows(given, certificates, shown.certificates, sizes.certificates, usedBy, context);
  const domainPage =
    toShow && (await domainRows(given, toShow.domains, certificates, shown.domains, sizes.domains, context));
  // Doubts are about the switch for HTTPS.
  const gaps = [...unseen, ...(toShow ? doubts : []), ...storedPage.doubts, ...(domainPage?.doubts ?? [])];
  return {
    // First, because a partial result must not be taken for the whole.
    ...(gaps.length > 0 && { incomplete: gaps }),
    ...(listedAt && { listed_at: listedAt }),
    counts: { ...countsOf(certificates), ...(toShow && { domains_listed: toShow.domains.length }) },
    matching: storedPage.matching,
    ...(candidateStores.length > 0 || toShow ? notFoundMember(given, certificates, domains?.domains) : {}),
    certificates: storedPage.rows,
    ...(storedPage.shared.length > 0 && { shared_resources: storedPage.shared }),
    ...(domainPage && { matching_domains: domainPage.matching, domains: domainPage.rows }),
    ...((storedPage.more || domainPage?.more) && {
      next_cursor: encodeCursor({ certificates: storedPage.last, domains: domainPage?.last }),
    }),
    ...(servedOn.length > 0 && { served_on: await checkServed(servedOn, context) }),
    not_visible: present([
      ...notVisibleServices(context.services, domains !== undefined && stores.some(isWanted)),
      storedPage.rows.some(({ bindings, ...row }) => !("service" in row) && bindings === undefined) &&
        `What ${isSeenWhole(tencentSsl.cloud) ? "else than hosts of EdgeOne " : ""}uses the certificates of ${tencentSsl.title} was not looked up: with_bindings does.`,
      ...(domains?.off ?? []),
    ]),
  };
}

/** The whole inventory, read anew, in one reply: for a page that a person reads. */
export const findAll = (withEdges: boolean, context: ToolContext) =>
  find({ fresh: true, with_edges: withEdges }, context, {
    certificates: Number.POSITIVE_INFINITY,
    domains: Number.POSITIVE_INFINITY,
  });

/** Stores whose certificates may be used by products that list no domains here. */
const stores: readonly Service[] = [alibabaCas, huaweiScm];

/** Whether the domains are not asked for: these filters concern stored certificates only, and drift only domains. */
function concernsStoresOnly({ service, status, source, unbound, same_key }: Params): boolean {
  return (
    status !== undefined ||
    source !== undefined ||
    unbound === true ||
    same_key === true ||
    [tencentSsl, ...stores].some(({ id }) => id === service)
  );
}

/** The stores that may have the certificates that are asked for: no other cloud is asked what it has. */
function storesWith({ service, source, same_key }: Params): readonly Service[] {
  const all = source === "tencent" || same_key ? [tencentSsl] : [tencentSsl, ...stores];
  return all.filter(({ id }) => service === undefined || id === service);
}

/** Says that nothing has this id or name: a wrong id must not look like a certificate that other filters leave out. */
function notFoundMember(
  { certificate_id: id }: Params,
  certificates: readonly ListedCertificate[],
  domains: readonly ListedDomain[] | undefined,
): { readonly not_found?: string } {
  if (id === undefined || certificates.some((stored) => hasIdOrName(stored, id))) return {};
  if (domains?.some((listed) => possibleCertificates(listed).some((held) => held.id === id || held.name === id)))
    return {};
  const looked = domains ? ", and no domain is listed with it" : "";
  const says = `No stored certificate has the id or name ${quoted(id, 100)}${looked}.`;
  return { not_found: `${says}${didYouMean(id, certificates)}` };
}

async function storedRows(
  given: Params,
  certificates: readonly ListedCertificate[],
  after: Position | undefined,
  size: number,
  usedBy: UsedBy,
  context: ToolContext,
) {
  const withBindings = given.with_bindings || given.unbound;
  // Neither filter shows a certificate that is expired and in use.
  const isWithoutExpired = given.unbound || given.same_key;
  const useOf = (each: ListedCertificate) => (isWithoutExpired ? "unused" : useStatus(usedBy(each)));
  const wanted = given.drift || given.https_off ? [] : await select(certificates, { ...given, useOf });
  const chosen = given.unbound
    ? await unboundOf(wanted, context)
    : given.expires_within_days === undefined
      ? { certificates: wanted, known: new Map(), doubts: [] }
      : await withoutUnusedExpired(wanted, usedBy, given.with_bindings ? { after, size } : undefined, context);
  const isExpiringAsked =
    given.expires_within_days !== undefined && !isWithoutExpired && !given.drift && !given.https_off;
  const undecided = isExpiringAsked
    ? withoutDomain(await select(certificates, { ...given, expires_within_days: undefined }), usedBy)
    : [];
  const keys = given.same_key ? await sharingKeys(chosen.certificates, context) : undefined;
  const matching = keys?.certificates ?? chosen.certificates;
  const { page, ...position } = pageAfter(matching, positionOfCertificate, after, size);
  const rows = withBindings
    ? await rowsWithBindings(page, chosen.known, usedBy, context)
    : page.map((certificate) => rowOf(certificate, usedBy, context));
  return {
    ...position,
    matching: matching.length,
    rows: rows.map((row) => ({ ...row, ...(keys && { same_key_as: keys.others.get(row.certificate_id) }) })),
    shared: sharedResourceLines(rows),
    doubts: [...chosen.doubts, ...undecided, ...(keys?.doubts ?? [])],
  };
}

/** Edges that are looked at for one page of those that differ. */
const driftAtMost = 100;

async function domainRows(
  given: Params,
  listed: readonly ListedDomain[],
  certificates: readonly ListedCertificate[],
  after: Position | undefined,
  size: number,
  context: ToolContext,
) {
  const all = selectDomains(listed, given, context.now(), certificates);
  const wanted = given.https_off ? all.filter(({ https }) => https === false) : all;
  const rowFor = (each: ListedDomain) => domainRow(each, certificates, context.now());
  if (given.drift) {
    const { page: looked, ...position } = pageAfter(wanted, positionOfDomain, after, driftAtMost);
    const edges = await edgesOf(looked, context);
    const rows = looked.flatMap((each, index) => {
      const seen = edges[index];
      return seen?.drift === undefined ? [] : [{ ...rowFor(each), ...seen }];
    });
    const unseen = edges.filter(({ edge }) => typeof edge === "string").length;
    const doubts = present([
      position.more &&
        `Only ${looked.length} of ${wanted.length} domains were looked at here; next_cursor goes on with the others.`,
      unseen > 0 &&
        `What ${unseen === 1 ? "1 domain serves" : `${unseen} domains serve`} could not be seen: wildcards, names without an address, no answer.`,
    ]);
    return { ...position, rows, matching: rows.length, doubts };
  }
  const { page, ...position } = pageAfter(wanted, positionOfDomain, after, size);
  const edges = given.with_edges ? await edgesOf(page, context) : [];
  const rows = [];
  for (const [index, each] of page.entries()) {
    // Each row is compared with every stored certificate: other calls are answered in between.
    await setImmediate();
    rows.push({ ...rowFor(each), ...edges[index] });
  }
  return { ...position, rows, matching: wanted.length, doubts: [] };
}

/**
 * What this inventory cannot show, one sentence each.
 * @param withUses whether anybody looked for the domains that have certificates of these stores
 */
function notVisibleServices(offered: ReadonlySet<Service>, withUses: boolean): string[] {
  const isOffered = (service: Service) => offered.has(service);
  return present([
    ...notSetUp(offered).map(String),
    withUses &&
      stores.some(isOffered) &&
      "used_by names domains of the services listed here; other products of Alibaba Cloud and Huawei Cloud may use a certificate, too.",
    isOffered(alibabaCas) && `${alibabaCas.title}: no revoked certificates.`,
    isOffered(alibabaDcdn) &&
      "Alibaba Cloud DCDN: only domains of the kind dynamic; those for edge computing are not listed.",
    isOffered(huaweiLive) && `${huaweiLive.title}: only the configured project and region.`,
  ]);
}

export const findCertificates = defineTool({
  name: "find_certificates",
  title: "Find certificates",
  service: jobsService,
  summary:
    "Inventory of all clouds, soonest expiry first: stored certificates with where each is used, and all domains with what each has now. Reads every page; names what it cannot see.",
  effect: "read",
  params,
  uses: [describeCertificates, describeCertificateDetailWithoutKey, ...usageReads, ...storeReads, ...domainReads],
  // Never null, so simpler than for the clouds' replies. All optional: clients validate failures against it, too.
  result: members({
    incomplete: z.array(z.string()).optional(),
    certificates: z.array(members({})).optional(),
    domains: z.array(members({})).optional(),
    next_cursor: z.string().optional(),
    not_visible: z.array(z.string()).optional(),
  }),
  run: (given, context) => find(given, context),
});
