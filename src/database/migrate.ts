import { z } from "zod";
import { unsent } from "../lib/tool-error.js";
import { type Migration, migrations } from "./migrations.js";
import type { Queries } from "./queries.js";

/** "cloudcrt" in ASCII. Held by the server that brings the tables up to date; the others wait. */
const MIGRATION_LOCK = "7164223657225712244";

/** Whether the tables are those of this program; found out without waiting for whoever brings them up to date. */
export async function isUpToDate(queries: Queries): Promise<boolean> {
  const applied = await appliedSteps(queries, migrations);
  return migrations.every(({ number }) => applied?.has(number));
}

/**
 * Brings the tables up to date, inside a transaction: forwards only, all steps or none.
 * @throws {ToolError} if the database has been used by another version of this program
 */
export async function migrate(
  queries: Queries,
  log: (line: string) => void,
  known: readonly Migration[] = migrations,
): Promise<void> {
  const { run } = queries;
  await run("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  const applied = await appliedSteps(queries, known);
  if (applied === undefined) {
    await run("CREATE SCHEMA IF NOT EXISTS cloudcert");
    await run(
      "CREATE TABLE cloudcert.migration (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    );
  }
  for (const { number, name, sql } of known) {
    if (applied?.has(number)) continue;
    await run(sql);
    await run("INSERT INTO cloudcert.migration (number, name) VALUES ($1, $2)", [number, name]);
    log(`database: tables brought up to step ${number}, ${name}`);
  }
}

/** Undefined while there are no tables at all. */
async function appliedSteps({ rows }: Queries, known: readonly Migration[]): Promise<ReadonlySet<number> | undefined> {
  const [found] = await rows(
    z.object({ exists: z.boolean() }),
    "SELECT to_regclass('cloudcert.migration') IS NOT NULL AS exists",
  );
  if (found?.exists !== true) return undefined;
  const applied = await rows(z.object({ number: z.number() }), "SELECT number FROM cloudcert.migration");
  const done = new Set(applied.map(({ number }) => number));
  const unknown = [...done].filter((number) => !known.some((each) => each.number === number));
  if (unknown.length > 0)
    throw unsent(
      "configuration",
      `The database has been used by another version of this program (its tables have step ${Math.max(...unknown)}). Nothing was changed.`,
      "Ask the operator to update this server, to restore the database from an earlier backup, or to give it an empty database.",
    );
  return done;
}
