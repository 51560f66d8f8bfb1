import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { unlessMissing } from "../lib/failure.js";
import { parseJson } from "../lib/json.js";
import { sha256Hex } from "../lib/sha256.js";
import type { Archive } from "./archive.js";
import {
  fingerprint,
  type JobSightings,
  MAX_SIGHTINGS_BYTES,
  type SeenServed,
  type Sighting,
  type SightingStore,
  sightingSchema,
} from "./sightings.js";

/** A line of the file: a certificate, once, or a sighting. */
const line = z.union([
  z.strictObject({ certificate: fingerprint, der: z.string() }),
  z.strictObject({ look: sightingSchema }),
]);

/** A file for each job next to the journal's. */
export class SightingFiles implements SightingStore {
  readonly #folder: string;
  readonly #archive: Archive;

  constructor(folder: string, archive: Archive) {
    this.#folder = folder;
    this.#archive = archive;
  }

  async add(job: string, seen: readonly SeenServed[]): Promise<boolean> {
    const known = (await this.of(job)).certificates;
    const fresh = new Map(
      seen.flatMap(({ certificates }) => [...certificates].filter(([digest]) => !known.has(digest))),
    );
    const lines = [
      ...[...fresh].map(([certificate, der]) => ({ certificate, der: der.toString("base64") })),
      ...seen.map(({ sighting }) => ({ look: sighting })),
    ];
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.#path(job), "a+", 0o600);
    try {
      const { size } = await file.stat();
      if (size > MAX_SIGHTINGS_BYTES) return false;
      // A line that a killed process left unfinished ends here.
      const start = size === 0 ? "" : "\n";
      await file.appendFile(`${start}${lines.map((each) => JSON.stringify(each)).join("\n")}\n`);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  async of(job: string): Promise<JobSightings> {
    const sightings: Sighting[] = [];
    const certificates = new Map<string, Buffer>();
    for (const text of (await this.#read(job)).split("\n")) {
      const read = text === "" ? undefined : line.safeParse(parseJson(text)).data;
      if (read === undefined) continue;
      if ("look" in read) {
        sightings.push(read.look);
        continue;
      }
      const der = Buffer.from(read.der, "base64");
      if (sha256Hex(der) === read.certificate) certificates.set(read.certificate, der);
    }
    return { sightings, certificates };
  }

  /** Moves the file of a job to the archive, as the job's own; what came after an earlier move stays here. */
  async archive(job: string, startedAt: string): Promise<void> {
    if ((await this.#archive.read(nameOf(job))) !== undefined) return;
    await unlessMissing(this.#archive.add(this.#path(job), nameOf(job), startedAt), undefined);
  }

  /** What is archived comes first: later sightings, as by wait_for, begin a new file. */
  async #read(job: string): Promise<string> {
    const archived = (await this.#archive.read(nameOf(job))) ?? "";
    const later = await unlessMissing(readFile(this.#path(job), "utf8"), undefined);
    return later === undefined ? archived : `${archived}\n${later}`;
  }

  #path(job: string): string {
    return join(this.#folder, nameOf(job));
  }
}

const nameOf = (job: string) => `${job}.seen.jsonl`;
