import { array, members, string } from "../../catalogue/results.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import { expectationOf, isSeen, type Job, type JobTarget, withoutOwner } from "../../jobs/job.js";
import { isWorkedOn, unfinished } from "../../jobs/journal.js";
import { isRecent, laterThan, timeOf, wasSent } from "../../jobs/requests.js";
import { senderOf } from "../../jobs/rollout.js";
import type { SeenServed } from "../../jobs/sightings.js";
import { unusable } from "../../lib/tool-error.js";
import { sightingOf } from "../../pipeline/record-sightings.js";
import { type JobTool, jobsService, type StepReply, type ToolContext, type WatchResult } from "../../pipeline/tool.js";
import { deployWithChainAdvice } from "../../tls-check/descriptions.js";
import { pollDeletion } from "../wait-for/certificate.js";
import { type PollResult, pollUntilDone } from "../wait-for/poll.js";
import { deployerFor } from "./deployer-by-service.js";
import { deploymentReport, linesOf, reportHead, summaryOf, turnsOff } from "./report.js";
import { type WatchedTarget, watchTarget } from "./watch-target.js";

/** What the tools have in common that deploy, put back or turn off. */
export const deploymentStages = {
  service: jobsService,
  effect: "traffic",
  result: members({ job: string(), summary: string(), targets: array(members({})), next: string() }),
  interpretReply: (sent: StepReply, context: ToolContext) => deployerFor(sent.target).interpretReply(sent, context),
  watch: watchDeployment,
  report: deploymentReport,
} as const satisfies Partial<JobTool>;

/**
 * Watches the accepted targets of a job that this process owns until each is served, has failed or can show no more, or
 * the time is up; each check updates the journal.
 * @throws {ToolError} of kind cancelled when the call is cancelled; the journal then has what was seen before
 */
export async function watchDeployment(
  job: Job,
  context: ToolContext,
  timeoutMs: number,
): Promise<{ readonly job: Job; readonly watched: WatchResult }> {
  let current = job;
  let followed: readonly WatchedTarget[] = [];
  const recordSettled = settledRecorder(context);
  const poll = async () => {
    followed = await followAll(current, context);
    await recordSettled(job, followed);
    current = await context.journal.save({ ...current, targets: targetsOf(followed) });
    // This process owns the job but sends nothing more: a failed target stays failed, so there is no reason to wait.
    return pollResultOf(withoutOwner(current), followed, [], context.now());
  };
  const { state } = await pollUntilDone(poll, timeoutMs, context);
  const isOpen = ({ open }: WatchedTarget) => open;
  await context.recordSightings(sightingsAfter(job, followed.filter(isOpen)));
  const canShowMore = state === "still running";
  const settled = state === "needs a person" ? "looking again shows no more" : "each target is settled";
  const why = canShowMore ? `the ${Math.round(timeoutMs / 1_000)} s allowed have passed` : settled;
  return { job: current, watched: { why, canShowMore } };
}

/** Keeps, once for each target, what was last seen there: once no other look will show more. */
export function settledRecorder({ recordSightings }: ToolContext) {
  const recorded = new Set<string>();
  return async (job: Job, followed: readonly WatchedTarget[]): Promise<void> => {
    const settled = followed.filter(({ target, open, tlsReports = [] }) => {
      return !open && tlsReports.length > 0 && !recorded.has(`${target.id} ${target.state}`);
    });
    for (const { target } of settled) recorded.add(`${target.id} ${target.state}`);
    await recordSightings(sightingsAfter(job, settled));
  };
}

/** The last sightings of the targets, for the journal. */
export function sightingsAfter(job: Job, followed: readonly WatchedTarget[]): readonly SeenServed[] {
  return followed.flatMap(({ target, tlsReports = [] }) =>
    tlsReports.flatMap((tlsReport) => sightingOf(job, target, "after", tlsReport) ?? []),
  );
}

/** Looks at a job in the journal, and records what it sees unless a process is working on the job. */
export function pollDeployment(id: string, context: ToolContext): () => Promise<PollResult> {
  const keepSettled = settledRecorder(context);
  return async () => {
    const job = await context.journal.find(id);
    if (job === undefined) {
      throw unusable(
        `The journal has no job ${id} of this account and endpoint.`,
        "Take the id of a job from list_jobs.",
      );
    }
    const followed = await followAll(job, context);
    const targets = targetsOf(followed);
    if (!isWorkedOn(job)) await keepSettled(job, followed);
    await saveSeenTargets(id, targets, context);
    return pollResultOf({ ...job, targets }, followed, await laterRequests(job, context), context.now());
  };
}

const targetsOf = (followed: readonly WatchedTarget[]) => followed.map(({ target }) => target);

