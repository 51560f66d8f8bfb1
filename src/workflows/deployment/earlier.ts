import { isOver, type Job, type JobTarget } from "../../jobs/job.js";

/** What the journal knows of a target. */
export interface Known {
  readonly target: JobTarget;
  readonly job: Job;
  /** Whether it is of the job that is taken up: what that changed stays its own doing. */
  readonly takenUp: boolean;
}

/** What the journal says of earlier runs. */
export interface Earlier {
  /** The newest job of the same call, when the journal was read. */
  readonly newest: Job | undefined;
  /** The job that the same call takes up: it has something left to do. */
  readonly job: Job | undefined;
  /** The newest thing known of giving a certificate to a target. */
  of(targetId: string, sha256: string): Known | undefined;
  /** How many other jobs have given a certificate to a target. */
  timesBefore(targetId: string, sha256: string): number;
}

/** @param jobs the newest first */
export function earlierRuns(jobs: readonly Job[], key: string): Earlier {
  const newest = jobs.find((each) => each.key === key);
  const job = newest === undefined || isOver(newest) ? undefined : newest;
  const expected = (each: Job, target: JobTarget) => target.expected ?? each.certificate.sha256;
  const known = jobs.flatMap((each) => each.targets.map((target) => ({ target, job: each })));
  const about = (id: string) => known.filter(({ target }) => target.id === id);
  return {
    newest,
    job,
    // Once another certificate was given to the target, what an older job knows of it says nothing any more.
    of: (id, sha256) => {
      const [last] = about(id).filter(({ target }) => isSent(target) || target.state === "failed");
      if (last === undefined || expected(last.job, last.target) !== sha256) return undefined;
      return { ...last, takenUp: last.job.id === job?.id };
    },
    timesBefore: (id, sha256) =>
      about(id).filter(
        (each) => each.job.id !== job?.id && isSent(each.target) && expected(each.job, each.target) === sha256,
      ).length,
  };
}

function isSent({ state }: JobTarget): boolean {
  return state === "sending" || state === "accepted" || state === "served";
}
