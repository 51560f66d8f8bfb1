import type { z } from "zod";
import { limits } from "../catalogue/limits.js";
import { countedNames, nameList } from "../catalogue/naming.js";
import type { Warning } from "../catalogue/operation.js";
import { domainList, identifier, struct, text } from "../catalogue/params.js";
import { isOfEdgeone } from "../catalogue/tencent-edgeone/listed-hosts.js";
import { caution, loss } from "../catalogue/warnings.js";
import type { Job, JobTarget } from "../jobs/job.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import { formatId, formatName, SafeText, safe } from "../lib/safe-text.js";
import { unusable } from "../lib/tool-error.js";
import { defineTool, type JobPlan, type ToolContext } from "../pipeline/tool.js";
import { waitSeconds } from "./deployment/arguments.js";
import { deploymentContextFor } from "./deployment/context.js";
import { deployerFor } from "./deployment/deployer-by-service.js";
import { appliedAtEdge, httpsOff } from "./deployment/edge-actions.js";
import { findTargets } from "./deployment/find-targets.js";
import { findPrevious, listedInStores, type PreviousSearch } from "./deployment/previous-certificate.js";
import { decide, domainStateWarnings, jobOf, type TargetPlan } from "./deployment/target-plan.js";
import { describeTarget, jobKey, noCertificate, targetsOf } from "./deployment/targets.js";
import { usedToTurnOff } from "./deployment/used-operations.js";
import { deploymentStages } from "./deployment/watch.js";

const services = ["tencent-edgeone", "alibaba-cdn", "alibaba-dcdn", "alibaba-vod", "huawei-live"] as const;

const params = struct({
  domains: domainList("Domains", { min: 1, max: limits.argument.targets }),
  // Not a choice: its values would stand in every tool list twice.
  service: text("If in several: its id").optional(),
  zone_id: identifier("EdgeOne zone, likewise").optional(),
  wait_seconds: waitSeconds(),
});
type Params = z.output<typeof params>;

/** @throws {ToolError} of kind input for a service that is none of these */
function serviceIn({ service }: Params) {
  const known = services.find((id) => id === service?.trim().toLowerCase());
  if (service === undefined || known !== undefined) return known;
  throw unusable(`service is one of ${services.join(", ")}.`);
}

/** What else a domain that no list shows may be. */
const unlistedAdvice =
  "HTTPS of a domain of Tencent Cloud CDN, a load balancer or another product beside EdgeOne is turned off in that product's console.";

/** Plans the job with reads only: where each domain is, what it has, and whether it can be put back. */
async function prepare(given: Params, context: ToolContext): Promise<JobPlan> {
  const { domains, zone_id: zoneId } = given;
  const service = serviceIn(given);
  const unreadRedirects: string[] = [];
  const place = { ...(service && { service }), ...(zoneId && { zone_id: zoneId }) };
  const found = await findTargets([{ domains, ...place }], context, {
    unreadRedirects,
    unlistedAdvice,
  });
  const targets = targetsOf(found, context).map(
    ({ jobTarget }): JobTarget => ({ ...jobTarget, expected: httpsOff.sha256 }),
  );
  const recorded = await context.journal.read();
  const key = jobKey("https off", httpsOff, targets);
  const earlier = new PreviousRuns(recorded, key, context.now());
  const deploymentContext = await deploymentContextFor(targets, undefined, earlier, context);
  const targetPlans: TargetPlan[] = [];
  for (const [index, target] of targets.entries()) {
    context.progress(safe`looking at ${index + 1} of ${targets.length}: ${describeTarget(target)}`);
    const off = deployerFor(target).off?.(httpsOffText, deploymentContext);
    if (off === undefined) throw new Error(`${target.name} has no HTTPS of its own`);
    targetPlans.push(await decide(target, httpsOff, deploymentContext, off));
  }
  const open = targetPlans.flatMap(({ target, step }) => (step === undefined ? [] : [target]));
  const back = await rollbackWarnings(open, recorded.jobs, context);
  return {
    question: safe`Turn HTTPS off for ${nameList(open.flatMap(({ domain }) => domain ?? []))}?`,
    warnings: [
      ...(open.length > 0 ? [redirectWarning] : []),
      ...unreadRedirects.map(redirectUnreadWarning),
      ...domainStateWarnings(found, targetPlans),
      ...targetPlans.flatMap(({ step, warnings = [] }) => (step === undefined ? [] : warnings)),
      ...back,
    ],
    about: { kind: "deployment", key, certificate: earlier.job?.certificate ?? noCertificate(context.now()) },
    ...jobOf(targetPlans, given, deploymentContext),
    verifyApplied: (target) => appliedAtEdge(target, httpsOff, context),
  };
}

/** No read shows such rules (docs/limits.md). */
const redirectWarning = caution(
  safe`A rule that redirects HTTP to HTTPS is not seen here: where one stays, visitors on HTTP lose the site, too.`,
);

const redirectUnreadWarning = (domain: string) =>
  loss(safe`${formatName(domain)}: whether HTTP is redirected could not be read, so roll_back would leave that off.`);

const httpsOffText = safe`none: visitors on HTTPS get a connection error; HTTP and everything else stay as they are`;

/** What roll_back could do afterwards, domain by domain. */
async function rollbackWarnings(
  targets: readonly JobTarget[],
  known: readonly Job[],
  context: ToolContext,
): Promise<Warning[]> {
  const possible: string[] = [];
  const warnings: Warning[] = [];
  const search = { given: undefined, replacement: httpsOff, jobs: known, listed: listedInStores(context), context };
  // One at a time: the clouds allow few calls per second.
  for (const target of targets) {
    const why = await whyNoRollback(target, search);
    if (why === undefined) possible.push(target.domain ?? "");
    else warnings.push(loss(safe`${describeTarget(target)}: roll_back cannot put back what it has now: ${why}.`));
  }
  if (possible.length > 0) {
    const domains = countedNames(safe`domain`, possible);
    warnings.push(caution(safe`To undo this, roll_back turns HTTPS back on for ${domains}.`));
  }
  return warnings;
}

async function whyNoRollback({ before, service }: JobTarget, search: PreviousSearch): Promise<SafeText | undefined> {
  const { certificateIds: ids = [], served = [] } = before ?? {};
  if (service === "tencent-edgeone") {
    const own = ids.find(isOfEdgeone);
    if (own !== undefined) return safe`${formatId(own)} is EdgeOne's own: ModifyHostsCertificate (eofreecert_manual)`;
    return ids.length > 0 ? undefined : safe`what it has is not known`;
  }
  const [leaf, ...more] = served;
  if (leaf === undefined) return safe`what it serves could not be seen`;
  if (more.length > 0) return safe`its addresses serve several certificates`;
  const previous = await findPrevious(leaf, service, search);
  return previous instanceof SafeText ? previous : undefined;
}

export const turnOffHttps = defineTool({
  name: "turn_off_https",
  title: "Turn HTTPS off",
  summary:
    "Turn HTTPS off for domains, found by name: one plan, one approval. roll_back can restore it where the plan says so.",
  params,
  uses: usedToTurnOff,
  prepare,
  ...deploymentStages,
});
