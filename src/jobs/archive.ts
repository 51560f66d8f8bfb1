import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { unlessMissing } from "../lib/failure.js";
import { namesInDirectory, placeAndCode, type UnreadableRecord } from "./unreadable.js";

/** How many jobs the archive has, and from when. */
export interface ArchivedJobs {
  readonly count: number;
  /** In order, as YYYY-MM; a folder each. */
  readonly months: readonly string[];
  /** What could not be counted; absent if all was. */
  readonly unreadable?: readonly UnreadableRecord[];
}

/** The name of a job's file, with its id. */
export const jobFileName = /^([0-9a-f]{8})\.json$/;

const monthName = /^\d{4}-\d{2}$/;

/**
 * Files of jobs that nothing needs any more, in a folder for each month in which they started. A file is moved there
 * in one step of the file system: it is here or there after a crash, and a full disk leaves it where it was. It is
 * read only when somebody asks for it.
 */
export class Archive {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The folder of a month, or that of all. */
  folderOf(month?: string): string {
    return month !== undefined && monthName.test(month) ? join(this.#folder, month) : this.#folder;
  }

  /** Moves a file in. It replaces an older state of the same job. */
  async add(path: string, name: string, startedAt: string): Promise<void> {
    const month = join(this.#folder, startedAt.slice(0, 7));
    await mkdir(month, { recursive: true, mode: 0o700 });
    await rename(path, join(month, name));
  }

  async summary(): Promise<ArchivedJobs> {
    try {
      const months = await this.#months();
      const names = await Promise.all(months.map((month) => this.namesIn(month)));
      return { count: names.flat().length, months: months.filter((_, index) => names[index]?.length !== 0) };
    } catch (error) {
      return { count: 0, months: [], unreadable: [{ what: placeAndCode(this.#folder, error) }] };
    }
  }

  /**
   * The names of the files of a month.
   * @throws {Error} of the system, if they cannot be listed
   */
  async namesIn(month: string): Promise<readonly string[]> {
    if (!monthName.test(month)) return [];
    const names = await namesInDirectory(join(this.#folder, month));
    return names.filter((name) => jobFileName.test(name));
  }

  /**
   * The content of a file; in any month if none is given. Undefined if there is none.
   * @throws {Error} of the system, if it cannot be read
   */
  async read(name: string, month?: string): Promise<string | undefined> {
    const months = month === undefined ? (await this.#months()).reverse() : [month];
    for (const each of months) {
      const text = await unlessMissing(readFile(join(this.#folder, each, name), "utf8"), undefined);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  async #months(): Promise<string[]> {
    const names = await namesInDirectory(this.#folder);
    return names.filter((name) => monthName.test(name)).sort();
  }
}
