import { noHttps } from "../catalogue/serving.js";
import { isSeen, type Job, type JobTarget } from "../jobs/job.js";
import { keepNewest } from "../lib/keep-newest.js";
import type { JobSummary, Notify, NotifyEvent, TargetOutcome } from "./event.js";

/** How many jobs to remember. */
const REMEMBERED = 1_000;

/**
 * Reports jobs as the journal records them: each outcome once, whether the job's own run or a later look saw it. A job
 * whose rollout is still running is reported when it is seen served.
 * @returns for the journal: to be called with each job that it has written
 */
export function jobReporter(notify: Notify): (saved: Job) => void {
  /** The event reported last, by job. */
  const reported = new Map<string, string>();
  return (job) => {
    // While a process works on it, nothing is final.
    if (job.kind === "operation" || job.owner !== undefined) return;
    const event = jobEvent(job);
    if (event === undefined) return;
    const outcome = JSON.stringify(event);
    if (reported.get(job.id) === outcome) return;
    keepNewest(reported, job.id, outcome, REMEMBERED);
    notify(event);
  };
}

/** Outcomes that need somebody come first, because a long list is cut. */
const rank: Readonly<Record<TargetOutcome["outcome"], number>> = { failed: 0, left: 1, proven: 2 };

/** The event for a job that no process works on; undefined while its rollout runs, or if nothing was sent. */
function jobEvent(job: Job): NotifyEvent | undefined {
  const targets = job.targets.map(outcomeOf).sort((one, other) => rank[one.outcome] - rank[other.outcome]);
  const has = (outcome: TargetOutcome["outcome"]) => targets.some((target) => target.outcome === outcome);
  const untouched = job.targets.some(({ state }) => state === "pending" || state === "not attempted");
  if (has("failed") || untouched) return { type: "job.failed", job: jobSummary(job), targets };
  if (has("left") || !job.targets.some(isSeen)) return undefined;
  return { type: "job.done", job: jobSummary(job), targets };
}

function jobSummary({ id, kind, certificate }: Job): JobSummary {
  // A rollback takes its certificate away, so it is not the one to name.
  if (kind === "deletion" || kind === "rollback") return { id, kind };
  if (certificate.sha256 === noHttps) return { id, kind: "https off" };
  return { id, kind: "deployment", names: certificate.names, notAfter: certificate.notAfter };
}

function outcomeOf({ name: target, state, code }: JobTarget): TargetOutcome {
  switch (state) {
    case "served":
    case "unchanged":
      return { target, outcome: "proven" };
    case "incomplete chain":
      return { target, outcome: "failed", code: "incomplete chain" };
    case "failed":
      return { target, outcome: "failed", ...(code !== undefined && { code }) };
    case "sending":
      return { target, outcome: "failed", code: code ?? "outcome unknown" };
    case "pending":
    case "not attempted":
    case "accepted":
    case "superseded":
      return { target, outcome: "left" };
  }
}
