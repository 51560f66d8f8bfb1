import { noHttps } from "../catalogue/serving.js";
import { isFingerprint, isSameLeaf, type LeafFingerprints } from "../certificates/fingerprint.js";
import { type Expectation, isSameChain } from "../certificates/sent-chain.js";
import { groupedBy } from "../lib/lists.js";
import { wholeSeconds } from "../lib/moment.js";
import {
  type Beside,
  expectationOf,
  isProven,
  isSeen,
  type Job,
  type JobAccount,
  type JobTarget,
  type PreviousState,
} from "./job.js";

/** The account and endpoint that calls to a service use now; undefined without credentials for it. */
export type AccountResolver = (service: JobTarget["service"]) => JobAccount | undefined;

/** Something that was, or may have been, sent for a resource. */
export interface SentRequest {
  readonly job: Job;
  readonly target: JobTarget;
  /** SHA-256 of a leaf, {@link noHttps}, or "unknown". */
  readonly expected: string;
  /** The leaf, and the chain sent with it if known: leaves are compared by this. */
  readonly expectation: Expectation;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Which of all requests for the resource it was, from 1; 0 if nothing was sent. */
  readonly order: number;
  /** Whether the cloud is known to have accepted it. */
  readonly isAccepted: boolean;
  /** Whether it went to this account; otherwise another credential of the same account may have sent it. */
  readonly isOwn: boolean;
}

function requestOf(job: Job, target: JobTarget, accountFor: AccountResolver | undefined): SentRequest {
  const expectation = expectationOf(job, target);
  return {
    ...sendingOf(job, target),
    job,
    expected: expectation.sha256,
    expectation,
    isAccepted: target.state !== "sending",
    isOwn: isOwnRequest(target, accountFor),
  };
}

/**
 * How long a change may take to reach the edge after the cloud accepted it, in milliseconds. No cloud documents a
 * limit; this is far above what they call usual.
 */
export const rolloutWithinMs = 60 * 60_000;

/** All requests for resources that this server's calls reach; those for the same resource newest first. */
export function requestsIn(jobs: readonly Job[], accountFor: AccountResolver | undefined): readonly SentRequest[] {
  const requests = jobs.flatMap((job) =>
    job.targets
      .filter((target) => wasSent(target) && isReachable(target, accountFor))
      .map((target) => requestOf(job, target, accountFor)),
  );
  requests.sort((one, other) => other.at - one.at);
  const byTarget = groupedBy(requests, ({ target }) => target.id);
  return [...byTarget.values()].flatMap((all) => all.sort((one, other) => other.order - one.order));
}

/** The number of the next request for a target. */
export function nextOrder(targetId: string, requests: readonly SentRequest[]): number {
  return requests.reduce((last, { target, order }) => (target.id === targetId ? Math.max(last, order) : last), 0) + 1;
}

/** Whether the target belongs to the account and endpoint that calls to its service use now. */
export function isOwnRequest({ service, account }: JobTarget, accountFor: AccountResolver | undefined): boolean {
  if (accountFor === undefined) return true;
  const current = accountFor(service);
  if (current === undefined || current.endpoint !== account?.endpoint || current.name !== account.name) return false;
  return current.name !== undefined || current.credential === account.credential;
}

/** The newest request for each resource, where it may still be on its way to the edge. */
export function arriving(requests: readonly SentRequest[], now: Date): readonly SentRequest[] {
  return [...newestByTarget(requests).values()].filter((request) => isRecent(request, now) && !isSeen(request.target));
}

/** By the target's id. */
export function newestByTarget(requests: readonly SentRequest[]): ReadonlyMap<string, SentRequest> {
  // They are listed newest first, and the last one in counts.
  return new Map(requests.toReversed().map((request) => [request.target.id, request]));
}

/** Whether it may still be on its way to the edge. */
export function isRecent({ at }: Pick<SentRequest, "at">, now: Date): boolean {
  return now.getTime() - at < rolloutWithinMs && !isAhead(at, now);
}

/** How far the clock of another machine may be ahead, in milliseconds. */
const MAX_CLOCK_LEAD = 60_000;

/** Whether a time was written while a clock was ahead: when it really was is unknown. */
export function isAhead(at: number, now: Date): boolean {
  return at > now.getTime() + MAX_CLOCK_LEAD;
}

/** The job, with those targets marked for which a later accepted request decides what is served. */
export function withSuperseded(job: Job, requests: readonly SentRequest[]): Job {
  const targets = job.targets.map((target) => {
    if (target.state !== "accepted") return target;
    const later = laterThan(job, target, requests).find(({ isAccepted, isOwn: own }) => isAccepted && own);
    if (later === undefined) return target;
    const says = `${jobLabel(later.job)} was accepted for it later (${timeOf(later.at)})`;
    return { ...target, state: "superseded" as const, says };
  });
  return { ...job, targets };
}

/** Whether the certificate with this id at Tencent Cloud SSL stays in place next to the new one. */
export function keepsCertificate(
  { beside = [] }: { readonly beside?: readonly Beside[] | undefined },
  certificateId: string | undefined,
): boolean {
  return certificateId !== undefined && beside.some((each) => each.certificateId === certificateId);
}

/** Id of the certificate that the request is for. A rollback's job has the one that it removes. */
export function ownCertificateId({ job: { kind, certificate } }: SentRequest): string | undefined {
  return kind === "rollback" ? undefined : certificate.certificateId;
}

