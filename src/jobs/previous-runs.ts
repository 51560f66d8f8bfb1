import { noHttps } from "../catalogue/serving.js";
import { isSameLeaf, type LeafFingerprints } from "../certificates/fingerprint.js";
import { type Expectation, satisfies } from "../certificates/sent-chain.js";
import { expectationOf, isOver, isSeen, type Job, type JobTarget } from "./job.js";
import { isWorkedOn, type JournalContent } from "./journal.js";
import {
  isAhead,
  isRecent,
  keepsCertificate,
  laterThan,
  leavesAround,
  nextOrder,
  type SentRequest,
} from "./requests.js";
import { newestOf } from "./rollout.js";

/** What the journal knows about deploying a certificate to a target. */
export interface PreviousTarget {
  readonly target: JobTarget;
  readonly job: Job;
  /** Whether it belongs to the job that is resumed; what that job changed still counts as its own change. */
  readonly isResumed: boolean;
}

/** What a target should serve; "none" instead of a SHA-256 for no HTTPS. */
export interface ExpectedState extends Expectation {
  /** At Tencent Cloud SSL, if known. */
  readonly certificateId?: string | undefined;
  readonly forceRedirect?: boolean | undefined;
}

/** What the journal says about earlier runs: what was accepted counts, whether or not the edge shows it yet. */
export class PreviousRuns {
  /** The newest job of the same call at the time the journal was read. */
  readonly newest: Job | undefined;
  /** The job that the same call resumes: it has something left to do. */
  readonly job: Job | undefined;
  /** All requests, newest first. */
  readonly requests: JournalContent["requests"];
  /** Records that may hold more of them. */
  readonly unreadable: JournalContent["unreadable"];
  readonly #jobs: JournalContent["jobs"];
  readonly #key: string;
  readonly #now: Date;

  constructor({ jobs, requests, unreadable }: JournalContent, key: string, now: Date) {
    const same = jobs.filter((each) => each.key === key);
    this.newest = same.find(({ startedAt }) => !isAhead(Date.parse(startedAt), now)) ?? same[0];
    const { newest } = this;
    this.job = newest === undefined || isOver(newest) || isSuperseded(newest, requests) ? undefined : newest;
    this.requests = requests;
    this.unreadable = unreadable;
    this.#jobs = jobs;
    this.#key = key;
    this.#now = now;
  }

  /** What is known about deploying this to a target, unless something else was sent to it later. */
  lastRunOf(id: string, expected: ExpectedState): PreviousTarget | undefined {
    const last = this.#requestsTo(id).find(
      (request) => sets(request, expected) || !keepsCertificate(request.target, expected.certificateId),
    );
    if (last !== undefined) return last.isOwn && sets(last, expected) ? this.#previousTarget(last) : undefined;
    const tried = this.#jobs.flatMap((job) => job.targets.map((target) => ({ target, job })));
    const failed = tried.find(({ target }) => target.id === id && target.state === "failed");
    return failed && satisfiesExpectation(expectationOf(failed.job, failed.target), expected)
      ? this.#previousTarget(failed)
      : undefined;
  }

  /** The newest request that may make the target serve something else, sent within the time of a rollout. */
  recentOther(id: string, expected: ExpectedState): SentRequest | undefined {
    const found = this.#otherIn(id, expected);
    return found && isRecent(found, this.#now) ? found : undefined;
  }

  /** Like {@link recentOther}, but sent before that time. */
  olderOther(id: string, expected: ExpectedState): SentRequest | undefined {
    const found = this.#otherIn(id, expected);
    return found && !isRecent(found, this.#now) && !isSeen(found.target) ? found : undefined;
  }

  /** Another job that is about to send something to the target. */
  activeJobAt(id: string): Job | undefined {
    const isAbout = (target: JobTarget) => target.id === id && target.state === "pending";
    return this.#jobs.find((job) => job.key !== this.#key && isWorkedOn(job) && job.targets.some(isAbout));
  }

  /** Whether any recent request set or replaced this on the target: a leaf, or an id at Tencent Cloud SSL. */
  explains(id: string, shown: LeafFingerprints | string): boolean {
    const recent = this.#requestsTo(id).filter((each) => isRecent(each, this.#now));
    if (typeof shown !== "string") return recent.flatMap(leavesAround).some((each) => isSameLeaf(each, shown));
    return recent.some(({ target: { before, beside = [] }, job: { certificate } }) => {
      const ids = [certificate, ...beside].map(({ certificateId }) => certificateId);
      return ids.includes(shown) || before?.certificateIds?.includes(shown);
    });
  }

  /** The newest request for a target, whatever its outcome. */
  lastSent(id: string): SentRequest | undefined {
    return this.#requestsTo(id)[0];
  }

  /** The number of the next request for a target. */
  nextOrder(id: string): number {
    return nextOrder(id, this.requests);
  }

  /** When something was last sent to a target, refused or not, in milliseconds since the epoch. */
  lastTried(id: string): number | undefined {
    const targets = [...this.#jobs.flatMap((job) => job.targets), ...this.requests.map(({ target }) => target)];
    const times = targets.flatMap(({ id: of, sentAt }) => (of === id && sentAt ? [Date.parse(sentAt)] : []));
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /**
   * Identifies the newest request of any other call for each target; a different value later means that another was
   * sent. The call's own requests do not count: a resumed job plans some of them anew, which takes them off the
   * record.
   */
  newestRequests(ids: readonly string[]): string {
    const others = this.requests.filter(({ job }) => job.key !== this.#key);
    return newestOf(ids, others);
  }

  #requestsTo(id: string): readonly SentRequest[] {
    return this.requests.filter(({ target }) => target.id === id);
  }

  #previousTarget({ target, job }: Pick<SentRequest, "target" | "job">): PreviousTarget {
    return { target, job, isResumed: job.id === this.job?.id };
  }

  #otherIn(id: string, expected: ExpectedState): SentRequest | undefined {
    for (const request of this.#requestsTo(id)) {
      if (!sets(request, expected)) {
        if (keepsCertificate(request.target, expected.certificateId)) continue;
        return request;
      }
      // A request that may not have arrived does not hide earlier ones.
      if (request.isAccepted && request.isOwn) return undefined;
    }
    return undefined;
  }
}

/** Whether a target that should serve `given` also meets `desired`. */
function satisfiesExpectation(given: Expectation, desired: Expectation): boolean {
  return isSameLeaf(given, desired) && satisfies(given.chain, desired.chain);
}

function sets({ expected, expectation, target, job }: SentRequest, desired: ExpectedState): boolean {
  const { certificateId } = job.certificate;
  const isById = expected === "unknown" && certificateId !== undefined && certificateId === desired.certificateId;
  const redirect = target.forceRedirect;
  // A domain without HTTPS redirects nothing; what the journal has is from before, to put it back.
  const isRedirectSame =
    desired.sha256 === noHttps ||
    redirect === undefined ||
    desired.forceRedirect === undefined ||
    redirect === desired.forceRedirect;
  return (satisfiesExpectation(expectation, desired) || isById) && isRedirectSame;
}

/** Something else was accepted after what it had deployed: the same call starts a new job. */
function isSuperseded(job: Job, requests: readonly SentRequest[]): boolean {
  return job.targets.some((target) => {
    if (target.state === "superseded") return true;
    const isThere = target.state === "accepted" || isSeen(target);
    return isThere && laterThan(job, target, requests).some(({ isAccepted }) => isAccepted);
  });
}
