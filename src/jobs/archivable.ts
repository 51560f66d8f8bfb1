import { maxValidityDays } from "../certificates/lifetimes.js";
import { dayMs } from "../lib/days.js";
import { groupedBy } from "../lib/lists.js";
import { isSeen, type Job, type JobTarget } from "./job.js";
import { changedTargets, replacing, requestsIn, type SentRequest } from "./requests.js";
import { rollbacksIn, rolledBackTargetsIn } from "./rolled-back.js";

/** For this many days after its last change, a job stays in the journal in any case. */
export const minDaysInJournal = 7;

/**
 * The jobs that nothing needs any more, oldest first. A job is needed
 * - until 7 days after its last change, and while a process works on it or a run of it was cut short;
 * - while a target of it is open: failed, not attempted, or accepted but not seen; unless a later request was accepted
 *   there, or the certificate has expired;
 * - while it is the newest job that counts for a target, and what it replaced there can be put back;
 * - while its certificate is what such a job would put back;
 * - while a target of it is rolled back and its certificate is valid, with the rollback: it must not come again by itself;
 * - while an older request to one of its targets is needed: of each target the oldest go first.
 * @param isWorkedOn whether a process works on the job
 */
export function archivable(jobs: readonly Job[], now: Date, isWorkedOn: (job: Job) => boolean): readonly Job[] {
  const requests = requestsIn(jobs, undefined);
  const sent: SentByTarget = groupedBy(requests, ({ target }) => keyOf(target));
  const settled = new Set(jobs.filter((job) => !isWorkedOn(job) && isSettled(job, sent, now)));
  const isKept = (job: Job) => !settled.has(job) && job.kind !== "operation";
  const replacedFingerprints = replacedBy(jobs.filter(isKept), now);
  for (const job of settled) if (isReplacedLeaf(job, replacedFingerprints)) settled.delete(job);
  for (const { undone, rollback } of rolledBackTargetsIn(jobs, (target) => sentTo(target, sent))) {
    if (Date.parse(undone.certificate.notAfter) <= now.getTime()) continue;
    for (const job of [undone, rollback]) settled.delete(job);
  }
  const overtaking = laterJobsIn(jobs, requests);
  for (let before = -1; before !== settled.size; ) {
    before = settled.size;
    for (const { undone, later } of overtaking) if (!settled.has(undone)) for (const job of later) settled.delete(job);
    for (const newestFirst of sent.values()) {
      const all = newestFirst.toReversed();
      const firstKept = all.findIndex(({ job }) => isKept(job));
      if (firstKept >= 0) for (const { job } of all.slice(firstKept)) settled.delete(job);
    }
  }
  return [...settled].sort((one, other) => one.startedAt.localeCompare(other.startedAt));
}

/**
 * For each deployment that was rolled back, what was sent later to its targets, also to those that it did not reach, and
 * by another access key: without that, it would seem rolled back there, too. And the rollbacks of what was sent later:
 * without those, it would no longer seem rolled back.
 */
function laterJobsIn(jobs: readonly Job[], requests: readonly SentRequest[]) {
  const byId = groupedBy(requests, ({ target }) => target.id);
  const rollbacks = rollbacksIn(jobs);
  return rollbacks.map(({ undone }) => {
    const all = undone.targets.flatMap(({ id }) => byId.get(id) ?? []);
    const later = new Set(all.filter(({ at }) => at >= Date.parse(undone.startedAt)).map(({ job }) => job));
    for (const each of rollbacks) if (later.has(each.undone)) later.add(each.rollback);
    return { undone, later };
  });
}

/** What was sent to each target of each account, newest first. */
type SentByTarget = ReadonlyMap<string, readonly SentRequest[]>;

const sentTo = (target: JobTarget, sent: SentByTarget) => sent.get(keyOf(target)) ?? [];

/** The same id under another access key or endpoint is another target. */
function keyOf({ id, account }: JobTarget): string {
  return JSON.stringify([account?.endpoint, account?.name ?? account?.credential, id]);
}

function isSettled(job: Job, sent: SentByTarget, now: Date): boolean {
  const isOld = now.getTime() - Date.parse(job.changedAt) >= minDaysInJournal * dayMs;
  if (job.kind === "operation" || !isOld || job.endedAt === undefined) return false;
  const changed = new Set(changedTargets(job));
  return job.targets.every((target) => {
    const replaces = replacing(job, target);
    const isDecided = sentTo(target, sent).some((each) => each.isAccepted && replaces(each));
    if (!isDecided && !isClosed(job, target, sent, now)) return false;
    return isDecided || !changed.has(target) || !canBeRolledBack(job, target, now);
  });
}

function isClosed(job: Job, target: JobTarget, sent: SentByTarget, now: Date): boolean {
  const { state } = target;
  if (isSeen(target) || state === "unchanged" || state === "superseded") return true;
  // Another job sent the same certificate later.
  const tried = lastTried(job, target);
  if (sentTo(target, sent).some(({ job: { id }, isAccepted, at }) => id !== job.id && isAccepted && at > tried))
    return true;
  if (state === "pending" || state === "sending" || job.kind === "deletion") return false;
  return Date.parse(job.certificate.notAfter) <= now.getTime();
}

const lastTried = ({ changedAt }: Job, { sentAt, acceptedAt }: JobTarget): number =>
  Date.parse(acceptedAt ?? sentAt ?? changedAt);

function canBeRolledBack(job: Job, target: JobTarget, now: Date): boolean {
  // A rollback is undone by deploying again; a deletion cannot be.
  if (job.kind !== "deployment") return false;
  const { before, recordId } = target;
  if (before?.none) return true;
  if (before?.served !== undefined && before.served.length > 0) {
    return before.served.some(({ notAfter }) => Date.parse(notAfter) > now.getTime());
  }
  // What was in use then has ended by now, however long it was valid.
  const isKnown = recordId !== undefined || (before?.certificateIds ?? []).length > 0;
  return isKnown && now.getTime() - lastTried(job, target) < maxValidityDays * dayMs;
}

/** The fingerprints of what these jobs replaced, SHA-256 and SHA-1: rollbacks find it in the job that deployed it. */
function replacedBy(jobs: readonly Job[], now: Date): ReadonlySet<string> {
  const leaves = jobs.flatMap(({ targets }) => targets.flatMap(({ before }) => before?.served ?? []));
  const valid = leaves.filter(({ notAfter }) => Date.parse(notAfter) > now.getTime());
  return new Set(valid.flatMap(({ sha256, sha1 }) => [sha256, sha1]));
}

function isReplacedLeaf({ kind, certificate: { sha256, sha1 } }: Job, putBack: ReadonlySet<string>): boolean {
  return kind === "deployment" && (putBack.has(sha256) || (sha1 !== undefined && putBack.has(sha1)));
}
