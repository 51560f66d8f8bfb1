import type { Warning } from "../../catalogue/operation.js";
import { noHttps } from "../../catalogue/serving.js";
import { caution } from "../../catalogue/warnings.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import type { Expectation } from "../../certificates/sent-chain.js";
import { accepted, isSeen, type JobTarget, type PreviousState } from "../../jobs/job.js";
import type { ExpectedState, PreviousRuns, PreviousTarget } from "../../jobs/previous-runs.js";
import {
  certificateIdsSet,
  isRecent,
  jobLabel,
  keepsCertificate,
  ownCertificateId,
  recordedLeaf,
  type SentRequest,
  timeOf,
} from "../../jobs/requests.js";
import { describeRollout, rolloutOf, senderOf, stillRollingOut } from "../../jobs/rollout.js";
import { groupedBy } from "../../lib/lists.js";
import { inQuotes, type SafeText, safe } from "../../lib/safe-text.js";
import type { JobPlan, PlannedTarget } from "../../pipeline/tool.js";
import { missingIntermediateText } from "../../tls-check/descriptions.js";
import type { JobOptions } from "./arguments.js";
import type { DeploymentContext, ObservedState, TargetActions } from "./deployer.js";
import { deployerFor } from "./deployer-by-service.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import type { LocatedTarget } from "./find-targets.js";
import { seenAtEdge } from "./seen-at-edge.js";
import { type DesiredTarget, describeTarget, hostOfTarget, nameTargets } from "./targets.js";

/** What a job will do about one target: a step, or nothing. */
export interface TargetPlan extends PlannedTarget {
  /** What a person should know before the step is sent. */
  readonly warnings?: readonly Warning[];
  /** What to know about the target now, in a sentence. */
  readonly says?: SafeText | undefined;
  /** What the step cannot change and leaves as it is, as a sentence. */
  readonly left?: SafeText | undefined;
  /** A request still on its way there that the step replaces. */
  readonly overtakes?: SentRequest;
}

/** Looks at a target and decides how to make it serve the certificate. */
export async function planTarget(
  desiredTarget: DesiredTarget,
  desired: DesiredCertificate,
  deploymentContext: DeploymentContext,
): Promise<TargetPlan> {
  const deployer = deployerFor(desiredTarget.jobTarget);
  const targetPlan = await decide(desiredTarget.jobTarget, desired.facts, deploymentContext, {
    certificateId: desired.facts.certificateId,
    incomplete: desired.incomplete,
    beside: desiredTarget.beside,
    ...deployer.serve(desiredTarget, desired, deploymentContext),
  });
  const { step } = targetPlan;
  const { fetch } = desired;
  if (step === undefined || fetch === undefined || deployer.takesId) return targetPlan;
  return { ...targetPlan, step: { ...step, pendingValues: [fetch.key] }, supply: fetch };
}

/**
 * The one place that decides whether there is something to do. What the cloud accepted counts as much as what is seen:
 * a target has a certificate only if it is also the newest one accepted for it. Earlier runs come first: a request with
 * unknown outcome is looked for before it is sent again, and one that was accepted recently gets its time.
 * @param desired what it should serve, or "none" for no HTTPS
 */
export async function decide(
  given: JobTarget,
  desired: Expectation,
  deploymentContext: DeploymentContext,
  actions: TargetActions,
): Promise<TargetPlan> {
  const { context, earlier } = deploymentContext;
  const { sha256, sha1, chain } = desired;
  const { forceRedirect } = given;
  const expected: ExpectedState = { sha256, sha1, chain, forceRedirect, certificateId: actions.certificateId };
  const atWork = earlier.activeJobAt(given.id);
  if (atWork !== undefined)
    return blockedTarget(given, `${atWork.kind} ${atWork.id} is working on it: wait_for it first`);
  const known = earlier.lastRunOf(given.id, expected);
  const target: JobTarget = { ...given, ...fromEarlierRun(known) };
  if (known?.target.state === "sending") {
    const since = known.target.sentAt ?? known.job.startedAt;
    const found = await actions.verifyApplied({ ...target, supersedes: known.target.supersedes }, since);
    if (found !== undefined) return { target: accepted({ ...target, ...found }, context.now()) };
  }
  const wasAccepted = known?.target.state === "accepted" && hasBeside(known.target, actions);
  const isOnItsWay = wasAccepted && isRecent({ at: Date.parse(known.target.acceptedAt ?? "") }, context.now());
  const onItsWay = isOnItsWay ? known : undefined;
  // The record of a one-click update, which the job follows, shows its outcome.
  if (onItsWay !== undefined && given.service === "tencent-ssl") return awaitedTarget(target, onItsWay);
  const observed = await actions.observe(target);
  if (onItsWay !== undefined && !contradicts(observed, target, earlier)) {
    // If something else was on its way before, the edge may still show the state before that.
    const isSeenAtEdge = observed.hasDesired && observed.isAtEdge && onItsWay.target.supersedes === undefined;
    if (!isSeenAtEdge) return awaitedTarget(target, onItsWay);
  }
  if (observed.blocked !== undefined) return blockedTarget(target, observed.blocked);
  const sent = observed.showsRequestsInProgress === true ? undefined : earlier.recentOther(target.id, expected);
  const other = sent !== undefined && keepsCertificate(observed, ownCertificateId(sent)) ? undefined : sent;
  if (observed.hasDesired && other === undefined) {
    const unseen = earlier.olderOther(target.id, expected);
    return {
      target: await settledTarget(
        target,
        { ...desired, incomplete: actions.incomplete },
        observed,
        { known, unseen },
        deploymentContext,
      ),
      left: observed.left,
    };
  }
  const overtaken = other === undefined || (await hasArrived(target, other, deploymentContext)) ? undefined : other;
  const recorded = isForeign(observed, target, { desired, actions, earlier }) ? undefined : target.before;
  const before = recorded ?? (overtaken === undefined ? observed.before : stateAfter(overtaken, earlier, observed));
  const supersedes = overtaken && describeRollout(overtaken, earlier.requests);
  const { supersedes: _, beside: __, left: ___, ...anew } = target;
  const planned: JobTarget = {
    ...anew,
    ...(before && { before }),
    ...(observed.says && { says: String(observed.says) }),
    ...(supersedes && { supersedes: String(supersedes) }),
    ...(observed.left && { left: String(observed.left) }),
    ...besideIn(observed),
    state: "pending",
  };
  return {
    target: planned,
    step: { ...actions.step(planned, observed), label: describeTarget(planned) },
    says: observed.says,
    left: observed.left,
    ...(overtaken && { overtakes: overtaken }),
    ...(observed.warnings && { warnings: observed.warnings }),
  };
}

