import type { z } from "zod";
import { MAX_PLAN_TEXT_LENGTH } from "../catalogue/naming.js";
import { choice, directory, domainList, flag, identifier, integer, list, struct, text } from "../catalogue/params.js";
import { newSubject, planned } from "../catalogue/planned-change.js";
import { members, string } from "../catalogue/results.js";
import { services as allServices, type Service, tencentSsl } from "../catalogue/services.js";
import { loss } from "../catalogue/warnings.js";
import { targetServices } from "../jobs/job.js";
import { dayMs } from "../lib/days.js";
import { languages, localTimeZone } from "../lib/language.js";
import { dayFor } from "../lib/moment.js";
import { programCommand } from "../lib/program-command.js";
import { brief, escapeInvisible, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { unsent, unusable } from "../lib/tool-error.js";
import { defineTool, type ToolContext, thisComputerService } from "../pipeline/tool.js";
import { operationsCovered } from "../standing-approvals/covered-operations.js";
import { grants, MAX_DAYS, type StandingTerms, standingTerms, termRows } from "../standing-approvals/terms.js";

const params = struct({
  domains: domainList("At most these on the certificate; *.example.com: also each name one level below", { min: 1 }),
  services: list(choice(targetServices, "Service"), "Services it applies to", { min: 1 }),
  zones: list(identifier("Zone id"), "EdgeOne: only these", { min: 1 }).optional(),
  directories: list(directory("Directory"), "Certificate files below these", { min: 1 }).optional(),
  from_store: flag("Also what Tencent Cloud SSL stores").optional(),
  issuers: list(text("Organization"), "Only issued by these", { min: 1 }).optional(),
  least_gain_days: integer("Minimum days by which the new certificate must outlast the old", { min: 1, max: 3_650 }),
  replace_within_days: integer("Only replace certificates expiring within this many days", {
    min: 1,
    max: 3_650,
  }).optional(),
  uses_a_day: integer("Deployments a day", { min: 1, max: 1_000 }),
  uses: integer("Total deployments allowed", { min: 1, max: 10_000 }),
  first_day: text("YYYY-MM-DD; default today").optional(),
  last_day: text("YYYY-MM-DD"),
  grants: list(choice(grants, "Grant"), "Additional permissions").optional(),
});
type Params = z.output<typeof params>;

/** The terms as far as the arguments say them; the rest is filled in when they are approved. */
function proposed(
  { from_store: fromStore = false, first_day: first, grants: granted = [], ...given }: Params,
  { today, ...known }: Pick<StandingTerms, "id" | "accounts" | "endpoints"> & { readonly today: string },
): StandingTerms {
  return {
    ...given,
    ...known,
    services: [...new Set(given.services)],
    from_store: fromStore,
    first_day: first ?? today,
    time_zone: localTimeZone(),
    grants: grants.filter((grant) => granted.includes(grant)),
  };
}

/** Who signs. A key is taken from, and a free certificate applied for at, Tencent Cloud, wherever it is deployed. */
function servicesOf({ services, grants: granted = [] }: Pick<Params, "services" | "grants">): readonly Service[] {
  const atTencent = granted.includes("key_to_other_cloud") || granted.includes("apply_free_certificate");
  return allServices.filter(
    ({ id }) => services.some((service) => service === id) || (atTencent && id === tencentSsl.id),
  );
}

const subject = newSubject(safe`Standing approval`);

/** The access keys stand at the head of every plan. */
function rowsOf(terms: StandingTerms): readonly SafeText[] {
  return termRows({ ...terms, accounts: [] }).map(([name, says]) => safe`${name}: ${says}`);
}

const changesFor = (terms: StandingTerms) => rowsOf(terms).map((row) => planned(subject, "bounds", row));

const lengthsOf = (row: SafeText) => languages.map((language) => escapeInvisible(row.for({ language })).length);

export const proposeStandingApproval = defineTool({
  name: "propose_standing_approval",
  title: "Propose a standing approval",
  service: thisComputerService,
  summary:
    "Ask the person, on this server's page or terminal, to approve renewals in advance: within these bounds deploy_certificate then asks nobody.",
  effect: "traffic",
  outOfBand: true,
  params,
  result: members({ standing_approval: string(), says: string() }),
  signsFor: servicesOf,
  letsThrough: ({ services, grants: granted = [] }) => operationsCovered({ services, grants: granted }),
  approvalQuestion: ({ domains, uses, last_day: last }) => {
    const [first = "", ...more] = domains;
    const names = more.length === 0 ? brief(first) : safe`${brief(first)} and ${more.length} more`;
    return safe`Let certificates for ${names} be deployed without asking, ${uses} times at most, until ${brief(last, 12)}?`;
  },
  confirmationText: ({ domains: [first = ""] }) => verbatim(first),
  warnings: () => [loss(safe`From then on nobody is asked within these bounds. Read each of them.`)],
  plannedChanges: (given) => changesFor(proposed(given, { id: "", accounts: [], endpoints: [], today: "today" })),
  check: async (given, context) => {
    const terms = await termsIn(given, "sa-00000000", context);
    const long = rowsOf(terms).find((row) => lengthsOf(row).some((length) => length > MAX_PLAN_TEXT_LENGTH));
    if (long !== undefined) {
      throw unusable("A person could not be shown a directory, an issuer or a zone in full.", "Give shorter ones.");
    }
    // The day on which it is approved may be another one: what was shown is what is given.
    return { params: { ...given, first_day: terms.first_day }, changes: changesFor(terms) };
  },
  run: async (given, context) => {
    const { planId, standingApprovals } = context;
    if (planId === undefined) throw new Error("a standing approval without a plan that was approved");
    const terms = await termsIn(given, `sa-${planId}`, context);
    await standingApprovals.give(terms, planId);
    return {
      standing_approval: terms.id,
      says: `Given. Within its bounds deploy_certificate asks nobody; plan_renewals says which renewals it covers, and why not others; list_standing_approvals shows it, and ${programCommand("approvals revoke")} ends it.`,
    };
  },
});

/** @throws {ToolError} of kind input for bounds that mean nothing, or more than the operator allows */
async function termsIn(given: Params, id: string, context: ToolContext): Promise<StandingTerms> {
  const today = dayFor(context.now(), { timeZone: localTimeZone() });
  const accounts = [...new Set(Object.values(context.signers))];
  const directories = await Promise.all((given.directories ?? []).map((path) => realDirectory(path, context)));
  const terms = proposed(given, { id, accounts, endpoints: endpointsFor(given, context), today });
  const parsed = standingTerms.safeParse({ ...terms, ...(directories.length > 0 && { directories }) });
  if (!parsed.success) throw unusable(`The terms are invalid: ${parsed.error.issues[0]?.message ?? ""}.`);
  const { first_day: first, last_day: last } = parsed.data;
  for (const day of [first, last]) {
    if (!isDate(day)) throw unusable(`${day} is not a valid date.`);
  }
  if (last < first || last < today) throw unusable("last_day is before its first day or has passed.");
  if (Date.parse(last) - Date.parse(today) > MAX_DAYS * dayMs) {
    throw unusable(`last_day is more than ${MAX_DAYS} days from today.`, "Give an earlier one.");
  }
  if (directories.length === 0 && !terms.from_store) {
    throw unusable("Give directories, from_store or both: a certificate has to come from somewhere.");
  }
  return parsed.data;
}

/**
 * Where all that it lets through would be sent: a certificate may have to be stored at Tencent Cloud first.
 * @throws {ToolError} of kind configuration if that is unknown for one of the services: no call there would be covered
 */
function endpointsFor(
  { services, grants: granted = [] }: Params,
  { standingApprovals }: ToolContext,
): StandingTerms["endpoints"] {
  const called = new Set(operationsCovered({ services, grants: granted }).map(({ service }) => service.id));
  return targetServices
    .filter((service) => called.has(service))
    .map((service) => {
      const endpoint = standingApprovals.endpointOf(service);
      if (endpoint !== undefined) return { service, endpoint };
      throw unsent(
        "configuration",
        `Where this server's calls to ${service} go is not known, so no standing approval would cover them.`,
        `Propose it without what needs ${service}, or ask the operator to look at the server's settings.`,
      );
    });
}

/** Parsing alone takes the 30th of February for a day in March. */
function isDate(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

/** The person reads the path as it was given: through a link or from elsewhere it would mean other files than it says. */
async function realDirectory(path: string, { directories }: ToolContext): Promise<string> {
  const real = await directories.find(path);
  if (real !== path) throw unusable(`The directory ${path} is at ${real}.`, "Give it by that path.");
  return real;
}
