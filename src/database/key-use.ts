import { z } from "zod";
import { MissingStateKey } from "../approval/team/questions.js";
import type { Queries } from "./queries.js";
import type { RowSigner } from "./signing.js";

/**
 * How long what a server has signed may still be read, in seconds: a question lasts four hours at most, and can be found
 * for one more.
 */
const READABLE = 5 * 60 * 60;

/** How often a server writes down that it uses its key, in seconds. */
const NOTED = 60;

const byThisKey = z.object({ id: z.string(), fresh: z.boolean() });

/**
 * Makes sure that this server has every key that any server signs with: without one of them, it takes for altered what
 * others signed, and asks again what waits there.
 * @throws {MissingStateKey}
 */
export async function checkKeys(queries: Queries, { keyIds }: RowSigner) {
  const used = await queries.rows(
    byThisKey,
    `SELECT id, used_at > clock_timestamp() - make_interval(secs => $2) AS fresh FROM cloudcert.state_key
     WHERE used_at > clock_timestamp() - make_interval(secs => $1)`,
    [READABLE, NOTED],
  );
  if (used.some(({ id }) => !keyIds.includes(id))) throw new MissingStateKey();
  return used;
}

/**
 * Checks the keys and writes down that this server signs with the first of its own; to be called in a transaction before
 * it signs.
 * @throws {MissingStateKey}
 */
export async function noteKeyUse(queries: Queries, signer: RowSigner): Promise<void> {
  const [own] = signer.keyIds;
  const isNoted = (used: readonly z.output<typeof byThisKey>[]) => used.some(({ id, fresh }) => id === own && fresh);
  if (isNoted(await checkKeys(queries, signer))) return;
  // Of two servers that start at once with different keys, the second sees the first one's.
  await queries.run("SELECT pg_advisory_xact_lock(hashtextextended('cloudcert.state_key', 0))");
  if (isNoted(await checkKeys(queries, signer))) return;
  await queries.run(
    `INSERT INTO cloudcert.state_key (id, used_at) VALUES ($1, clock_timestamp())
     ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at`,
    [own],
  );
}
