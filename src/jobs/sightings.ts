import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { systemCodeOf } from "../lib/failure.js";
import { parseJson } from "../lib/json.js";
import { sha256Hex } from "../lib/sha256.js";
import type { TlsReport } from "../tls-check/tls-check.js";
import type { Archive } from "./archive.js";

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);

/** Addresses recorded of one look; a CDN returns a few to each visitor. */
const MOST_ADDRESSES = 32;

/** A look at what the addresses of a domain served. Its members' order is part of its digest. */
export const sighting = z
  .object({
    /** When the look began; ISO 8601. */
    at: z.string().datetime(),
    job: z.string(),
    target: z.string(),
    domain: z.string(),
    when: z.enum(["before", "after"]),
    /** What the target should serve once the job is done: SHA-256 or SHA-1 of a leaf, "none", or "unknown". */
    expected: z.string(),
    addresses: z
      .array(
        z
          .object({
            address: z.string(),
            /** One for each certificate, with the kinds of clients that get it. */
            served: z
              .array(
                z
                  .object({
                    /** SHA-256 of each certificate as sent, the leaf first. */
                    chain: z.array(fingerprint).nonempty(),
                    clients: z.array(z.string()),
                    /** Why a public client would not trust it, in words. */
                    distrust: z.string().optional(),
                  })
                  .strict(),
              )
              .readonly(),
            /** Why nothing was seen, or not everything, in words. */
            problem: z.string().optional(),
            /** Nothing answered there: this says nothing about what is served. */
            unreached: z.literal(true).optional(),
          })
          .strict(),
      )
      .max(MOST_ADDRESSES),
    /** Addresses that were looked at and are not recorded, if any. */
    left_out: z.number().int().positive().optional(),
    problem: z.string().optional(),
  })
  .strict();
export type Sighting = z.output<typeof sighting>;

/** The bytes that a digest of a look covers. */
export function encodeSighting(look: Sighting): string {
  return JSON.stringify(sighting.parse(look));
}

/** A look, and the certificates seen in it: DER by SHA-256. */
export interface SeenServed {
  readonly look: Sighting;
  readonly certificates: ReadonlyMap<string, Buffer>;
}

/** What the journal keeps of a report; undefined if that is no single look. */
export function seenIn(
  { at, addresses, problem }: TlsReport,
  about: Pick<Sighting, "job" | "target" | "domain" | "when" | "expected">,
): SeenServed | undefined {
  if (at === undefined) return undefined;
  const certificates = new Map<string, Buffer>();
  const recorded = addresses.slice(0, MOST_ADDRESSES).map((each) => ({
    address: each.address,
    served: each.certificates.map(({ encoded, clients, distrust }) => {
      const [leaf = "", ...rest] = encoded.map((der) => {
        const digest = sha256Hex(der);
        certificates.set(digest, der);
        return digest;
      });
      const chain: [string, ...string[]] = [leaf, ...rest];
      return { chain, clients: [...clients], ...(distrust !== undefined && { distrust }) };
    }),
    ...(each.problem !== undefined && { problem: each.problem }),
    ...(each.unreached && { unreached: each.unreached }),
  }));
  const leftOut = addresses.length - recorded.length;
  const look = {
    at,
    ...about,
    addresses: recorded,
    ...(leftOut > 0 && { left_out: leftOut }),
    ...(problem !== undefined && { problem }),
  };
  return { look: sighting.parse(look), certificates };
}

/** A line of the file: a certificate, once, or a look. */
const line = z.union([
  z.object({ certificate: fingerprint, der: z.string() }).strict(),
  z.object({ look: sighting }).strict(),
]);

/** Bytes at which the file of a job is full. A look at one address has 500, a chain 4,000. */
const FULL = 8_000_000;

/** What the targets of jobs served, seen before and after: a file for each job next to the journal's, only added to. */
export class Sightings {
  readonly #folder: string;
  readonly #redact: (json: string) => string;
  readonly #archive: Archive;

  constructor(folder: string, redact: (json: string) => string, archive: Archive) {
    this.#folder = folder;
    this.#redact = redact;
    this.#archive = archive;
  }

  /** The look as it may be kept. */
  redacted({ look, certificates }: SeenServed): SeenServed {
    return { look: sighting.parse(JSON.parse(this.#redact(JSON.stringify(look)))), certificates };
  }

  /** Adds looks to a job's file; they are on disk when this resolves. False if the file is full. */
  async add(job: string, seen: readonly SeenServed[]): Promise<boolean> {
    const known = (await this.of(job)).certificates;
    const fresh = new Map(
      seen.flatMap(({ certificates }) => [...certificates].filter(([digest]) => !known.has(digest))),
    );
    const lines = [
      ...[...fresh].map(([certificate, der]) => ({ certificate, der: der.toString("base64") })),
      ...seen.map(({ look }) => ({ look })),
    ];
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = await open(this.#path(job), "a+", 0o600);
    try {
      const { size } = await file.stat();
      if (size > FULL) return false;
      // A line that a killed process left unfinished ends here.
      const start = size === 0 ? "" : "\n";
      await file.appendFile(`${start}${lines.map((each) => JSON.stringify(each)).join("\n")}\n`);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  /** All looks of a job, oldest first, with the certificates seen in them. Damaged lines are skipped. */
  async of(
    job: string,
  ): Promise<{ readonly looks: readonly Sighting[]; readonly certificates: ReadonlyMap<string, Buffer> }> {
    const looks: Sighting[] = [];
    const certificates = new Map<string, Buffer>();
    for (const text of (await this.#read(job)).split("\n")) {
      const read = text === "" ? undefined : line.safeParse(parseJson(text)).data;
      if (read === undefined) continue;
      if ("look" in read) {
        looks.push(read.look);
        continue;
      }
      const der = Buffer.from(read.der, "base64");
      if (sha256Hex(der) === read.certificate) certificates.set(read.certificate, der);
    }
    return { looks, certificates };
  }

  /** Moves the file of a job to the archive, as the job's own; what came after an earlier move stays here. */
  async archive(job: string, startedAt: string): Promise<void> {
    if ((await this.#archive.read(nameOf(job))) !== undefined) return;
    try {
      await this.#archive.take(this.#path(job), nameOf(job), startedAt);
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT") throw error;
    }
  }

  /** What is archived comes first: later looks, as by wait_for, begin a new file. */
  async #read(job: string): Promise<string> {
    const archived = (await this.#archive.read(nameOf(job))) ?? "";
    try {
      return `${archived}\n${await readFile(this.#path(job), "utf8")}`;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return archived;
      throw error;
    }
  }

  #path(job: string): string {
    return join(this.#folder, nameOf(job));
  }
}

const nameOf = (job: string) => `${job}.seen.jsonl`;