/** Whether the earlier request also set the other certificates that the target should serve. */
function hasBeside({ beside: given = [] }: JobTarget, { beside = [] }: Pick<TargetActions, "beside">): boolean {
  const ids = new Set(given.map(({ certificateId }) => certificateId));
  return beside.every(({ certificateId, wanted }) => !wanted || ids.has(certificateId));
}

const besideIn = ({ beside = [] }: ObservedState) => (beside.length > 0 ? { beside: [...beside] } : {});

/** A target to which the right request was sent, but which may not serve it yet. */
function awaitedTarget(target: JobTarget, { job, target: { acceptedAt = "" } }: PreviousTarget): TargetPlan {
  const says = `accepted ${timeOf(Date.parse(acceptedAt))} by ${jobLabel(job)}, and on its way`;
  return { target: { ...target, state: "accepted", says } };
}

/** A target to which nothing can be sent now. */
function blockedTarget(target: JobTarget, says: string): TargetPlan {
  return { target: { ...target, state: "not attempted", says } };
}

/** Whether something is there that no recent request explains: somebody else has changed it since. */
function contradicts(
  { hasDesired, seenCertificates = [] }: ObservedState,
  { id }: JobTarget,
  earlier: PreviousRuns,
): boolean {
  return !hasDesired && seenCertificates.some((each) => !earlier.explains(id, each));
}

/**
 * Whether it has something that was neither there before an earlier run nor brought by a request from here: then what is
 * there now counts as what was there before, and not what that run saw.
 */
function isForeign(
  { before: now }: ObservedState,
  { id, before }: JobTarget,
  {
    desired,
    actions: { certificateId, beside = [] },
    earlier,
  }: { readonly desired: Expectation; readonly actions: TargetActions; readonly earlier: PreviousRuns },
): boolean {
  if (before === undefined || now === undefined) return false;
  const ids = [...(before.certificateIds ?? []), certificateId, ...beside.map((each) => each.certificateId)];
  const leaves = [desired, ...(before.served ?? []), ...(before.none ? [{ sha256: noHttps }] : [])];
  const seen = [...(now.served ?? []), ...(now.none ? [{ sha256: noHttps }] : [])];
  return (
    (now.certificateIds ?? []).some((each) => !ids.includes(each) && !earlier.explains(id, each)) ||
    seen.some((each) => !leaves.some((leaf) => isSameLeaf(leaf, each)) && !earlier.explains(id, each))
  );
}

/** What the target would have served without the next request; undefined if that is uncertain. */
function stateAfter(
  request: SentRequest,
  { requests }: Pick<PreviousRuns, "requests">,
  observed: ObservedState,
): PreviousState | undefined {
  const { expected, expectation, isAccepted, target } = request;
  if (!isAccepted) return undefined;
  if (expected === noHttps) return { none: true };
  if (target.service === "tencent-edgeone") {
    // The cloud lists what was last set, unless its list lags behind and shows what was there before.
    const ids = certificateIdsSet(request);
    const listed = observed.before?.certificateIds;
    const was = target.before?.certificateIds;
    const isBehind = listed === undefined || (was !== undefined && isSameSet(listed, was));
    return isBehind && ids.length > 0 ? { certificateIds: [...ids] } : observed.before;
  }
  const known = recordedLeaf(expectation, requests);
  if (known === undefined) return undefined;
  const { chain: _, ...rest } = known;
  const { chain } = expectation;
  const redirect = target.forceRedirect ?? observed.before?.redirect;
  return { served: [{ ...rest, ...(chain && { chain }) }], ...(redirect !== undefined && { redirect }) };
}

