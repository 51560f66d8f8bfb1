import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import envPaths from "env-paths";
import writeFileAtomic from "write-file-atomic";
import { messageOf, systemCodeOf } from "../lib/failure.js";
import { parseJson } from "../lib/json.js";
import { takeLock } from "../lib/lock.js";
import { mapConcurrent } from "../lib/map-concurrent.js";
import { type ToolError, unsent } from "../lib/tool-error.js";
import { archivable } from "./archivable.js";
import { Archive, type ArchivedJobs } from "./archive.js";
import { type Job, type JobTarget, job } from "./job.js";
import {
  type Accounts,
  isOwnRequest,
  requestsIn,
  rolloutWithinMs,
  type SentRequest,
  withSuperseded,
} from "./requests.js";
import { Sightings } from "./sightings.js";

/** The default folder of the journal. */
export function journalFolder(): string {
  return join(envPaths("cloudcert-mcp", { suffix: "" }).log, "jobs");
}

const fileName = /^([0-9a-f]{8})\.json$/;

/** How long to wait for another process's claim, in milliseconds: that of a killed process has expired by then. */
const PATIENCE = 4_000;

/** How many files are open at a time: systems allow a process 256 or more. */
const filesAtOnce = 16;

/** The least time between two looks for what can be archived, in milliseconds, and how much is moved at each. */
const archivesEvery = 60 * 60_000;
const archivedAtOnce = 500;

/** The content of the journal. */
export interface Recorded {
  /** Deployments and rollbacks of this account, newest first. */
  readonly jobs: readonly Job[];
  /** Everything sent to the resources that this server reaches, including single operations; newest first. */
  readonly requests: readonly SentRequest[];
  /** How many jobs belong to another or an unknown account or endpoint. */
  readonly foreign: number;
}

