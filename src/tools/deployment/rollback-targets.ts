import { planned } from "../../catalogue/planned-change.js";
import { isOfEdgeone } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { deploymentSubject } from "../../catalogue/tencent-ssl/params.js";
import { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import { type Beside, isSeen, type Job, type JobTarget, targetPlace } from "../../jobs/job.js";
import type { PreviousTarget } from "../../jobs/previous-runs.js";
import { keepsCertificate } from "../../jobs/requests.js";
import { memoize } from "../../lib/memoize.js";
import { formatId, joined, SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { PolicyViolation, unlessFailed } from "../../lib/tool-error.js";
import type { Step } from "../../pipeline/tool.js";
import { describeServedCertificate } from "../../tls-check/descriptions.js";
import { describeExclusion } from "../read-with-retry.js";
import { readUpdateRecord } from "../wait-for/update-record.js";
import type { CloudCertificate, DeploymentContext } from "./deployer.js";
import { type DesiredCertificate, desiredById } from "./desired-certificate.js";
import { besideOf } from "./edgeone-host-certificates.js";
import { httpsOff, offStep } from "./https-off.js";
import { appliedAtEdge, observeOrSetting } from "./observed-state.js";
import { recordOf } from "./one-click.js";
import { findPrevious, type Leaf, type PreviousSearch } from "./previous-certificate.js";
import { decide, planTarget, type TargetActions, type TargetPlan } from "./target-plan.js";
import { describeTarget } from "./targets.js";

/** How one target of a deployment is restored, or why it cannot be. */
type RollbackPlan = TargetPlan | { readonly cannot: SafeText };

interface RollbackContext extends RollbackOptions {
  /** Looks for the certificate of a leaf, once for all targets. */
  previousOf(leaf: Leaf, service: JobTarget["service"]): ReturnType<typeof findPrevious>;
}

interface RollbackOptions {
  /** The deployment to roll back. */
  readonly deployment: Job;
  readonly deploymentContext: DeploymentContext;
  readonly search: PreviousSearch;
}

/** One at a time, in the order of the deployment: the clouds allow few calls per second. */
export async function planRollbacks(changed: readonly JobTarget[], options: RollbackOptions) {
  const { context } = options.deploymentContext;
  const find: RollbackContext["previousOf"] = (leaf, service) => findPrevious(leaf, service, options.search);
  const previousOf = memoize(find, ({ sha256, chain }, service) => JSON.stringify([sha256, chain, service]));
  const targetPlans: TargetPlan[] = [];
  const cannotGoBack: SafeText[] = [];
  for (const target of changed) {
    context.progress(safe`looking how to roll back ${describeTarget(target)}`);
    const plan = await unlessFailed(planRollback(target, { ...options, previousOf }), (error) => ({
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
function planRollback(target: JobTarget, deps: RollbackContext): Promise<RollbackPlan> {
  switch (target.service) {
    case "tencent-ssl":
      return rollBackByRecord(target, deps);
    case "tencent-edgeone":
      return rollBackEdgeoneHost(target, deps);
    case "alibaba-cdn":
    case "alibaba-dcdn":
    case "alibaba-vod":
    case "huawei-live":
      return rollBackToServed(target, deps);
  }
}

/** Tencent Cloud rolls an update back by its record, once the record has finished (docs/cloud-behaviour.md 3.5). */
async function rollBackByRecord(target: JobTarget, options: RollbackOptions): Promise<RollbackPlan> {
  const { deploymentContext, deployment } = options;
  const { context, earlier } = deploymentContext;
  const { recordId, oldCertificateId = "" } = target;
  if (recordId === undefined) return { cannot: safe`no deployment record is known` };
  const { finished, items, says } = await readUpdateRecord(recordId, context);
  if (!finished) return { cannot: safe`record ${recordId} is still running (${verbatim(says)}): wait_for it first` };
  if (!items.some(({ Status }) => Status === itemStatus.deployed)) {
    return { cannot: safe`record ${recordId} contains nothing to undo (${verbatim(says)})` };
  }
  const { facts } = await desiredById(oldCertificateId, context);
  const at = rollbackTarget(target, facts, `certificate ${oldCertificateId}`);
  const verifyApplied = async () => {
    const { certificateId } = deployment.certificate;
    // That a rollback is listed as a record with the two certificates swapped is inferred (docs/cloud-behaviour.md
    // 3.5).
    const found = certificateId && (await recordOf(certificateId, oldCertificateId, context, earlier.job?.startedAt));
    return found ? { recordId: found } : undefined;
  };
  const step: Step = {
    name: target.name,
    operation: updateCertificateRecordRollback,
    params: { DeployRecordId: recordId },
    changes: [
      planned(
        deploymentSubject(recordId),
        "deployment",
        safe`certificate ${formatId(oldCertificateId)} is served again`,
        { items: "put back" },
      ),
    ],
  };
  return decide(at, facts, deploymentContext, {
    // Only another record can deploy it again after a rollback, and the journal or the cloud would know that record.
    observe: async () => ({
      hasDesired: isDone(earlier.lastRunOf(at.id, facts)),
      showsRequestsInProgress: true,
      before: { certificateIds: [deployment.certificate.certificateId].flatMap((id) => id ?? []) },
    }),
    verifyApplied,
    step: () => step,
  });
}

const isDone = (known: PreviousTarget | undefined) =>
  known !== undefined && (isSeen(known.target) || known.target.state === "accepted");

/** EdgeOne gets the ids that the host had before. */
async function rollBackEdgeoneHost(target: JobTarget, options: RollbackOptions): Promise<RollbackPlan> {
  const { certificateIds: ids = [], served = [], none } = target.before ?? {};
  if (none) {
    const observe = async () => {
      const { certificates } = await options.deploymentContext.listedCertificates(target);
      return { hasDesired: certificates?.length === 0, seenCertificates: certificates?.map(({ id }) => id) };
    };
    return turnOffAgain(target, observe, options);
  }
  const named = joined(ids.map(formatId));
  if (ids.length === 0) return { cannot: safe`what it had before is not known` };
  const [unstored] = served;
  if (unstored !== undefined) {
    return {
      cannot: safe`beside ${named} its edge served ${describeServedCertificate(unstored)}, which Tencent Cloud SSL does not have; ModifyHostsCertificate sets ${named} alone`,
    };
  }
  if (ids.some(isOfEdgeone)) {
    return {
      cannot: safe`it had a free certificate of EdgeOne's own: set it by ModifyHostsCertificate, Mode eofreecert_manual`,
    };
  }
  const all: CloudCertificate[] = [];
  for (const id of ids) all.push(await options.deploymentContext.storedCertificate(id));
  // What the deployment kept is still there; what it replaced shows whether the rollback is complete.
  const replaced = ids.find((id) => !keepsCertificate(target, id)) ?? ids[0] ?? "";
  const [missing] = all.filter(({ issued, unread, id }) => !issued && !unread && id !== replaced);
  if (missing !== undefined)
    return { cannot: safe`certificate ${formatId(missing.id)}, which it had, ${missing.status}` };
  const beside = besideOf(all.filter(({ id }) => id !== replaced));
  return deployPrevious(target, await desiredById(replaced, options.deploymentContext.context), options, beside);
}

/** Alibaba and Huawei targets get back what their edge served. */
async function rollBackToServed(target: JobTarget, deps: RollbackContext): Promise<RollbackPlan> {
  const { served = [], none } = target.before ?? {};
  if (none) return turnOffAgain(target, (at) => observeOrSetting(at, httpsOff, deps.deploymentContext.context), deps);
  const [leaf, ...more] = served;
  if (leaf === undefined) return { cannot: safe`what it served before could not be seen` };
  if (more.length > 0) return { cannot: safe`its addresses served several certificates before` };
  const desired = await deps.previousOf(leaf, target.service);
  if (desired instanceof SafeText) return { cannot: desired };
  const { chain, ...facts } = desired.facts;
  // If only the chain changed, what is served now would pass as the previous state.
  const exact = isSameLeaf(facts, deps.deployment.certificate) && chain && { ...chain, exact: true };
  return deployPrevious(target, exact ? { ...desired, facts: { ...facts, chain: exact } } : desired, deps);
}

/** A rollback deploys what was there before. */
async function deployPrevious(
  target: JobTarget,
  desired: DesiredCertificate,
  { deploymentContext }: RollbackOptions,
  beside?: readonly Beside[],
): Promise<RollbackPlan> {
  const { certificateId: id = desired.facts.storedAs } = desired.facts;
  const words = describeServedCertificate(desired.facts);
  const putsBack = id === undefined ? String(words) : `certificate ${id}, ${words}`;
  return planTarget({ jobTarget: rollbackTarget(target, desired.facts, putsBack), beside }, desired, deploymentContext);
}

/** Turns HTTPS off again. */
async function turnOffAgain(
  target: JobTarget,
  observe: TargetActions["observe"],
  { deploymentContext }: RollbackOptions,
): Promise<RollbackPlan> {
  const then = target.service === "tencent-edgeone" ? safe`none: HTTPS off, as before` : safe`no HTTPS, as before`;
  const step = offStep(target, then, deploymentContext);
  if (step === undefined) return { cannot: safe`it had no HTTPS before, and no operation offered here turns it off` };
  return decide(rollbackTarget(target, httpsOff, "no HTTPS"), httpsOff, deploymentContext, {
    observe,
    verifyApplied: (at) => appliedAtEdge(at, httpsOff, deploymentContext.context),
    step: () => step,
  });
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