/** A rollback gives each target its own certificate back; a deployment gives all the same one. */
function followAll(job: Job, context: ToolContext): Promise<WatchedTarget[]> {
  const { kind, targets } = job;
  if (kind === "deletion") return Promise.all(targets.map((target) => followDeletion(target, context)));
  return Promise.all(
    targets.map((target) =>
      target.state === "accepted" ? followTarget(target, job, context) : { target, open: false },
    ),
  );
}

/** Looks at one accepted target of a job. */
export function followTarget(
  target: JobTarget,
  { targets, certificate }: Pick<Job, "targets" | "certificate">,
  context: ToolContext,
): Promise<WatchedTarget> {
  const expectedIn = (each: JobTarget) => expectationOf({ certificate }, each);
  const others = targets.filter((other) => !isSameLeaf(expectedIn(other), expectedIn(target)));
  const elsewhere = others.flatMap(({ domain }) => domain ?? []);
  return watchTarget(target, { expected: expectedIn(target), elsewhere }, context);
}

/** The cloud first looks for what uses the certificate; one with unknown outcome that is gone was deleted. */
async function followDeletion(target: JobTarget, context: ToolContext): Promise<WatchedTarget> {
  const { oldCertificateId: id, state } = target;
  if (id === undefined || (state !== "accepted" && state !== "sending")) return { target, open: false };
  const { state: seen, says } = await pollDeletion(id, context)();
  if (seen !== "done") return { target: { ...target, says }, open: state === "accepted" };
  const { says: _, code: __, ...gone } = target;
  return { target: { ...gone, state: "served" }, open: false };
}

/** Looking takes time: the job is read again, and only what has not changed since is replaced. */
async function saveSeenTargets(id: string, seen: readonly JobTarget[], { journal }: ToolContext): Promise<void> {
  const job = await journal.find(id);
  if (job === undefined || isWorkedOn(job)) return;
  const seenById = new Map(seen.map((target) => [target.id, target]));
  const isOpen = (state: JobTarget["state"]) =>
    state === "accepted" || (job.kind === "deletion" && state === "sending");
  const replaced = ({ state, id: target }: JobTarget) => (isOpen(state) ? seenById.get(target) : undefined);
  const targets = job.targets.map((target) => replaced(target) ?? target);
  if (JSON.stringify(targets) !== JSON.stringify(job.targets)) await journal.save({ ...job, targets });
}

/** A later request that gives a target something else. */
interface LaterRequest {
  readonly says: string;
  readonly isOnItsWay: boolean;
}

async function laterRequests(job: Job, { journal, now }: ToolContext): Promise<readonly LaterRequest[]> {
  const { requests } = await journal.read();
  return job.targets.flatMap((target) => {
    const [later] = wasSent(target) ? laterThan(job, target, requests) : [];
    if (later === undefined) return [];
    const isOnItsWay = !isSeen(later.target) && isRecent(later, now());
    const how = later.isAccepted ? "was accepted" : "may have been accepted";
    const what = `${target.name}: ${senderOf(later)} ${how} later (${timeOf(later.at)})`;
    return [{ says: `${what}${isOnItsWay ? " and is on its way" : ""}.`, isOnItsWay }];
  });
}

function pollResultOf(
  job: Job,
  followed: readonly WatchedTarget[],
  later: readonly LaterRequest[],
  now: Date,
): PollResult {
  const { targets } = job;
  const open = followed.some((it) => it.open);
  const undone = unfinished(job);
  const accepted = targets.some(({ state }) => state === "accepted");
  const details = { ...reportHead(job, now), targets: linesOf(job) };
  const says = [`Job ${job.id}: ${summaryOf(job)}.`, ...later.map((each) => each.says)].join(" ");
  const found = (state: PollResult["state"], next = ""): PollResult => {
    return { state, says: [says, next].filter(Boolean).join(" "), details };
  };
  if (open || (undone.length > 0 && isWorkedOn(job))) return found("still running");
  if (undone.some(({ state }) => state === "sending")) {
    return found("needs a person", "The same call again first looks for what was sent.");
  }
  if (undone.length > 0) return found("failed", "The same call again does only what is left.");
  if (accepted) {
    return found("needs a person", "Targets that stay accepted cannot be checked from here: a person must look.");
  }
  if (later.some(({ isOnItsWay }) => isOnItsWay) || targets.some(({ state }) => state === "superseded")) {
    return found("needs a person", "What was sent later decides what is served.");
  }
  return targets.some(({ state }) => state === "incomplete chain")
    ? found("needs a person", deployWithChainAdvice)
    : found("done", job.kind === "deployment" && !turnsOff(job) ? whereLeftIs : "");
}

/** The journal has only what was planned: what a call left out, or did not look at, is in its reply. */
const whereLeftIs =
  "What was left out or not looked at is in the reply to deploy_certificate (left); the same call says it again.";
