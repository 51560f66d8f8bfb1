import { z } from "zod";
import { choice, domain, flag, integer, list, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import { alibabaCdn, alibabaVod, huaweiLive, type Service, tencentEdgeone, tencentSsl } from "../catalogue/services.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { describeCertificateBindResourceTaskDetail } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { toAscii } from "../certificates/domain-names.js";
import { quoted } from "../lib/escape-text.js";
import { ToolError } from "../lib/tool-error.js";
import { defineTool, jobs, type ToolContext } from "../pipeline/tool.js";
import { type Inventory, listCertificates, statusGroups } from "./inventory/certificates.js";
import { select } from "./inventory/filter.js";
import { countsOf, rowOf, rowsWithBindings, sharedIn, unboundOf } from "./inventory/rows.js";
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
  served_on: list(domain("Domain"), "Domains whose edge is looked at", { max: 20 }).optional(),
  limit: integer("Rows, default 50", { min: 1, max: 100 }).optional(),
  offset: integer("Default 0", { min: 0 }).optional(),
});
type Params = z.output<typeof params>;

/** Rows with bindings are long; this many fit into a reply. */
const rowsWithBindingsAtMost = 50;

async function find(given: Params, context: ToolContext) {
  const { domain, served_on: domains = [], offset = 0 } = given;
  const withBindings = given.with_bindings || given.unbound;
  const limit = Math.min(given.limit ?? 50, withBindings ? rowsWithBindingsAtMost : Number.POSITIVE_INFINITY);
  if (domain !== undefined && toAscii(domain) === "") throw unusable(`${quoted(domain, 100)} is not a domain name.`);
  const { certificates, incomplete } = await inventory(domains.length > 0, context);
  const wanted = await select(certificates, given);
  const chosen = given.unbound
    ? await unboundOf(wanted, context)
    : { certificates: wanted, known: new Map(), doubts: [] };
  const matching = chosen.certificates.length;
  const shown = chosen.certificates.slice(offset, offset + limit);
  const rows = withBindings
    ? await rowsWithBindings(shown, chosen.known, context)
    : shown.map((certificate) => rowOf(certificate));
  const shared = sharedIn(rows);
  const gaps = [...(incomplete ? [incomplete] : []), ...chosen.doubts];
  return {
    // First, because a partial result must not be taken for the whole.
    ...(gaps.length > 0 && { incomplete: gaps }),
    counts: countsOf(certificates),
    matching,
    certificates: rows,
    ...(shared.length > 0 && { shared_resources: shared }),
    ...(offset + limit < matching && { next_offset: offset + limit }),
    ...(domains.length > 0 && { served_on: await lookAtServed(domains, context) }),
    not_visible: notVisibleServices(context.services),
  };
}

/** What Tencent Cloud lists. If there is something else to look at, a failure here is not fatal. */
async function inventory(optional: boolean, context: ToolContext): Promise<Inventory> {
  if (!context.services.has(tencentSsl)) return { certificates: [] };
  try {
    return await listCertificates(context);
  } catch (error) {
    if (!optional || !(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    return { certificates: [], incomplete: `No certificate could be listed: ${error.details.happened}` };
  }
}

/** What an inventory from the documented operations cannot show, one sentence each. */
function notVisibleServices(services: ReadonlySet<Service>): string[] {
  const silent = [alibabaCdn, alibabaVod, huaweiLive].filter((service) => services.has(service));
  return [
    ...(services.has(tencentSsl) ? [] : [`${tencentSsl.title} is not set up here, so no certificate is listed.`]),
    // Inferred (docs/cloud-behaviour.md 4.1): such certificates never enter the SSL service.
    ...(services.has(tencentEdgeone) ? ["Free certificates that EdgeOne obtained by itself are not listed."] : []),
    ...(silent.length > 0
      ? [
          `${silent.map(({ title }) => title).join(", ")}: no operation offered here lists what is set there; name domains in served_on to see what they serve.`,
        ]
      : []),
  ];
}

export const findCertificates = defineTool({
  name: "find_certificates",
  title: "Find certificates",
  service: jobs,
  summary:
    "Inventory, earliest end first: what expires, is used where, or unused; what domains serve now. Reads every page and says what it cannot see.",
  effect: "read",
  params,
  uses: [
    describeCertificates,
    createCertificateBindResourceSyncTask,
    describeCertificateBindResourceTaskResult,
    describeCertificateBindResourceTaskDetail,
  ],
  // Never null, so simpler than for the clouds' replies. All optional: clients validate failures against it, too.
  result: members({
    incomplete: z.array(z.string()).optional(),
    certificates: z.array(members({})).optional(),
    next_offset: z.number().optional(),
    not_visible: z.array(z.string()).optional(),
  }),
  run: find,
});
