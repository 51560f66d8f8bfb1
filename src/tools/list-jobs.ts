import { integer, struct, text } from "../catalogue/params.js";
import { array, members } from "../catalogue/results.js";
import type { ArchivedJobs } from "../jobs/archive.js";
import type { Job, JobTarget } from "../jobs/job.js";
import { isWorkedOn, type Journal } from "../jobs/journal.js";
import { jobLabel, laterThan, type SentRequest, timeOf } from "../jobs/requests.js";
import { standingRollbacksIn } from "../jobs/rolled-back.js";
import { describeUnreadable, type StoredJobs } from "../jobs/unreadable.js";
import type { JsonObject } from "../lib/json.js";
import { programCommand } from "../lib/program-command.js";
import { formatPerson, quoted } from "../lib/safe-text.js";
import { type ToolError, unusable } from "../lib/tool-error.js";
import { defineTool, type RecordedDecision, type ToolContext, thisComputerService } from "../pipeline/tool.js";
import { linesOf, reportHead, summaryOf } from "./deployment/report.js";
import { resumeCall } from "./deployment/resume-call.js";

const DEFAULT_LIMIT = 10;

export const listJobs = defineTool({
  name: "list_jobs",
  title: "List jobs",
  service: thisComputerService,
  summary:
    "Jobs run by this server (deploy, turn HTTPS off, delete unused, roll back), newest first, with the state of each target. Single operations and changes made elsewhere are not listed. to_finish: the call that completes the job.",
  effect: "read",
  params: struct({
    job: text("Only this one, also if archived").optional(),
    month: text("YYYY-MM (UTC): those that began then").optional(),
    limit: integer(`Default ${DEFAULT_LIMIT}`, { min: 1, max: 100 }).optional(),
  }),
  result: members({ jobs: array(members({})) }),
  run: async ({ job: id, month, limit = DEFAULT_LIMIT }, { journal, now, decisionsOn }) => {
    if (month !== undefined && !monthForm.test(month)) throw notMonth(month);
    const { jobs, requests, otherAccountJobs, unreadable: unread } = await journal.read();
    const { jobs: known, unreadable: unreadHere } = await jobsAskedFor(jobs, id, month, journal);
    const older = known.length - limit;
    const rolledBack = new Set(standingRollbacksIn([...jobs, ...known]).map((each) => each.undone.id));
    const archived = await journal.archived();
    const unreadable = [...(id === undefined ? unread : []), ...unreadHere, ...(archived.unreadable ?? [])];
    const jobRows = known.slice(0, limit).map((job) => rowOf(job, requests, rolledBack, now()));
    // The audit log is read whole, so not for a list.
    const approvals = id === undefined ? [] : await approvalsOf(known, decisionsOn);
    return {
      jobs: jobRows.map((row) => ({ ...row, ...(approvals.length > 0 && { approvals }) })),
      ...(unreadable.length > 0 && { unreadable: `${describeUnreadable(unreadable)}. What these did is not known.` }),
      ...(known.length === 0 && { says: nothingFound(id, month, unreadable.length > 0) }),
      ...(older > 0 && { older }),
      // Only counted: their details would be wrong for this account.
      ...(otherAccountJobs > 0 && { of_other_accounts_or_endpoints: otherAccountJobs }),
      ...(id === undefined && archived.count > 0 && { archived: archivedForReply(archived) }),
      ...((id === undefined || known.length === 0) && { not_listed: notListedHint }),
      ...(id === undefined &&
        known.length > 0 && { approved_by: "list_jobs with job says who approved it, how and when" }),
    };
  },
});

