import { z } from "zod";
import { choice, domain, flag, integer, list, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import { alibabaCas, huaweiLive, huaweiScm, type Service, services, tencentSsl } from "../catalogue/services.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { toAscii } from "../certificates/domain-names.js";
import { quoted } from "../lib/escape-text.js";
import { ToolError } from "../lib/tool-error.js";
import { defineTool, jobs, type ToolContext } from "../pipeline/tool.js";
import { type Inventory, listCertificates, statusGroups } from "./inventory/certificates.js";
import { domainRow, edgesOf, selectDomains } from "./inventory/domain-rows.js";
import { domainReads, listDomains } from "./inventory/domains.js";
import { select } from "./inventory/filter.js";
import { countsOf, rowOf, rowsWithBindings, sharedIn, unboundOf } from "./inventory/rows.js";
import { listStores, storeReads } from "./inventory/stores.js";
import { usedByOf } from "./inventory/used-by.js";
import { unusable } from "./read-with-retry.js";
import { lookAtServed } from "./served-report.js";

const params = struct({
  certificate_id: text("Only this one").optional(),
  domain: text("Name it covers; *.example.com: any name below").optional(),
  expires_within_days: integer("Issued, expiring by then", { min: 0 }).optional(),
  status: choice(statusGroups, "issued, expired, pending or closed (failed, cancelled, revoked)").optional(),
  source: choice(["uploaded", "tencent"], "uploaded, or from tencent").optional(),
  unbound: flag("Only those that no cloud resource uses").optional(),
  with_bindings: flag("Look up what uses each, as of bindings_as_of; takes up to 40 s").optional(),
  with_edges: flag("Look at what each shown domain serves; up to 20").optional(),
  served_on: list(domain("Domain"), "Other domains to look at", { max: 20 }).optional(),
  limit: integer("Rows, default 50", { min: 1, max: 100 }).optional(),
  offset: integer("Default 0", { min: 0 }).optional(),
});
type Params = z.output<typeof params>;

/** Rows of each list in one reply: a look at an edge takes its time, and rows with bindings are long. */
const rowsAtMost = { withEdges: 20, withBindings: 50 };

async function find(given: Params, context: ToolContext) {
  const { domain, served_on: servedOn = [], offset = 0 } = given;
  const withBindings = given.with_bindings || given.unbound;
  const limit = Math.min(
    given.limit ?? 50,
    withBindings ? rowsAtMost.withBindings : Number.POSITIVE_INFINITY,
    given.with_edges ? rowsAtMost.withEdges : Number.POSITIVE_INFINITY,
  );
  if (domain !== undefined && toAscii(domain) === "") throw unusable(`${quoted(domain, 100)} is not a domain name.`);
  // These concern stored certificates only.
  const isOfStore = given.status !== undefined || given.source !== undefined || given.unbound === true;
  const [{ certificates: atTencent, incomplete, failure }, stores, listed] = await Promise.all([
    inventory(context),
    listStores(context),
    isOfStore ? undefined : listDomains(context),
  ]);
  if (failure && !stores.certificates.length && !listed?.domains.length && servedOn.length === 0) throw failure;
  const certificates = [...atTencent, ...stores.certificates];
  const usedBy = usedByOf(listed?.domains);
  const wanted = await select(certificates, given);
  const chosen = given.unbound
    ? await unboundOf(wanted, context)
    : { certificates: wanted, known: new Map(), doubts: [] };
  const matching = chosen.certificates.length;
  const shown = chosen.certificates.slice(offset, offset + limit);
  const rows = withBindings
    ? await rowsWithBindings(shown, chosen.known, usedBy, context)
    : shown.map((certificate) => rowOf(certificate, usedBy));
  const shared = sharedIn(rows);
  const gaps = [...(incomplete ? [incomplete] : []), ...stores.unseen, ...(listed?.unseen ?? []), ...chosen.doubts];
  const domains = selectDomains(listed?.domains ?? [], given, context.now());
  const shownDomains = domains.slice(offset, offset + limit);
  const edges = given.with_edges ? await edgesOf(shownDomains, context) : [];
  return {
    // First, because a partial result must not be taken for the whole.
    ...(gaps.length > 0 && { incomplete: gaps }),
    counts: { ...countsOf(certificates), ...(listed && { domains_listed: listed.domains.length }) },
    matching,
    certificates: rows,
    ...(shared.length > 0 && { shared_resources: shared }),
    ...(listed && {
      matching_domains: domains.length,
      domains: shownDomains.map((each, index) => ({
        ...domainRow(each, certificates, context.now()),
        ...edges[index],
      })),
    }),
    ...(offset + limit < Math.max(matching, domains.length) && { next_offset: offset + limit }),
    ...(servedOn.length > 0 && { served_on: await lookAtServed(servedOn, context) }),
    not_visible: notVisibleServices(context.services),
  };
}

/** What Tencent Cloud lists; a failure is passed on with what else was found. */
async function inventory(context: ToolContext): Promise<Inventory & { readonly failure?: ToolError }> {
  if (!context.services.has(tencentSsl)) return { certificates: [] };
  try {
    return await listCertificates(context);
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    const incomplete = `No certificate could be listed: ${error.details.happened}`;
    return { certificates: [], incomplete, failure: error };
  }
}

/** What this inventory cannot show, one sentence each. */
function notVisibleServices(offered: ReadonlySet<Service>): string[] {
  const absent = services.filter((service) => !offered.has(service));
  const isOffered = (service: Service) => offered.has(service);
  return [
    ...(absent.length > 0
      ? [`Not set up here, so not looked at: ${absent.map(({ title }) => title).join(", ")}.`]
      : []),
    ...([alibabaCas, huaweiScm].some(isOffered)
      ? [
          "used_by names domains of the services listed here; other products of Alibaba Cloud and Huawei Cloud may use a certificate, too.",
        ]
      : []),
    ...(isOffered(alibabaCas) ? [`${alibabaCas.title}: no revoked certificates.`] : []),
    ...(isOffered(huaweiLive) ? [`${huaweiLive.title}: only the configured project and region.`] : []),
  ];
}

export const findCertificates = defineTool({
  name: "find_certificates",
  title: "Find certificates",
  service: jobs,
  summary:
    "Inventory of all clouds, earliest end first: stored certificates, and the domains of EdgeOne, CDN, VOD and Live with what each has now; what expires, is used where, or unused. Reads every page and says what it cannot see.",
  effect: "read",
  params,
  uses: [
    describeCertificates,
    createCertificateBindResourceSyncTask,
    describeCertificateBindResourceTaskResult,
    describeCertificateBindResourceTaskDetail,
    ...storeReads,
    ...domainReads,
  ],
  // Never null, so simpler than for the clouds' replies. All optional: clients validate failures against it, too.
  result: members({
    incomplete: z.array(z.string()).optional(),
    certificates: z.array(members({})).optional(),
    domains: z.array(members({})).optional(),
    next_offset: z.number().optional(),
    not_visible: z.array(z.string()).optional(),
  }),
  run: find,
});
