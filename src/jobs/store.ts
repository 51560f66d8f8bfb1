import { type ToolError, unsent } from "../lib/tool-error.js";
import type { ArchivedJobs } from "./archive.js";
import type { Job } from "./job.js";
import type { SightingStore } from "./sightings.js";
import type { StoredJobs } from "./unreadable.js";

/** The right to work on a job, held by one process at a time. */
export interface Claim {
  /** Whether no other process has taken it over, as may happen to a suspended process. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/** Where the journal is kept. What is there and cannot be read is never left out in silence. */
export interface JobStore {
  /** This process, as the owner of a job. */
  readonly self: NonNullable<Job["owner"]>;
  /** What the targets of jobs were seen serving. */
  readonly sightings: SightingStore;
  /** All jobs that are not archived, in any order. */
  all(): Promise<StoredJobs>;
  /**
   * To be called before a person is asked.
   * @throws {ToolError} if it is certain that nothing could be written
   */
  requireWritable(): Promise<void>;
  /**
   * Writes a new job, as `write` does.
   * @returns false if its id is that of another job, archived or not; nothing is written then
   * @throws {ToolError} like `write`
   */
  create(job: Job): Promise<boolean>;
  /**
   * Writes a job, new or changed; it is on disk when this resolves. A job that is archived is then so no more.
   * @throws {ToolError} if it cannot be written, or another process has taken over this one's claim
   */
  write(job: Job): Promise<void>;
  remove(id: string): Promise<void>;
  /** Notes that something changed what a domain serves, in case no job shows it. */
  noteChange(at: Date): Promise<void>;
  /** When that was noted last, in milliseconds; as far as this store remembers. */
  lastChange(): Promise<number>;
  /**
   * Claims what has this name for this process.
   * @returns undefined if another process holds it all the time
   * @throws {ToolError} if nothing can be claimed
   */
  claim(name: string): Promise<Claim | undefined>;
  /** Moves a job to the archive; false if it has changed meanwhile or a process works on it. */
  archive(judged: Job): Promise<boolean>;
  /** How many jobs are archived. None of them is read. */
  archived(): Promise<ArchivedJobs>;
  /**
   * The newest state of an archived job; undefined if none is archived under this id.
   * @throws {ToolError} if it cannot be read
   */
  archivedJob(id: string): Promise<Job | undefined>;
  archivedIn(month: string): Promise<StoredJobs>;
}

/** The error of a process whose claim was taken over, for example while it was suspended: its data is out of date. */
export function claimTakenOver(): ToolError {
  return unsent(
    "refused",
    "Another process works on this job, so this one wrote nothing more about it.",
    "Check list_jobs; call again once no process works on it.",
  );
}