const monthForm = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** In another form no job would match, and "no job" would be said of a month that has some. */
function notMonth(given: string): ToolError {
  const month = monthIn(given);
  const write = month === undefined ? `Write it as in "2026-11"` : `Write "${month}"`;
  return unusable(`month ${quoted(given, 40)} is not a month in the form YYYY-MM.`, `${write} and call again.`);
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The month that a text in another spelling certainly means: "November 2026", "2026/11", "2026年1月", "11/2026". */
function monthIn(text: string): string | undefined {
  const [year, ...others] = text.match(/\d{4}/g) ?? [];
  if (year === undefined || others.length > 0) return undefined;
  const rest = text.replace(year, " ").toLowerCase();
  const [number, ...further] = rest.match(/\d+/g) ?? [];
  const named = monthNames.findIndex((name) => new RegExp(`\\b${name}`).test(rest)) + 1;
  // With a day it may be in any order.
  if (further.length > 0 || (number !== undefined && named > 0)) return undefined;
  const month = named > 0 ? named : Number(number);
  return month >= 1 && month <= 12 ? `${year}-${String(month).padStart(2, "0")}` : undefined;
}

const notListedHint = `Not here: single operations, and what was declined, not answered in time, excluded by policy or refused by a check. Of the last two only the reply to the call tells why; the rest is in this server's audit log, with who decided, how and when (a person reads it with \`${programCommand("audit show")}\`).`;

/** How each plan of the only job asked for was let through; a resumed job has several. */
async function approvalsOf(
  jobs: readonly Job[],
  decisionsOn: ToolContext["decisionsOn"],
): Promise<readonly JsonObject[] | string> {
  const plans = jobs.flatMap((job) => job.plans ?? []);
  if (plans.length === 0) return [];
  const decisions = await decisionsOn(plans);
  // What became of the targets is known all the same.
  if ("unread" in decisions) return `could not be read: ${decisions.unread}`;
  return plans.map((planId) =>
    approvalOf(
      planId,
      decisions.find((each) => each.planId === planId && each.verdict === "approved"),
    ),
  );
}

/** Names of standing approvals say what they are. */
const channels: Readonly<Record<string, string>> = {
  elicit: "the form of the client",
  page: "the approval page",
  terminal: "a terminal",
  token: "the client's own question, by a token",
  team: "the team's approval page",
};

const notNamed = (channel: string) =>
  Object.hasOwn(channels, channel)
    ? "whoever answered there: nobody logs in, so no name is recorded"
    : "whoever gave the standing approval";

function approvalOf(planId: string, decision: RecordedDecision | undefined): JsonObject {
  if (decision === undefined) return { plan: planId, says: "The audit log that this server reads does not have it." };
  const { channel, at, by } = decision;
  const people = by.filter(({ answer }) => answer === "approved").map((person) => String(formatPerson(person)));
  return {
    plan: planId,
    approved_at: at,
    approved_with: channels[channel] ?? channel,
    by: people.length > 0 ? people : notNamed(channel),
  };
}

async function jobsAskedFor(
  listed: readonly Job[],
  id: string | undefined,
  month: string | undefined,
  journal: Journal,
): Promise<StoredJobs> {
  if (id !== undefined) {
    const found = listed.find((job) => job.id === id) ?? (await journal.find(id));
    return { jobs: found === undefined ? [] : [found], unreadable: [] };
  }
  if (month === undefined) return { jobs: listed, unreadable: [] };
  const { jobs: archived, unreadable } = await journal.archivedIn(month);
  const recent = listed.filter(({ startedAt }) => startedAt.startsWith(`${month}-`));
  // One that was written after it was archived is in both.
  const ids = new Set(recent.map((job) => job.id));
  return { jobs: [...recent, ...archived.filter((job) => !ids.has(job.id))], unreadable };
}

function nothingFound(id: string | undefined, month: string | undefined, isPartial: boolean): string {
  if (isPartial) return "None that could be read; whether there are others is not known.";
  if (id !== undefined) return `No job ${id} of this account and endpoint.`;
  const when = month === undefined ? "" : ` that began in ${month}`;
  return `No job of this account and endpoint${when}.`;
}

/** No rollback needs them, so they are read only when asked for. */
function archivedForReply({ count, months }: ArchivedJobs) {
  return { jobs: count, began_from: months[0], began_to: months.at(-1), see: "list_jobs with month or job" };
}

function rowOf(job: Job, requests: readonly SentRequest[], undone: ReadonlySet<string>, now: Date) {
  const { startedAt, endedAt } = job;
  const later = job.targets.flatMap((target) => replacedIn(job, target, requests));
  // Whoever rolled it back does not want the rest of it.
  const resume = undone.has(job.id) ? undefined : resumeCall(job);
  return {
    ...reportHead(job, now),
    started_at: startedAt,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(isWorkedOn(job) ? { working: true } : endedAt === undefined ? { interrupted: true } : {}),
    summary: summaryOf(job),
    targets: linesOf(job),
    ...(later.length > 0 && { replaced_later: later }),
    ...(resume && { to_finish: resume }),
  };
}

/** What was once served is history if something else was later accepted for the same resource. */
function replacedIn(job: Job, target: JobTarget, requests: readonly SentRequest[]): string[] {
  const later = laterThan(job, target, requests).find(({ isAccepted }) => isAccepted);
  if (target.state !== "served" || later === undefined) return [];
  return [`${target.name}: by ${jobLabel(later.job)}, ${timeOf(later.at)}`];
}
