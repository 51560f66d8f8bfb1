import { lstat, readdir } from "node:fs/promises";
import { messageOf, systemCodeOf, unlessMissing } from "../lib/failure.js";
import { firstOf } from "../lib/lists.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { type ToolError, unsent } from "../lib/tool-error.js";
import { type Job, jobSchema } from "./job.js";

/** A record of the journal that is there and cannot be read: what it says was sent is not known. */
export interface UnreadableRecord {
  /** Absent for all of them at once, as when their directory cannot be listed. */
  readonly id?: string;
  /** Where it is and what is wrong: "/state/jobs/1a2b3c4d.json (EACCES)". */
  readonly what: string;
}

/** What a store holds: the jobs, and what is there and cannot be read as one. */
export interface StoredJobs {
  readonly jobs: readonly Job[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** What is stored under an id. */
export type StoredRecord = { readonly job: Job } | { readonly unreadable: UnreadableRecord };

/**
 * A stored value as a job, or what is wrong with it; does not repeat the value.
 * @param place where it is, for a person
 * @param value undefined if it is not JSON
 */
export function readRecord(id: string, place: string, value: unknown): StoredRecord {
  const parsed = jobSchema.safeParse(value);
  if (parsed.success) return { job: parsed.data };
  const at = parsed.error.issues[0]?.path.join(".");
  const foreign = at ? `${at} is not as this version writes it` : "not a job";
  return { unreadable: { id, what: `${place} (${value === undefined ? "damaged or cut short" : foreign})` } };
}

export function storedJobs(records: readonly StoredRecord[]): StoredJobs {
  return {
    jobs: records.flatMap((each) => ("job" in each ? each.job : [])),
    unreadable: records.flatMap((each) => ("unreadable" in each ? each.unreadable : [])),
  };
}

/** "/state/jobs/1a2b3c4d.json (EACCES)": by the system's code, which can be looked up. */
export function placeAndCode(path: string, error: unknown): string {
  return `${path} (${systemCodeOf(error) ?? messageOf(error)})`;
}

/**
 * The names in a directory of the journal; none if it is not there, or below a file, where none can be.
 * @throws {Error} of the system, also if it is no directory
 */
export async function namesInDirectory(path: string): Promise<readonly string[]> {
  const found = await unlessMissing(lstat(path), undefined);
  return found === undefined ? [] : readdir(path);
}

const MAX_NAMED = 3;

/** "2 records of the journal could not be read: …" */
export function describeUnreadable(unreadable: readonly UnreadableRecord[]): SafeText {
  const named = verbatim(firstOf([...new Set(unreadable.map(({ what }) => what))], MAX_NAMED).join(", "));
  if (unreadable.some(({ id }) => id === undefined)) return safe`The journal could not be read: ${named}`;
  return unreadable.length === 1
    ? safe`1 record of the journal could not be read: ${named}`
    : safe`${unreadable.length} records of the journal could not be read: ${named}`;
}

/** What a person must know before a change is made without these records. */
export function unreadableWarning(unreadable: readonly UnreadableRecord[]): SafeText {
  return safe`${describeUnreadable(unreadable)}. What these sent is not known: it may still be on its way, or be sent again.`;
}

/** What the operator does about it. */
export const makeReadable = safe`Ask the operator to make that readable to the user that runs this server (chown), or to start the version that wrote it; a damaged file can be moved out of the directory, once a person has checked what the clouds serve.`;

/** The error where something depends on records that could not be read. */
export function unknownBecause(question: string, unreadable: readonly UnreadableRecord[]): ToolError {
  return unsent("configuration", `${question} is not known. ${describeUnreadable(unreadable)}.`, String(makeReadable));
}

/**
 * To be called before anybody is told that the journal does not have something.
 * @param id of what is looked for; absent if any record may be it
 * @throws {ToolError} if it may be among what could not be read
 */
export function refuseAbsence(unreadable: readonly UnreadableRecord[], question: string, id?: string): void {
  const may = unreadable.filter((each) => id === undefined || each.id === undefined || each.id === id);
  if (may.length > 0) throw unknownBecause(question, may);
}
