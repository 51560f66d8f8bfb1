import { integer, struct, text } from "../catalogue/params.js";
import { array, members } from "../catalogue/results.js";
import type { Job, JobTarget } from "../jobs/job.js";
import { isWorkedOn } from "../jobs/journal.js";
import { calledIn, laterThan, type SentRequest, timeOf } from "../jobs/requests.js";
import { defineTool, thisComputer } from "../pipeline/tool.js";
import { linesOf, reportHead, summaryOf } from "./deployment/report.js";
import { resumeCall } from "./deployment/resume-call.js";

const DEFAULT_LIMIT = 10;

export const listJobs = defineTool({
  name: "list_jobs",
  title: "List deployments and rollbacks",
  service: thisComputer,
  summary:
    "Deployments and rollbacks made here by deploy_certificate and roll_back, newest first (nothing done otherwise): what became of each target; to_finish: the call that does what is left.",
  effect: "read",
  params: struct({
    job: text("Only this one").optional(),
    limit: integer(`Default ${DEFAULT_LIMIT}`, { min: 1, max: 100 }).optional(),
  }),
  result: members({ jobs: array(members({})) }),
  run: async ({ job: id, limit = DEFAULT_LIMIT }, { journal, now }) => {
    const { jobs, requests, foreign } = await journal.read();
    const known = jobs.filter((job) => id === undefined || job.id === id);
    const older = known.length - limit;
    return {
      jobs: known.slice(0, limit).map((job) => rowOf(job, requests, now())),
      ...(known.length === 0 && { says: `No ${id === undefined ? "job" : `job ${id}`} of this account and endpoint.` }),
      ...(older > 0 && { older }),
      // Only counted: their details would be wrong for this account.
      ...(foreign > 0 && { of_other_accounts_or_endpoints: foreign }),
    };
  },
});

function rowOf(job: Job, requests: readonly SentRequest[], now: Date) {
  const { startedAt, endedAt } = job;
  const later = job.targets.flatMap((target) => replacedIn(job, target, requests));
  const again = resumeCall(job);
  return {
    ...reportHead(job, now),
    started_at: startedAt,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(isWorkedOn(job) ? { working: true } : endedAt === undefined ? { interrupted: true } : {}),
    summary: summaryOf(job),
    targets: linesOf(job),
    ...(later.length > 0 && { replaced_later: later }),
    ...(again && { to_finish: again }),
  };
}

/** What was once served is history if something else was later accepted for the same resource. */
function replacedIn(job: Job, target: JobTarget, requests: readonly SentRequest[]): string[] {
  const later = laterThan(job, target, requests).find(({ isAccepted }) => isAccepted);
  if (target.state !== "served" || later === undefined) return [];
  return [`${target.name}: by ${calledIn(later.job)}, ${timeOf(later.at)}`];
}
