import { type Before, expectedOf, type Job, type JobAccount, type JobTarget } from "./job.js";

/** The account and endpoint that calls to a service go to now; undefined where there is no credential for it. */
export type Accounts = (service: JobTarget["service"]) => JobAccount | undefined;

/** Something that was sent for a resource, or may have been. */
export interface SentRequest {
  readonly job: Job;
  readonly target: JobTarget;
  /** SHA-256 of a leaf, "none" for no HTTPS, or "unknown". */
  readonly expected: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Whether the cloud is known to have taken it. */
  readonly isAccepted: boolean;
  /** Whether it went to this account; otherwise another credential of the same account may have sent it. */
  readonly isOwn: boolean;
}

/**
 * How long after the cloud took a request the edge may still be on its way, in milliseconds. No cloud documents a limit;
 * this is far above what they state as usual.
 */
export const rolloutWithinMs = 60 * 60_000;

/** All requests for resources that calls of this server reach, the newest first. */
export function requestsIn(jobs: readonly Job[], accounts: Accounts | undefined): readonly SentRequest[] {
  const requests = jobs.flatMap((job) =>
    job.targets
      .filter((target) => wasSent(target) && concerns(target, accounts))
      .map((target) => ({
        job,
        target,
        expected: expectedOf(job, target),
        at: sentAtOf(job, target),
        isAccepted: target.state !== "sending",
        isOwn: isOwn(target, accounts),
      })),
  );
  return requests.sort((one, other) => other.at - one.at);
}

/** Whether the target belongs to the account and the endpoint that calls to its service go to now. */
export function isOwn({ service, account }: JobTarget, accounts: Accounts | undefined): boolean {
  if (accounts === undefined) return true;
  const present = accounts(service);
  return present !== undefined && present.credential === account?.credential && present.endpoint === account.endpoint;
}

/** Whether it may still be on its way to the edge. */
export function isRecent({ at }: Pick<SentRequest, "at">, now: Date): boolean {
  return now.getTime() - at < rolloutWithinMs;
}

/** The job with those targets marked of which a later accepted request decides what is served. */
export function withSuperseded(job: Job, requests: readonly SentRequest[]): Job {
  const targets = job.targets.map((target) => {
    if (target.state !== "accepted") return target;
    const later = laterThan(job, target, requests).find(({ isAccepted, isOwn: own }) => isAccepted && own);
    if (later === undefined) return target;
    const says = `${calledIn(later.job)} was accepted for it later (${timeOf(later.at)})`;
    return { ...target, state: "superseded" as const, says };
  });
  return { ...job, targets };
}

/** What was sent for the same resource after this, and gives it something else; the newest first. */
export function laterThan(job: Job, target: JobTarget, requests: readonly SentRequest[]): readonly SentRequest[] {
  const [at, expected] = [sentAtOf(job, target), expectedOf(job, target)];
  return requests.filter(
    (each) => each.job.id !== job.id && each.target.id === target.id && each.at > at && each.expected !== expected,
  );
}

/** A leaf that the journal knows by its SHA-256. */
export function leafIn(sha256: string, requests: readonly SentRequest[]): Leaf | undefined {
  for (const { job, target } of requests) {
    const { names, notAfter, sha1 = "" } = job.certificate;
    const seen = target.before?.served?.find((each) => each.sha256 === sha256);
    if (seen !== undefined) return seen;
    if (job.certificate.sha256 === sha256) return { sha256, sha1, names, notAfter };
  }
  return undefined;
}

type Leaf = NonNullable<Before["served"]>[number];

/** How a job is named to a reader: "rollback 1a2b3c4d"; an operation by its own name. */
export function calledIn({ kind, id, key }: Pick<Job, "kind" | "id" | "key">): string {
  return kind === "operation" ? key : `${kind} ${id}`;
}

/** "2026-04-01 10:01:05 UTC" */
export function timeOf(at: number): string {
  return new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/** Whether it may have come to the cloud; a record of Tencent Cloud that failed in part was accepted all the same. */
export function wasSent({ state, acceptedAt }: JobTarget): boolean {
  return ["sending", "accepted", "served"].includes(state) || acceptedAt !== undefined;
}

function sentAtOf({ changedAt }: Job, { sentAt, acceptedAt }: JobTarget): number {
  const times = [sentAt, acceptedAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return times.length > 0 ? Math.max(...times) : Date.parse(changedAt);
}

/** What earlier versions wrote may be of any account. */
function concerns({ service, account }: JobTarget, accounts: Accounts | undefined): boolean {
  if (accounts === undefined || account === undefined) return true;
  return accounts(service)?.endpoint === account.endpoint;
}
