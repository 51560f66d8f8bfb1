import { z } from "zod";
import { integer, struct, text } from "../catalogue/params.js";
import { members } from "../catalogue/results.js";
import { tencentSsl } from "../catalogue/services.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { dayMs } from "../lib/days.js";
import { present } from "../lib/lists.js";
import { defineTool, jobsService, type ToolContext } from "../pipeline/tool.js";
import { coverageOf } from "../standing-approvals/coverage.js";
import { decodeCursor, encodeCursor, pageAfter } from "./inventory/cursor.js";
import { selectDomains } from "./inventory/domain-rows.js";
import { domainReads } from "./inventory/domains.js";
import { notSetUp, readInventory } from "./inventory/inventory.js";
import { type CoveredBy, positionOfRenewal, renewalRow, renewalsOf, yearUnderEachRule } from "./inventory/renewals.js";
import { storeReads } from "./inventory/stores.js";

const defaultDays = 90;

const params = struct({
  within_days: integer(`Horizon, default ${defaultDays}`, { min: 0 }).optional(),
  domain: text("As in find_certificates").optional(),
  limit: integer("Rows, default 50", { min: 1, max: 100 }).optional(),
  cursor: text("next_cursor").optional(),
});

/** By domain, service, zone, endpoint, names and day; a certificate that is not there yet cannot be judged. */
async function coveredBy({ standingApprovals }: ToolContext): Promise<CoveredBy> {
  const covers = coverageOf(await standingApprovals.list());
  return (listed, names, due) => {
    const domains = listed.map(({ domain, service, within }) => {
      const zone = within && "zone_id" in within ? within.zone_id : undefined;
      return { domain, service: service.id, zone, endpoint: standingApprovals.endpointOf(service.id) };
    });
    return covers({ domains, names }, new Date(due));
  };
}

async function plan(given: z.output<typeof params>, context: ToolContext, size = given.limit ?? 50) {
  const { within_days: days = defaultDays, domain, cursor } = given;
  const shown = cursor === undefined ? undefined : decodeCursor(cursor).domains;
  const now = context.now();
  const { certificates: stored, unseen, doubts, domains, listedAt } = await readInventory(context, { fresh: false });
  const gaps = [...unseen, ...doubts];
  const wanted = selectDomains(domains?.domains ?? [], { domain }, now, stored);
  const renewals = renewalsOf(wanted, stored, await coveredBy(context));
  const due = renewals.filter((each) => each.due <= now.getTime() + days * dayMs);
  const { page, more, last } = pageAfter(due, positionOfRenewal, shown, size);
  return {
    ...(gaps.length > 0 && { incomplete: gaps }),
    as_of: now.toISOString(),
    time_zone: "UTC",
    ...(listedAt && { listed_at: listedAt }),
    rules: yearUnderEachRule(renewals),
    in_use: renewals.length,
    due_within_days: days,
    matching: due.length,
    renewals: page.map((each) => renewalRow(each, now)),
    ...(more && { next_cursor: encodeCursor({ domains: last }) }),
    not_visible: present([
      ...notSetUp(context.services).map(String),
      context.services.has(tencentSsl) &&
        "What else uses a certificate at Tencent Cloud: find_certificates with_bindings looks it up.",
    ]),
  };
}

/** The whole plan in one reply: for a page that a person reads. */
export const planAll = (context: ToolContext) => plan({}, context, Number.POSITIVE_INFINITY);

export const planRenewals = defineTool({
  name: "plan_renewals",
  title: "Plan renewals",
  service: jobsService,
  summary:
    "When to renew each certificate in use (a third of its lifetime left), and how many renewals, domain validations and questions a year follow from the longest lifetimes: 200 days, 100 from March 2027, 47 from March 2029, and 6.",
  effect: "read",
  params,
  uses: [describeCertificates, ...storeReads, ...domainReads],
  result: members({
    rules: z.array(members({})).optional(),
    renewals: z.array(members({})).optional(),
    next_cursor: z.string().optional(),
  }),
  run: (given, context) => plan(given, context),
});