/** Ids that the request sets on the resource; for a rollback they are all in `beside`. */
export function certificateIdsSet(request: SentRequest): readonly string[] {
  const beside = (request.target.beside ?? []).map(({ certificateId }) => certificateId);
  return [ownCertificateId(request), ...beside].flatMap((id) => id ?? []);
}

/** Later requests for the same resource that replace what this one set; newest first. */
export function laterThan(job: Job, target: JobTarget, requests: readonly SentRequest[]): readonly SentRequest[] {
  return requests.filter(replacing(job, target));
}

/** Whether one request was sent after another one: by their numbers if they are for the same target, else by the clock. */
export function isSentLater(one: Sending, other: Sending): boolean {
  if (one.target.id === other.target.id && one.order !== other.order) return one.order > other.order;
  return one.at > other.at;
}

type Sending = Pick<SentRequest, "target" | "at" | "order">;

/** When a job sent its last request to a target that counts. */
export function sendingOf(job: Job, target: JobTarget): Sending {
  return { target, at: sentAtOf(job, target), order: target.order ?? 0 };
}

/** Whether a request replaces what this job set on this target. */
export function replacing(job: Job, target: JobTarget): (request: SentRequest) => boolean {
  const sending = sendingOf(job, target);
  const expectation = expectationOf(job, target);
  const given = job.kind === "rollback" ? undefined : job.certificate.certificateId;
  return (each) =>
    each.job.id !== job.id &&
    each.target.id === target.id &&
    isSentLater(each, sending) &&
    !(isSameLeaf(each.expectation, expectation) && isSameChain(each.expectation.chain, expectation.chain)) &&
    !keepsCertificate(each.target, given);
}

/** What the journal knows of a leaf; undefined if what was sent has none, or an unknown one. */
export function recordedLeaf(wanted: LeafFingerprints, requests: readonly SentRequest[]): Leaf | undefined {
  if (!isFingerprint(wanted.sha256)) return undefined;
  for (const { job, target } of requests) {
    const { sha256, sha1 = "", names, notAfter, chain } = job.certificate;
    const seen = target.before?.served?.find((each) => isSameLeaf(each, wanted));
    if (seen !== undefined) return seen;
    if (isSameLeaf(job.certificate, wanted)) return { sha256, sha1, names, notAfter, ...(chain && { chain }) };
  }
  return undefined;
}

type Leaf = NonNullable<PreviousState["served"]>[number];

/** What a target may serve while a request is on its way: what it sets, and what was there before. */
export function leavesAround({ expectation, target: { before } }: SentRequest): readonly LeafFingerprints[] {
  return [expectation, ...(before?.served ?? []), ...(before?.none ? [{ sha256: noHttps }] : [])];
}

/** The name of a job in messages: "rollback 1a2b3c4d", "https off 1a2b3c4d"; an operation's own name. */
export function jobLabel({ kind, id, key, certificate }: Pick<Job, "kind" | "id" | "key" | "certificate">): string {
  if (kind === "operation") return key;
  return `${kind === "deployment" && certificate.sha256 === noHttps ? "https off" : kind} ${id}`;
}

/** "2026-04-01T10:01:05Z" */
export function timeOf(at: number): string {
  return wholeSeconds(new Date(at));
}

/**
 * Whether it may have reached the cloud; a record of Tencent Cloud that failed in part was accepted, too. An incomplete
 * chain may have been there before.
 */
export function wasSent({ state, acceptedAt }: JobTarget): boolean {
  return state === "sending" || state === "accepted" || state === "served" || acceptedAt !== undefined;
}

/**
 * A target of a resumed job as it is planned now, with what the job's record says was sent there: an unknown outcome
 * stays unknown until another request is sent, and an accepted request stays accepted if nothing is sent.
 */
export function withRecordedRequest(planned: JobTarget, recorded: JobTarget | undefined): JobTarget {
  const isPlanned = planned.state === "pending" || planned.state === "not attempted";
  if (!isPlanned || recorded === undefined || !wasSent(recorded)) return planned;
  const { state, before, recordId, sentAt, acceptedAt, order } = recorded;
  return {
    before,
    recordId,
    sentAt,
    acceptedAt,
    order,
    ...planned,
    state: state === "sending" || planned.state === "not attempted" ? state : planned.state,
  };
}

/** What a deployment changed, or may have changed; a record that failed in part has changed the rest. */
export function changedTargets({ targets }: Pick<Job, "targets">): readonly JobTarget[] {
  return targets.filter((target) => wasSent(target) || (target.state === "failed" && target.recordId !== undefined));
}

/** Whether it stopped and something that it sent is not proven; it also stops when somebody else changed something. */
export function stoppedUnproven({ stopped, targets }: Pick<Job, "stopped" | "targets">): boolean {
  return stopped !== undefined && targets.some((target) => wasSent(target) && !isProven(target));
}

/** If a later request was refused, or is only planned, the one accepted before it counts, from its own time. */
function sentAtOf({ changedAt }: Job, { state, sentAt, acceptedAt }: JobTarget): number {
  const isBefore = state === "pending" || state === "not attempted" || state === "failed";
  if (isBefore && acceptedAt !== undefined) return Date.parse(acceptedAt);
  const times = [sentAt, acceptedAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return times.length > 0 ? Math.max(...times) : Date.parse(changedAt);
}

/** Whoever signed it. Named accounts never see each other's jobs, even if both are the same account at the cloud. */
function isReachable({ service, account }: JobTarget, accountFor: AccountResolver | undefined): boolean {
  if (accountFor === undefined) return true;
  const current = accountFor(service);
  return current?.endpoint === account?.endpoint && current?.name === account?.name;
}