const isSameSet = (ids: readonly string[], others: readonly string[]) =>
  ids.length === others.length && ids.every((id) => others.includes(id));

/** Whether every address serves what was requested: the request is no longer on its way. */
async function hasArrived(
  target: JobTarget,
  { expected, expectation, target: of }: SentRequest,
  { context }: DeploymentContext,
): Promise<boolean> {
  const host = hostOfTarget(target);
  if (host === undefined || expected === "unknown") return false;
  return (await seenAtEdge(host, expectation, context, of.beside)).served === "everywhere";
}

/** A target for which nothing has to be sent. */
async function settledTarget(
  target: JobTarget,
  desired: Expectation & Pick<TargetActions, "incomplete">,
  observed: ObservedState,
  { known, unseen }: { readonly known: PreviousTarget | undefined; readonly unseen: SentRequest | undefined },
  { context }: DeploymentContext,
): Promise<JobTarget> {
  const before = target.before ?? observed.before;
  const notes = [observed.says, unseen && `${senderOf(unseen)}, sent ${timeOf(unseen.at)}, was never seen there`];
  const says = notes.filter(Boolean).join("; ");
  const settled: JobTarget = { ...target, ...(before && { before }), ...(says && { says }), ...besideIn(observed) };
  const incomplete = (why: string): JobTarget => {
    return { ...settled, state: "incomplete chain", says: [says, why].filter(Boolean).join("; ") };
  };
  if (observed.incomplete) return incomplete(missingIntermediateText);
  // What this job changed before still counts as its own change, and it can be rolled back.
  if (known?.isResumed && (known.target.state === "accepted" || isSeen(known.target))) {
    return { ...settled, state: observed.isAtEdge ? "served" : known.target.state };
  }
  const host = hostOfTarget(target);
  if (observed.isAtEdge) return { ...settled, state: "unchanged" };
  // If nothing can be observed, what is known about the chain counts.
  const isKnown = desired.incomplete === true && target.domain !== undefined;
  const unobserved: JobTarget = isKnown ? incomplete(missingIntermediateText) : { ...settled, state: "unchanged" };
  if (host === undefined) return unobserved;
  // The cloud lists what was set; its edge may lag behind.
  const seen = await seenAtEdge(host, desired, context, settled.beside);
  if (seen.another) return { ...settled, state: "accepted", says: `the cloud lists it; ${seen.says}` };
  if (seen.served !== "everywhere") return unobserved;
  return seen.incomplete ? incomplete(seen.says) : { ...settled, state: "unchanged" };
}

/** What a new run takes over from an earlier one; a finished earlier job does not count. */
function fromEarlierRun(earlier: PreviousTarget | undefined): Partial<JobTarget> {
  if (earlier === undefined || (isSeen(earlier.target) && !earlier.isResumed)) return {};
  const { before, beside, recordId, acceptedAt, sentAt, order, supersedes, left } = earlier.target;
  return { before, beside, recordId, acceptedAt, sentAt, order, supersedes, left };
}

/** What the plan of a job takes from the plans of its targets, and from its own arguments. */
export function jobOf(
  targetPlans: readonly TargetPlan[],
  { on_failure: onFailure, wait_seconds: seconds = 30 }: JobOptions,
  { earlier, context }: DeploymentContext,
): Pick<JobPlan, "targetPlans" | "earlier" | "rollout" | "continueOnFailure" | "watchMs"> {
  const { requests } = earlier;
  const targets = targetPlans.map(({ target }) => target);
  const overtaken = targetPlans.flatMap(({ target, overtakes }) =>
    overtakes === undefined ? [] : [{ target: describeTarget(target), request: overtakes }],
  );
  return {
    targetPlans,
    earlier,
    rollout: { ...rolloutOf(targets, requests, context.now()), warnings: stillRollingOut(overtaken, requests) },
    continueOnFailure: onFailure === "continue",
    watchMs: seconds * 1000,
  };
}

/** What to know of targets that get a request although their cloud says that they are not simply in service. */
export function domainStateWarnings(found: readonly LocatedTarget[], targetPlans: readonly TargetPlan[]): Warning[] {
  const open = new Set(targetPlans.flatMap(({ target, step }) => (step === undefined ? [] : [target.name])));
  const stated = found.flatMap(({ service, domains: [domain] = [], zone_id: zoneId, state }) => {
    const name = describeTarget({ service, domain, zoneId });
    return state !== undefined && open.has(String(name)) ? [{ name, state }] : [];
  });
  return [...groupedBy(stated, ({ state }) => state.said).values()].map((group) => {
    const targets = nameTargets(group.map(({ name }) => name));
    const [{ said, isPassing } = { said: "", isPassing: false }] = group.map(({ state }) => state);
    return caution(
      isPassing
        ? safe`Its cloud says ${inQuotes(said)} of ${targets}: it may refuse a change until that has ended, so better wait first.`
        : safe`Its cloud says ${inQuotes(said)} of ${targets}: it may refuse the change, and visitors may be served nothing.`,
    );
  });
}