/** The right to work on a job, held by one process at a time. */
export interface Claim {
  /** Whether no other process has taken it over, as may happen to a suspended process. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/**
 * The outcome of deployments and rollbacks: one file each, replaced atomically and synced to disk, so a crash leaves
 * the state before or after a step and nothing in between.
 */
export class Journal {
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #accounts: Accounts | undefined;
  readonly #redact: (json: string) => string;
  /** What the targets of jobs were seen serving. */
  readonly sightings: Sightings;
  readonly #archive: Archive;
  #archivedAt = Number.NEGATIVE_INFINITY;
  readonly #saved: (job: Job) => void;
  #changedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param accounts the accounts whose jobs to read; absent: all, for readers of the files
   * @param redact receives everything that is written, and returns JSON
   * @param saved receives each job that was written; must not throw
   */
  constructor(
    folder: string,
    now: () => Date,
    accounts?: Accounts,
    redact: (json: string) => string = (json) => json,
    saved: (job: Job) => void = () => {},
  ) {
    this.#folder = folder;
    this.#now = now;
    this.#accounts = accounts;
    this.#redact = redact;
    this.#archive = new Archive(join(folder, "archive"), fileName);
    this.sightings = new Sightings(folder, redact, this.#archive);
    this.#saved = saved;
  }

  /** Opens a new job; it is on disk when this resolves. */
  async open(given: Omit<Job, "id" | "startedAt" | "changedAt" | "owner">): Promise<Job> {
    const at = this.#now().toISOString();
    return this.save({ ...given, id: randomBytes(4).toString("hex"), startedAt: at, changedAt: at, owner: self() });
  }

  /** Writes the job as it is now; it is on disk when this resolves. */
  async save(changed: Job): Promise<Job> {
    const targets = changed.targets.map((target) => {
      const account = target.account ?? this.#accounts?.(target.service);
      return { ...target, ...(account && { account }) };
    });
    const told = this.#redact(JSON.stringify({ ...changed, targets, changedAt: this.#now().toISOString() }));
    const saved = job.parse(JSON.parse(told));
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(this.#path(saved.id), `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
    this.#saved(saved);
    return saved;
  }

  /** The job with this id, also if it is archived; undefined if this account has none that can be read. */
  async find(id: string): Promise<Job | undefined> {
    const name = `${id}.json`;
    if (!fileName.test(name)) return undefined;
    const { jobs, requests } = await this.read();
    const listed = jobs.find((each) => each.id === id);
    if (listed !== undefined) return listed;
    const archived = parsedJob(await this.#archive.read(name));
    return archived && this.#isOwn(archived) ? withSuperseded(archived, requests) : undefined;
  }

  /** All jobs of this account, newest first. Invalid files are skipped. */
  async list(): Promise<readonly Job[]> {
    return (await this.read()).jobs;
  }

  /** Everything recorded, read at one time. */
  async read(): Promise<Recorded> {
    const all = await this.#all();
    const requests = requestsIn(all, this.#accounts);
    const jobs = all.filter(({ kind }) => kind !== "operation");
    const own = jobs.filter((each) => this.#isOwn(each));
    return { jobs: own.map((each) => withSuperseded(each, requests)), requests, foreign: jobs.length - own.length };
  }

  /** Notes that a single operation is about to change what a domain serves, in case the files do not show it. */
  noteChange(): void {
    this.#changedAt = this.#now().getTime();
  }

  /** Whether anything that changes what a domain serves was sent since then (milliseconds). */
  async changedSince(time: number): Promise<boolean> {
    return this.#changedAt >= time || (await this.read()).requests.some(({ at }) => at >= time);
  }

  /** Removes the records of single operations once they can no longer be on their way. */
  async forgetOperations(): Promise<void> {
    const old = (await this.#all()).filter(
      ({ kind, changedAt }) => kind === "operation" && this.#now().getTime() - Date.parse(changedAt) > rolloutWithinMs,
    );
    await Promise.all(old.map(({ id }) => this.remove(id)));
  }

  /** Removes what turned out never to have happened. */
  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  /**
   * Claims the jobs of this key for this process.
   * @throws {ToolError} while another process works on one of them
   */
  async claim(key: string): Promise<Claim> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch((error) => {
      throw unwritable(this.#folder, error);
    });
    let held = true;
    const release = await takeLock(this.#lockOf(key), PATIENCE, () => {
      held = false;
    }).catch((error) => {
      throw systemCodeOf(error) === "ELOCKED" ? busy() : error;
    });
    return { isHeld: () => held, release: async () => void (held && (await release())) };
  }

  /** How many jobs are archived, of all accounts. No file of them is read. */
  archived(): Promise<ArchivedJobs> {
    return this.#archive.held();
  }

  /** The archived jobs of this account that started in a month (YYYY-MM), newest first. */
  async archivedIn(month: string): Promise<readonly Job[]> {
    const names = await this.#archive.namesIn(month);
    const texts = await mapConcurrent(names, filesAtOnce, (name) => this.#archive.read(name, month));
    return newestFirst(texts.flatMap((text) => parsedJob(text) ?? []).filter((each) => this.#isOwn(each)));
  }

  /**
   * Moves jobs that nothing needs any more ({@link archivable}) to the archive, an hour after the last time at the
   * earliest. What cannot be moved now stays for the next time, and so does what was sent later to its targets.
   */
  async archiveOld(): Promise<void> {
    const now = this.#now();
    if (now.getTime() - this.#archivedAt < archivesEvery) return;
    this.#archivedAt = now.getTime();
    const stays = new Set<string>();
    for (const old of archivable(await this.#all(), now, isWorkedOn).slice(0, archivedAtOnce)) {
      const targets = old.targets.map(({ id }) => id);
      if (targets.some((id) => stays.has(id)) || !(await this.#archiveOne(old)))
        for (const id of targets) stays.add(id);
    }
  }

  /** Only as it was judged, and while no process has it: what one writes later is then found beside it, and counts. */
  async #archiveOne(judged: Job): Promise<boolean> {
    try {
      const release = await takeLock(this.#lockOf(judged.key), 0, () => {});
      try {
        const present = await this.#read(judged.id);
        if (JSON.stringify(present) !== JSON.stringify(judged)) return false;
        await this.#archive.take(this.#path(judged.id), `${judged.id}.json`, judged.startedAt);
        await this.sightings.archive(judged.id, judged.startedAt);
        return true;
      } finally {
        await release();
      }
    } catch {
      return false;
    }
  }

  #isOwn({ targets }: Job): boolean {
    return targets.every((target) => isOwnRequest(target, this.#accounts));
  }

  async #all(): Promise<readonly Job[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const ids = names.flatMap((name) => fileName.exec(name)?.[1] ?? []);
    const jobs = await mapConcurrent(ids, filesAtOnce, (id) => this.#read(id));
    return newestFirst(jobs.flatMap((found) => found ?? []));
  }

  async #read(id: string): Promise<Job | undefined> {
    return parsedJob(await readFile(this.#path(id), "utf8").catch(() => undefined));
  }

  #lockOf(key: string): string {
    return join(this.#folder, key.slice(0, 16));
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function newestFirst(jobs: readonly Job[]): readonly Job[] {
  return [...jobs].sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

function parsedJob(text: string | undefined): Job | undefined {
  if (text === undefined) return undefined;
  return job.safeParse(parseJson(text)).data;
}

/** Thrown before anything is sent: no job starts without its journal. */
function unwritable(folder: string, error: unknown): ToolError {
  return unsent(
    "configuration",
    `The journal of deployments cannot be kept in ${folder}: ${messageOf(error)}.`,
    "The operator makes the directory writable, or names another with --jobs, and restarts the server.",
  );
}

function busy(): ToolError {
  const next = "Check list_jobs until it has ended, then call again to do what is left.";
  return unsent("refused", "Another process is working on this job.", next);
}

/** This process, as the owner of a job. */
export function self(): { pid: number; host: string } {
  return { pid: process.pid, host: hostname() };
}

/** Whether a process is working on the job; a killed one leaves its id there. Other machines cannot be checked. */
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
