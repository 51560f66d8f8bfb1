import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { systemCodeOf } from "../lib/failure.js";
import { sha256Hex } from "../lib/sha256.js";
import { unlessFailed, unsent } from "../lib/tool-error.js";
import { archivable } from "./archivable.js";
import type { ArchivedJobs } from "./archive.js";
import { type Job, type JobTarget, jobSchema, targetServices } from "./job.js";
import {
  type AccountResolver,
  isOwnRequest,
  requestsIn,
  rolloutWithinMs,
  type SentRequest,
  withSuperseded,
} from "./requests.js";
import { type SeenServed, type SightingStore, sightingSchema } from "./sightings.js";
import type { Claim, JobStore } from "./store.js";
import { refuseAbsence, type StoredJobs, type UnreadableRecord } from "./unreadable.js";

/** The least time between two looks for what can be archived, in milliseconds, and how much is moved at each. */
const archivesEvery = 60 * 60_000;
const archivedAtOnce = 500;

/** The content of the journal. */
export interface JournalContent {
  /** Jobs of this account, newest first: deployments (turning HTTPS off is one, too), rollbacks and deletions. */
  readonly jobs: readonly Job[];
  /** Everything sent to the resources that this server reaches, including single operations; newest first. */
  readonly requests: readonly SentRequest[];
  /** How many jobs belong to another or an unknown account or endpoint. */
  readonly otherAccountJobs: number;
  /** What is there and could not be read, of any account. */
  readonly unreadable: readonly UnreadableRecord[];
}

interface JournalOptions {
  /** The accounts whose jobs to read; absent: all, for readers of the store. */
  readonly accountFor?: AccountResolver;
  /** Receives everything that is written, and returns JSON. */
  readonly redact?: (json: string) => string;
  /** Receives each job that was written; must not throw. */
  readonly onSaved?: (job: Job) => void;
  /** Draws the id of a job: 8 hexadecimal digits. */
  readonly newId?: () => string;
}

/** If this many random ids are taken, the random source is broken. */
const MAX_ID_DRAWS = 8;

/**
 * The outcome of jobs and of single operations, written before and after each step: a crash leaves the state before or
 * after a step and nothing in between.
 */
export class Journal {
  readonly #store: JobStore;
  readonly #now: () => Date;
  readonly #options: JournalOptions;
  #archivedAt = Number.NEGATIVE_INFINITY;

  constructor(store: JobStore, now: () => Date, options: JournalOptions = {}) {
    this.#store = store;
    this.#now = now;
    this.#options = options;
  }

  /** What the targets of jobs were seen serving. */
  get sightings(): SightingStore {
    return this.#store.sightings;
  }

  /** This process, as the owner of a job. */
  get self(): NonNullable<Job["owner"]> {
    return this.#store.self;
  }

  /** To be called before a person is asked. @throws {ToolError} if it is certain that nothing could be written */
  requireWritable(): Promise<void> {
    return this.#store.requireWritable();
  }

