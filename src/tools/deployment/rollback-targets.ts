import type { Expectation } from "../../certificates/sent-chain.js";
import { type JobTarget, targetPlace } from "../../jobs/job.js";
import { memoize } from "../../lib/memoize.js";
import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { PolicyViolation, unlessFailed } from "../../lib/tool-error.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { describeExclusion } from "../cloud-reads.js";
import type { Rollback } from "./deployer.js";
import { deployerFor } from "./deployer-by-service.js";
import { findPrevious, type PreviousSearch } from "./previous-certificate.js";
import { decide, planTarget, type TargetPlan } from "./target-plan.js";
import { describeTarget } from "./targets.js";

/** How one target of a deployment is restored, or why it cannot be. */
type RollbackPlan = TargetPlan | { readonly cannot: SafeText };

/** One at a time, in the order of the deployment: the clouds allow few calls per second. */
export async function planRollbacks(
  changed: readonly JobTarget[],
  search: PreviousSearch,
  given: Omit<Rollback, "previousOf">,
) {
  const { context } = given.deploymentContext;
  const find: Rollback["previousOf"] = (leaf, service) => findPrevious(leaf, service, search);
  const previousOf = memoize(find, ({ sha256, chain }, service) => JSON.stringify([sha256, chain, service]));
  const targetPlans: TargetPlan[] = [];
  const cannotGoBack: SafeText[] = [];
  for (const target of changed) {
    context.progress(safe`looking how to roll back ${describeTarget(target)}`);
    const plan = await unlessFailed(planRollback(target, { ...given, previousOf }), (error) => ({
      cannot: verbatim(
        error instanceof PolicyViolation ? describeExclusion(error) : error.details.happened.replace(/\.$/, ""),
      ),
    }));
    if ("cannot" in plan) cannotGoBack.push(safe`${describeTarget(target)} cannot go back: ${plan.cannot}.`);
    else targetPlans.push(plan);
  }
  return { targetPlans, cannotGoBack };
}

/** @param target as the deployment left it */
async function planRollback(target: JobTarget, rollback: Rollback): Promise<RollbackPlan> {
  const { deploymentContext } = rollback;
  const way = await deployerFor(target).wayBack(target, rollback);
  if ("cannot" in way) return way;
  if ("actions" in way) {
    return decide(rollbackTarget(target, way.expected, way.putsBack), way.expected, deploymentContext, way.actions);
  }
  const { previous, beside } = way;
  const { certificateId: id = previous.facts.storedAs } = previous.facts;
  const words = describeServedCertificate(previous.facts);
  const putsBack = id === undefined ? String(words) : `certificate ${id}, ${words}`;
  return planTarget(
    { jobTarget: rollbackTarget(target, previous.facts, putsBack), beside },
    previous,
    deploymentContext,
  );
}

/** The target at the start of a rollback, with nothing done yet. */
function rollbackTarget(
  target: JobTarget,
  { sha256: expected, sha1, chain }: Expectation,
  putsBack: string,
): JobTarget {
  const redirect = target.before?.redirect ?? target.forceRedirect;
  return {
    ...targetPlace(target),
    ...(redirect !== undefined && { forceRedirect: redirect }),
    name: String(describeTarget(target)),
    expected,
    ...(sha1 !== undefined && { expectedSha1: sha1 }),
    putsBack,
    ...(chain && { chain }),
    state: "pending",
  };
}
