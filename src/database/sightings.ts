import { z } from "zod";
import {
  encodeSighting,
  type JobSightings,
  MAX_SIGHTINGS_BYTES,
  type SeenServed,
  type SightingStore,
  sightingSchema,
} from "../jobs/sightings.js";
import { parseJson } from "../lib/json.js";
import { sha256Hex } from "../lib/sha256.js";
import type { Database } from "./database.js";

/** What the targets of jobs were seen serving: a row for each check, and one for each certificate of a job. */
export class DatabaseSightings implements SightingStore {
  readonly #database: Database;
  readonly #realm: string;

  constructor(database: Database, realm: string) {
    this.#database = database;
    this.#realm = realm;
  }

  add(job: string, seen: readonly SeenServed[]): Promise<boolean> {
    const certificates = new Map(seen.flatMap((each) => [...each.certificates]));
    const here = [this.#realm, job];
    return this.#database.transaction(async ({ rows, run }) => {
      const [found] = await rows(
        z.object({ size: z.coerce.number() }),
        `SELECT (SELECT coalesce(sum(octet_length(look)), 0) FROM cloudcert.sighting WHERE realm = $1 AND job = $2)
              + (SELECT coalesce(sum(octet_length(der)), 0) FROM cloudcert.seen_certificate WHERE realm = $1 AND job = $2) AS size`,
        here,
      );
      if ((found?.size ?? 0) > MAX_SIGHTINGS_BYTES) return false;
      await run(
        `INSERT INTO cloudcert.seen_certificate (realm, job, sha256, der)
         SELECT $1, $2, * FROM unnest($3::text[], $4::bytea[]) ON CONFLICT DO NOTHING`,
        [...here, [...certificates.keys()], [...certificates.values()]],
      );
      await run("INSERT INTO cloudcert.sighting (realm, job, look) SELECT $1, $2, * FROM unnest($3::text[])", [
        ...here,
        seen.map(({ sighting }) => encodeSighting(sighting)),
      ]);
      return true;
    });
  }

  async of(job: string): Promise<JobSightings> {
    const here = [this.#realm, job];
    const sightings = await this.#database.rows(
      z.object({ look: z.string() }),
      "SELECT look FROM cloudcert.sighting WHERE realm = $1 AND job = $2 ORDER BY number",
      here,
    );
    const certificates = await this.#database.rows(
      z.object({ sha256: z.string(), der: z.instanceof(Buffer) }),
      "SELECT sha256, der FROM cloudcert.seen_certificate WHERE realm = $1 AND job = $2",
      here,
    );
    return {
      sightings: sightings.flatMap(({ look }) => sightingSchema.safeParse(parseJson(look)).data ?? []),
      certificates: new Map(
        certificates.filter(({ sha256, der }) => sha256Hex(der) === sha256).map(({ sha256, der }) => [sha256, der]),
      ),
    };
  }
}