  /** Opens a new job, under an id that no other job has; it is on disk when this resolves. */
  async open(job: Omit<Job, "id" | "startedAt" | "changedAt" | "owner">): Promise<Job> {
    const at = this.#now().toISOString();
    const { newId = () => randomBytes(4).toString("hex"), onSaved } = this.#options;
    for (let draws = 0; draws < MAX_ID_DRAWS; draws += 1) {
      const opened = this.#prepareWrite({ ...job, id: newId(), startedAt: at, changedAt: at, owner: this.self });
      if (!(await this.#store.create(opened))) continue;
      onSaved?.(opened);
      return opened;
    }
    const next = "Call again; if it stays so, ask the operator whether the random numbers of this machine are random.";
    throw unsent("configuration", `The journal has a job for each of ${MAX_ID_DRAWS} ids that were drawn.`, next);
  }

  /** Writes the job as it is now; it is on disk when this resolves. */
  async save(changed: Job): Promise<Job> {
    const saved = this.#prepareWrite(changed);
    await this.#store.write(saved);
    this.#options.onSaved?.(saved);
    return saved;
  }

  /** A job as it is written now. */
  #prepareWrite(changed: Job): Job {
    const targets = changed.targets.map((target) => {
      const account = target.account ?? this.#options.accountFor?.(target.service);
      return { ...target, ...(account && { account }) };
    });
    return jobSchema.parse(this.#redacted({ ...changed, targets, changedAt: this.#now().toISOString() }));
  }

  /**
   * The job with this id, also if it is archived; undefined if this account has none.
   * @throws {ToolError} if that is not known, because its record or the journal as a whole could not be read
   */
  async find(id: string): Promise<Job | undefined> {
    const { jobs, requests, unreadable } = await this.read();
    const listed = jobs.find((each) => each.id === id);
    if (listed !== undefined) return listed;
    refuseAbsence(unreadable, `What job ${id} did`, id);
    const archived = await this.#store.archivedJob(id);
    return archived && this.#isOwn(archived) ? withSuperseded(archived, requests) : undefined;
  }

  /** All jobs of this account that could be read, newest first. */
  async list(): Promise<readonly Job[]> {
    return (await this.read()).jobs;
  }

  /** A sighting, redacted as it may be kept. */
  redacted({ sighting, certificates }: SeenServed): SeenServed {
    return { sighting: sightingSchema.parse(this.#redacted(sighting)), certificates };
  }

  #redacted(value: object): unknown {
    const { redact = (json) => json } = this.#options;
    return JSON.parse(redact(JSON.stringify(value)));
  }

  /** Everything recorded, in a single reading. */
  async read(): Promise<JournalContent> {
    const { jobs: all, unreadable } = await this.#all();
    const requests = requestsIn(all, this.#options.accountFor);
    const jobs = all.filter(({ kind }) => kind !== "operation");
    const own = jobs.filter((each) => this.#isOwn(each));
    const otherAccountJobs = jobs.length - own.length;
    return { jobs: own.map((each) => withSuperseded(each, requests)), requests, otherAccountJobs, unreadable };
  }

  /** Notes that a single operation is about to change what a domain serves, in case no job shows it. */
  noteChange(): Promise<void> {
    return this.#store.noteChange(this.#now());
  }

  /** Whether anything that changes what a domain serves was sent, or may have been, since then (milliseconds). */
  async changedSince(time: number): Promise<boolean> {
    if ((await this.#store.lastChange()) >= time) return true;
    const { requests, unreadable } = await this.read();
    return unreadable.length > 0 || requests.some(({ at }) => at >= time);
  }

  /** Removes the records of single operations once they can no longer be on their way. */
  async forgetOperations(): Promise<void> {
    const old = (await this.#all()).jobs.filter(
      ({ kind, changedAt }) => kind === "operation" && this.#now().getTime() - Date.parse(changedAt) > rolloutWithinMs,
    );
    await Promise.all(old.map(({ id }) => this.remove(id)));
  }

  /** Removes what turned out never to have happened. */
  async remove(id: string): Promise<void> {
    await this.#store.remove(id);
  }

  /**
   * Claims the jobs of this key for this process.
   * @throws {ToolError} while another process works on one of them
   */
  async claim(key: string): Promise<Claim> {
    const claim = await this.#store.claim(key);
    if (claim !== undefined) return claim;
    const next = "Check list_jobs until it has ended, then call again to do what is left.";
    throw unsent("refused", "Another process is working on this job.", next);
  }

  /**
   * Does work that only one process at a time may do for these accounts.
   * @returns undefined if another process is doing it
   */
  async exclusively<Value>(what: string, work: () => Promise<Value>): Promise<Value | undefined> {
    const accounts = targetServices.map((service) => this.#options.accountFor?.(service)?.credential);
    const claim = await this.#store.claim(`${what}-${sha256Hex(JSON.stringify(accounts)).slice(0, 8)}`);
    if (claim === undefined) return undefined;
    try {
      return await work();
    } finally {
      await claim.release();
    }
  }

  /** How many jobs are archived, of all accounts. None of them is read. */
  archived(): Promise<ArchivedJobs> {
    return this.#store.archived();
  }

  /** The archived jobs of this account that started in a month (YYYY-MM), newest first. */
  async archivedIn(month: string): Promise<StoredJobs> {
    const { jobs, unreadable } = await this.#store.archivedIn(month);
    return { jobs: newestFirst(jobs.filter((each) => this.#isOwn(each))), unreadable };
  }

  /**
   * Moves jobs that nothing needs any more ({@link archivable}) to the archive, an hour after the last time at the
   * earliest. What cannot be moved now stays for the next time, and so does what was sent later to its targets.
   */
  async archiveOld(): Promise<void> {
    const now = this.#now();
    if (now.getTime() - this.#archivedAt < archivesEvery) return;
    this.#archivedAt = now.getTime();
    // A failure is left for the next time: archiving is not urgent, and must not hide the job's own outcome.
    await unlessFailed(this.#archiveOf(now), () => undefined);
  }

  async #archiveOf(now: Date): Promise<void> {
    const { jobs, unreadable } = await this.#all();
    // What could not be read may need any of the others.
    if (unreadable.length > 0) return;
    const stays = new Set<string>();
    for (const old of archivable(jobs, now, isWorkedOn).slice(0, archivedAtOnce)) {
      const targets = old.targets.map(({ id }) => id);
      if (targets.some((id) => stays.has(id)) || !(await this.#store.archive(old)))
        for (const id of targets) stays.add(id);
    }
  }

  #isOwn({ targets }: Job): boolean {
    return targets.every((target) => isOwnRequest(target, this.#options.accountFor));
  }

  async #all(): Promise<StoredJobs> {
    const { jobs, unreadable } = await this.#store.all();
    return { jobs: newestFirst(jobs), unreadable };
  }
}

function newestFirst(jobs: readonly Job[]): readonly Job[] {
  return [...jobs].sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/**
 * Whether a process is working on the job. The store leaves out the owner whose claim has lapsed; one that was killed on
 * this machine a moment ago is known to be gone before that.
 */
export function isWorkedOn({ owner }: Pick<Job, "owner">): boolean {
  if (owner === undefined) return false;
  if (owner.host !== hostname()) return true;
  try {
    return process.kill(owner.pid, 0);
  } catch (error) {
    // It exists, but belongs to another user.
    return systemCodeOf(error) === "EPERM";
  }
}

/** Targets that a later run still has to work on. */
export function unfinished({ targets }: Pick<Job, "targets">): readonly JobTarget[] {
  const open: readonly JobTarget["state"][] = ["pending", "sending", "failed", "not attempted"];
  return targets.filter(({ state }) => open.includes(state));
}
