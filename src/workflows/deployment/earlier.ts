import { isOver, type Job, type JobTarget } from "../../jobs/job.js";
import { isWorkedOn, type Recorded } from "../../jobs/journal.js";
import { isRecent, laterThan, type SentRequest } from "../../jobs/requests.js";
import { newestOf } from "../../jobs/rollout.js";

/** What the journal knows of giving a certificate to a target. */
export interface Known {
  readonly target: JobTarget;
  readonly job: Job;
  /** Whether it is of the job that is taken up: what that changed stays its own doing. */
  readonly takenUp: boolean;
}

/** What a target is to serve. */
export interface Expected {
  /** SHA-256 of a leaf, or "none" for no HTTPS. */
  readonly sha256: string;
  /** At Tencent Cloud SSL, where it is known. */
  readonly certificateId?: string | undefined;
  readonly forceRedirect?: boolean | undefined;
}

/** What the journal says of earlier runs: what was accepted counts, whether or not the edge shows it yet. */
export interface Earlier {
  /** The newest job of the same call, when the journal was read. */
  readonly newest: Job | undefined;
  /** The job that the same call takes up: it has something left to do. */
  readonly job: Job | undefined;
  /** What is known of giving this to a target, unless something else was sent to it later. */
  of(targetId: string, expected: Expected): Known | undefined;
  /** The newest request by which the target may come to serve something else, sent within the time of a rollout. */
  other(targetId: string, expected: Expected): SentRequest | undefined;
  /** The same, where that time has passed. */
  otherBefore(targetId: string, expected: Expected): SentRequest | undefined;
  /** Another job that is about to send something to the target. */
  atWork(targetId: string): Job | undefined;
  /** What any request of late gave the target, or replaced there: SHA-256 of leaves, and ids at Tencent Cloud SSL. */
  explained(targetId: string): ReadonlySet<string>;
  /** All that was sent, the newest first. */
  readonly requests: readonly SentRequest[];
  /** How many jobs have given a certificate to a target, but for the one that is taken up and does not know whether it has. */
  timesBefore(targetId: string, sha256: string): number;
  /** Names the newest request for each target; another name later means that something was sent meanwhile. */
  state(targetIds: readonly string[]): string;
}

export function earlierRuns({ jobs, requests }: Recorded, key: string, now: Date): Earlier {
  const newest = jobs.find((each) => each.key === key);
  const job = newest === undefined || isOver(newest) || hasMovedOn(newest, requests) ? undefined : newest;
  const about = (id: string) => requests.filter(({ target }) => target.id === id);
  const known = ({ target, job: of }: Pick<SentRequest, "target" | "job">): Known => ({
    target,
    job: of,
    takenUp: of.id === job?.id,
  });
  const otherIn = (id: string, expected: Expected) => {
    for (const request of about(id)) {
      if (!gives(request, expected)) return request;
      // What may never have arrived hides nothing that was sent before it.
      if (request.isAccepted && request.isOwn) return undefined;
    }
    return undefined;
  };
  return {
    newest,
    job,
    of: (id, expected) => {
      const [last] = about(id);
      if (last !== undefined) return last.isOwn && gives(last, expected) ? known(last) : undefined;
      const tried = jobs.flatMap((each) => each.targets.map((target) => ({ target, job: each })));
      const failed = tried.find(({ target }) => target.id === id && target.state === "failed");
      return failed && (failed.target.expected ?? failed.job.certificate.sha256) === expected.sha256
        ? known(failed)
        : undefined;
    },
    other: (id, expected) => {
      const found = otherIn(id, expected);
      return found && isRecent(found, now) ? found : undefined;
    },
    otherBefore: (id, expected) => {
      const found = otherIn(id, expected);
      return found && !isRecent(found, now) && found.target.state !== "served" ? found : undefined;
    },
    atWork: (id) =>
      jobs.find(
        (each) =>
          each.key !== key &&
          isWorkedOn(each) &&
          each.targets.some((target) => target.id === id && target.state === "pending"),
      ),
    explained: (id) =>
      new Set(
        about(id)
          .filter((each) => isRecent(each, now))
          .flatMap(({ expected, target: { before }, job: { certificate } }) => [
            expected,
            ...(certificate.certificateId ? [certificate.certificateId] : []),
            ...(before?.certificateIds ?? []),
            ...(before?.served ?? []).map(({ sha256 }) => sha256),
            ...(before?.none ? ["none"] : []),
          ]),
      ),
    requests,
    timesBefore: (id, sha256) =>
      about(id)
        .filter(({ expected }) => expected === sha256)
        .filter((each) => each.job.id !== job?.id || each.isAccepted || each.target.acceptedAt !== undefined).length,
    state: (ids) => newestOf(ids, requests),
  };
}

function gives({ expected, target, job }: SentRequest, wanted: Expected): boolean {
  const { certificateId } = job.certificate;
  const isById = expected === "unknown" && certificateId !== undefined && certificateId === wanted.certificateId;
  const redirect = target.forceRedirect;
  const isRedirectSame =
    redirect === undefined || wanted.forceRedirect === undefined || redirect === wanted.forceRedirect;
  return (expected === wanted.sha256 || isById) && isRedirectSame;
}

/** What it once had accepted is no longer what counts: the same call begins anew. */
function hasMovedOn(job: Job, requests: readonly SentRequest[]): boolean {
  return job.targets.some((target) => {
    if (target.state === "superseded") return true;
    const isThere = target.state === "accepted" || target.state === "served";
    return isThere && laterThan(job, target, requests).some(({ isAccepted }) => isAccepted);
  });
}
