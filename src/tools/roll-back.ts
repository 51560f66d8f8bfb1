import type { z } from "zod";
import { certificate, identifier, privateKey, struct } from "../catalogue/params.js";
import { loss } from "../catalogue/warnings.js";
import type { Expectation } from "../certificates/sent-chain.js";
import { type Job, type JobTarget, targetPlace } from "../jobs/job.js";
import { isWorkedOn, type JournalContent } from "../jobs/journal.js";
import { PreviousRuns } from "../jobs/previous-runs.js";
import { changedTargets, stoppedUnproven } from "../jobs/requests.js";
import { standingRollbacksIn } from "../jobs/rolled-back.js";
import { refuseAbsence } from "../jobs/unreadable.js";
import { enumerated } from "../lib/lists.js";
import { memoize } from "../lib/memoize.js";
import { formatId, quoted, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { PolicyViolation, unlessFailed, unsent, unusable } from "../lib/tool-error.js";
import { defineTool, type JobPlan, type PlannedTarget, type ToolContext } from "../pipeline/tool.js";
import type { PutBackFacts } from "../standing-approvals/facts.js";
import { describeServedCertificate } from "../tls-check/descriptions.js";
import { describeExclusion } from "./cloud-reads.js";
import { onFailure, waitSeconds } from "./deployment/arguments.js";
import { deploymentContextFor } from "./deployment/context.js";
import type { Rollback } from "./deployment/deployer.js";
import { deployerFor } from "./deployment/deployer-by-service.js";
import { findPrevious, listedInStores, type PreviousSearch } from "./deployment/previous-certificate.js";
import { turnsOff } from "./deployment/report.js";
import { decide, jobOf, planTarget, type TargetPlan } from "./deployment/target-plan.js";
import { countTargets, describeJobCertificate, describeTarget, jobKey } from "./deployment/targets.js";
import { usedToRollBack } from "./deployment/used-operations.js";
import { deploymentStages } from "./deployment/watch.js";

const params = struct({
  job: identifier("Deployment; default the newest").optional(),
  certificate: certificate("Previous chain, where it is not found by itself").optional(),
  private_key: privateKey("Its key, reference").optional(),
  on_failure: onFailure(),
  wait_seconds: waitSeconds(),
});

/** Plans what can be rolled back and how, with reads only; what cannot is reported before anything is done. */
async function prepare(given: z.output<typeof params>, context: ToolContext): Promise<JobPlan> {
  const recorded = await context.journal.read();
  const deployment = await deploymentToRollBack(recorded, given.job, context);
  const known = recorded.jobs.includes(deployment) ? recorded.jobs : [...recorded.jobs, deployment];
  const changed = changedTargets(deployment);
  if (changed.length === 0) throw unusable(`Job ${deployment.id} changed nothing, so there is nothing to roll back.`);
  const key = jobKey(`rollback of ${deployment.id}`, deployment.certificate, changed);
  const earlier = new PreviousRuns(recorded, key, context.now());
  const { certificateId } = deployment.certificate;
  const deploymentContext = await deploymentContextFor(changed, certificateId, earlier, context);
  const { certificate, private_key: privateKey } = given;
  const search = {
    given: certificate && privateKey ? { certificate, privateKey } : undefined,
    replacement: deployment.certificate,
    jobs: known,
    listed: listedInStores(context),
    context,
  };
  const { targetPlans, cannotGoBack } = await planRollbacks(changed, search, { deployment, deploymentContext });
  if (targetPlans.length === 0) {
    throw unsent(
      "input",
      `Nothing in ${turnsOff(deployment) ? "job" : "deployment"} ${deployment.id} can be rolled back. ${cannotGoBack.join(" ")}`,
      "Where a reason says what to do, do it and call again; otherwise deploy the certificate that is wanted there (deploy_certificate), or turn_off_https.",
    );
  }
  return {
    question: questionOf(deployment, countTargets(targetPlans.length, changed.length)),
    warnings: [
      ...targetPlans.flatMap(({ step, warnings }) => (step === undefined ? [] : (warnings ?? []))),
      ...cannotGoBack.map(loss),
    ],
    about: { kind: "rollback", of: deployment.id, key, certificate: deployment.certificate },
    ...jobOf(withoutWaitingFor(deployment, targetPlans), given, deploymentContext),
    readFacts: async () => putBackFacts(deployment, targetPlans, earlier),
    ...(cannotGoBack.length > 0 && { remarks: { cannot_go_back: cannotGoBack.map(String) } }),
    ...(targetPlans.every(({ step }) => step === undefined) && { next: whatIsBefore(deployment, recorded.jobs) }),
  };
}

/** One at a time, in the order of the deployment: the clouds allow few calls per second. */
async function planRollbacks(
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

/**
 * How one target of a deployment is restored, or why it cannot be.
 * @param target as the deployment left it
 */
async function planRollback(target: JobTarget, rollback: Rollback) {
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

/** For whoever means to go back one deployment more; undefined if none put this one back. */
function whatIsBefore({ id, startedAt }: Job, jobs: readonly Job[]): string | undefined {
  const rollbacks = standingRollbacksIn(jobs);
  const by = rollbacks.find(({ undone }) => undone.id === id)?.rollback;
  if (by === undefined) return undefined;
  const isBack = (job: Job) => rollbacks.some(({ undone }) => undone.id === job.id);
  const before = jobs.find(
    (job) => job.kind === "deployment" && job.startedAt < startedAt && !isBack(job) && changedTargets(job).length > 0,
  );
  const further =
    before === undefined
      ? "The journal has no deployment before it that is not put back."
      : `The deployment before it is ${before.id} (${before.startedAt.slice(0, 16)}Z, ${enumerated(
          before.targets.map(({ name }) => name),
          3,
        )}): to put that back, too, give job ${before.id}.`;
  return `Job ${id} was already put back by job ${by.id}. ${further}`;
}

/** Where the proof of a deployment failed, it is not better to wait for the rest of its rollout, so nobody is told to. */
function withoutWaitingFor({ id, stopped }: Job, targetPlans: readonly TargetPlan[]): readonly TargetPlan[] {
  if (stopped === undefined) return targetPlans;
  return targetPlans.map(({ overtakes, ...plan }) => ({
    ...plan,
    ...(overtakes && overtakes.job.id !== id && { overtakes }),
  }));
}

/** What a standing approval needs to know to let it through. */
function putBackFacts(
  deployment: Job,
  planned: readonly PlannedTarget[],
  earlier: Pick<PreviousRuns, "lastSent">,
): PutBackFacts {
  const { id, plans = [], targets } = deployment;
  const open = planned.flatMap(({ target, step }) => (step === undefined ? [] : [target]));
  // What was deployed there later is another deployment, whose proof this job knows nothing of.
  const isLast = open.every((target) => {
    const last = earlier.lastSent(target.id)?.job;
    return (last?.of ?? last?.id) === id;
  });
  return {
    kind: "put back",
    plans,
    proofFailed: isLast && (stoppedUnproven(deployment) || targets.some(({ state }) => state === "incomplete chain")),
    // Everything that uses a certificate has no name of its own here, and so is no domain of any standing approval.
    domains: open.map(({ domain = "" }) => domain),
  };
}

function questionOf(deployment: Job, targets: SafeText): SafeText {
  const id = formatId(deployment.id);
  if (turnsOff(deployment)) return safe`Turn HTTPS on again on ${targets}, as before job ${id}?`;
  return safe`Roll back deployment ${id} of ${describeJobCertificate(deployment.certificate)} on ${targets}?`;
}

async function deploymentToRollBack(
  { jobs: known, unreadable }: JournalContent,
  id: string | undefined,
  { journal }: ToolContext,
): Promise<Job> {
  if (id === undefined) refuseAbsence(unreadable, "Which deployment is the newest");
  const listed = known.find((job) => (id === undefined ? job.kind === "deployment" : job.id === id));
  const found = listed ?? (id === undefined ? undefined : await journal.find(id));
  if (found === undefined)
    throw unusable(
      id === undefined
        ? "There is no deployment in the journal of this account and endpoint."
        : `This account and endpoint have no job ${quoted(id, 100)}.`,
      "list_jobs shows the jobs with their ids.",
    );
  if (found.kind === "rollback") {
    throw unusable(
      `Job ${found.id} is itself a rollback.`,
      "To undo it, deploy the certificate again (deploy_certificate).",
    );
  }
  if (found.kind === "deletion") {
    throw unusable(
      `Job ${found.id} deleted certificates, which cannot be undone.`,
      "Look at list_jobs for deployments.",
    );
  }
  if (!isWorkedOn(found)) return found;
  throw unusable(
    `Job ${found.id} is being worked on.`,
    "Wait until it has ended (wait_for deployment), then call again.",
  );
}

export const rollBack = defineTool({
  name: "roll_back",
  title: "Undo a deployment",
  summary:
    "Put back all that a deployment (list_jobs) replaced: one approval; for a part, deploy the certificate in before. Anything that cannot be restored is listed before approval.",
  params,
  uses: usedToRollBack,
  prepare,
  ...deploymentStages,
});
