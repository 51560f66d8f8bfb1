import { access, constants, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, sep } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { messageOf, systemCodeOf, unlessMissing } from "../lib/failure.js";
import { parseJson } from "../lib/json.js";
import { isLocked, takeLock } from "../lib/lock.js";
import { mapConcurrent } from "../lib/map-concurrent.js";
import { requiredStateDirectory } from "../lib/paths.js";
import { unsent } from "../lib/tool-error.js";
import { Archive, type ArchivedJobs, jobFileName } from "./archive.js";
import { type Job, withoutOwner } from "./job.js";
import { SightingFiles } from "./sighting-files.js";
import { type Claim, claimTakenOver, type JobStore } from "./store.js";
import {
  namesInDirectory,
  placeAndCode,
  readRecord,
  type StoredJobs,
  type StoredRecord,
  storedJobs,
  unknownBecause,
} from "./unreadable.js";

/** The default folder of the journal. */
export function journalFolder(): string {
  return join(requiredStateDirectory(), "jobs");
}

/** How long to wait for another process's claim, in milliseconds: that of a killed process has expired by then. */
const LOCK_TIMEOUT = 4_000;

/** How many files are open at a time: systems allow a process 256 or more. */
const MAX_OPEN_FILES = 16;

/** A file for each job, replaced atomically and synced to disk: a crash leaves it as before or as after a step. */
export class JobFiles implements JobStore {
  readonly self = { pid: process.pid, host: hostname() };
  readonly sightings: SightingFiles;
  readonly #folder: string;
  readonly #archive: Archive;
  /** Names of claims that were taken over and not given back yet. */
  readonly #lost = new Set<string>();
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(folder: string) {
    this.#folder = folder;
    this.#archive = new Archive(join(folder, "archive"));
    this.sightings = new SightingFiles(folder, this.#archive);
  }

  async all(): Promise<StoredJobs> {
    try {
      const names = await namesInDirectory(this.#folder);
      const ids = names.flatMap((name) => jobFileName.exec(name)?.[1] ?? []);
      const records = await mapConcurrent(ids, MAX_OPEN_FILES, (id) => this.#read(id));
      return storedJobs(records.flatMap((record) => record ?? []));
    } catch (error) {
      return { jobs: [], unreadable: [{ what: placeAndCode(this.#folder, error) }] };
    }
  }

  async requireWritable(): Promise<void> {
    await requireWritableDirectory(this.#folder).catch(this.#unwritable);
  }

  /** A process that is killed in between leaves a name of an id that was drawn, which is then not used. */
  async create(written: Job): Promise<boolean> {
    const { id } = written;
    await this.#makeFolder();
    const reservation = join(this.#folder, `${id}.new`);
    try {
      // Two processes that draw the same id at once: one has it.
      await writeFile(reservation, "", { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (systemCodeOf(error) === "EEXIST") return false;
      return this.#unwritable(error);
    }
    try {
      const existing = await unlessMissing(stat(this.#path(id)), undefined).catch(this.#unwritable);
      // An archive that cannot be read is no reason to open no job: two ids are hardly ever the same.
      const archived = await this.#archive.read(`${id}.json`).catch(() => undefined);
      if ((existing ?? archived) !== undefined) return false;
      await this.write(written);
      return true;
    } finally {
      await rm(reservation, { force: true }).catch(() => {});
    }
  }

  async write(written: Job): Promise<void> {
    if (this.#lost.has(written.key)) throw claimTakenOver();
    await this.#makeFolder();
    const text = `${JSON.stringify(written, null, 2)}\n`;
    await writeFileAtomic(this.#path(written.id), text, { mode: 0o600 }).catch(this.#unwritable);
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true }).catch(this.#unwritable);
  }

  async noteChange(at: Date): Promise<void> {
    this.#changedAt = at.getTime();
  }

  /** By this process. */
  async lastChange(): Promise<number> {
    return this.#changedAt;
  }

  async claim(name: string): Promise<Claim | undefined> {
    await this.#makeFolder();
    let held = true;
    try {
      const release = await takeLock(this.#lockOf(name), LOCK_TIMEOUT, () => {
        held = false;
        this.#lost.add(name);
      });
      this.#lost.delete(name);
      return {
        isHeld: () => held,
        release: async () => {
          this.#lost.delete(name);
          // A lock that cannot be released goes stale.
          if (held) await release().catch(() => {});
        },
      };
    } catch (error) {
      if (systemCodeOf(error) === "ELOCKED") return undefined;
      return this.#unwritable(error);
    }
  }

  /** If another process writes the job later, both files exist, and the newer one counts. */
  async archive(judged: Job): Promise<boolean> {
    try {
      const release = await takeLock(this.#lockOf(judged.key), 0, () => {});
      try {
        const present = await this.#read(judged.id);
        // The claim is this process's own now: nobody else works on it.
        if (present === undefined || !("job" in present)) return false;
        if (JSON.stringify(withoutOwner(present.job)) !== JSON.stringify(withoutOwner(judged))) return false;
        await this.#archive.add(this.#path(judged.id), `${judged.id}.json`, judged.startedAt);
        await this.sightings.archive(judged.id, judged.startedAt);
        return true;
      } finally {
        await release();
      }
    } catch {
      return false;
    }
  }

  archived(): Promise<ArchivedJobs> {
    return this.#archive.summary();
  }

  async archivedJob(id: string): Promise<Job | undefined> {
    const name = `${id}.json`;
    const record = jobFileName.test(name) ? await this.#readArchived(name) : undefined;
    if (record === undefined) return undefined;
    if ("job" in record) return withoutOwner(record.job);
    throw unknownBecause(`What job ${id} did`, [record.unreadable]);
  }

  async archivedIn(month: string): Promise<StoredJobs> {
    const folder = this.#archive.folderOf(month);
    try {
      const names = await this.#archive.namesIn(month);
      const records = await mapConcurrent(names, MAX_OPEN_FILES, (name) => this.#readArchived(name, month));
      const { jobs, unreadable } = storedJobs(records.flatMap((record) => record ?? []));
      return { jobs: jobs.map(withoutOwner), unreadable };
    } catch (error) {
      return { jobs: [], unreadable: [{ what: placeAndCode(folder, error) }] };
    }
  }

  /** Undefined if no month, or not this one, has the file. */
  async #readArchived(name: string, month?: string): Promise<StoredRecord | undefined> {
    const id = name.slice(0, 8);
    const place = join(this.#archive.folderOf(month), name);
    try {
      const text = await this.#archive.read(name, month);
      return text === undefined ? undefined : readRecord(id, place, parseJson(text));
    } catch (error) {
      return { unreadable: { id, what: placeAndCode(place, error) } };
    }
  }

  /**
   * The owner, only as long as a process holds the claim: the process id that a killed process left behind may belong
   * to another process by now. Undefined if there is no such job, or no longer.
   */
  async #read(id: string): Promise<StoredRecord | undefined> {
    const path = this.#path(id);
    try {
      const text = await unlessMissing(readFile(path, "utf8"), undefined);
      if (text === undefined) return undefined;
      const record = readRecord(id, path, parseJson(text));
      if (!("job" in record) || record.job.owner === undefined) return record;
      return (await isLocked(this.#lockOf(record.job.key))) ? record : { job: withoutOwner(record.job) };
    } catch (error) {
      return { unreadable: { id, what: placeAndCode(path, error) } };
    }
  }

  async #makeFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch(this.#unwritable);
  }

  /** Says only that nothing was sent now; a caller that has sent something before reports that itself. */
  readonly #unwritable = (error: unknown): never => {
    throw unsent(
      "configuration",
      `The journal of deployments cannot be kept in ${this.#folder}: ${messageOf(error)}.`,
      "Ask the operator to make the directory writable, or to name another with --jobs, and to restart the server.",
    );
  };

  #lockOf(name: string): string {
    return join(this.#folder, name.slice(0, 16));
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** Makes nothing. @throws if a directory cannot be written, or could not be made */
async function requireWritableDirectory(path: string): Promise<void> {
  try {
    await access(`${path}${sep}.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    await requireWritableDirectory(dirname(path));
  }
}
