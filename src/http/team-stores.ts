import { randomBytes } from "node:crypto";
import { MemoryQuestions } from "../approval/team/memory-questions.js";
import { MissingStateKey } from "../approval/team/questions.js";
import type { DatabaseAccess } from "../config/database.js";
import { ConfigurationError } from "../config/read.js";
import type { Database } from "../database/database.js";
import { DatabaseError } from "../database/errors.js";
import { PostgresPageRecords } from "../database/page-records.js";
import { PostgresQuestions } from "../database/questions.js";
import { Sealer } from "../database/sealing.js";
import { derivedKey, RowSigner } from "../database/signing.js";
import { DatabaseVault } from "../database/vault.js";
import { messageOf } from "../lib/failure.js";
import type { TimeSource } from "../lib/time-source.js";
import { ToolError } from "../lib/tool-error.js";
import { MemoryPageRecords } from "./pages/page-sessions.js";
import { PendingLogins } from "./pages/pending-logins.js";

/** What the server remembers of its team: in the database that several servers share, or else in its memory. */
export function openStores(
  database: Database | undefined,
  access: Pick<DatabaseAccess, "stateKeys"> | undefined,
  realm: string,
  now: () => Date,
) {
  const keys = access?.stateKeys ?? ([randomBytes(32)] as const);
  const signer = new RowSigner(keys, "questions");
  const shared = database && {
    questions: new PostgresQuestions(database, signer),
    records: new PostgresPageRecords(database, new Sealer(keys, "page records")),
    vault: new DatabaseVault(database, realm, new Sealer(keys, "vaults")),
  };
  /** If another server on the database signed with a key that this one lacks. */
  const missingKey = async (): Promise<MissingStateKey | undefined> => {
    try {
      await shared?.questions.checkKeys();
      return undefined;
    } catch (error) {
      if (error instanceof MissingStateKey) return error;
      throw error;
    }
  };
  const records = shared?.records ?? new MemoryPageRecords(now);
  return {
    questions: shared?.questions ?? new MemoryQuestions(now),
    records,
    logins: new PendingLogins(new Sealer(keys, "begun logins"), records, now),
    vault: shared?.vault,
    /** What the server cannot do its work without, by name: checks that throw if it is not available now. */
    needs: {
      ...(shared && {
        // One that cannot say which keys were used is missing itself.
        database: async () => {
          await Promise.all([database.checkWritable(), missingKey()]);
        },
        "state key": async () => {
          const missing = await missingKey().catch(() => undefined);
          if (missing !== undefined) throw missing;
        },
      }),
    },
    /** By which the database and other servers' logs name the keys; none without a database. */
    keyIds: shared === undefined ? [] : signer.keyIds,
    missingKey,
    /** Deletes what has expired in the database; to be called regularly. */
    tidy: async () => {
      // Each, also if another fails: keys in vaults must not stay because questions cannot be deleted.
      const outcomes = await Promise.allSettled(Object.values(shared ?? {}).map((each) => each.tidy()));
      const failed = outcomes.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
    /**
     * With this secrets enter bindings. One for all people: they are told that somebody else asks for the same. Servers
     * on one database share it, as they share the questions.
     */
    bindingKey: derivedKey(keys[0], "cloudcert-mcp binding of questions"),
  };
}

/** How long a server that starts waits until the tables are brought up to date, in milliseconds. */
const FIRST_USE = 20_000;

/**
 * Uses the database for the first time, before anybody is let in.
 * @param end when the server is to end
 * @throws {ConfigurationError} if this server can never work with it; one that is away may come back
 */
export async function tryStores(
  stores: Parameters<typeof useStores>[0],
  log: (line: string) => void,
  end: AbortSignal,
  { pause }: Pick<TimeSource, "pause">,
): Promise<void> {
  const over = new AbortController();
  const stop = () => over.abort();
  end.addEventListener("abort", stop);
  if (end.aborted) stop();
  let isLate = false;
  const late = pause(FIRST_USE, over.signal).then(
    () => log("started without the database: its tables are being brought up to date"),
    () => {},
  );
  const used = useStores(stores, log).catch((error: unknown) => {
    if (!isLate) throw error;
    log(messageOf(error));
  });
  try {
    await Promise.race([used, late]);
  } finally {
    isLate = true;
    stop();
    end.removeEventListener("abort", stop);
  }
}

async function useStores(
  { keyIds, tidy, missingKey }: Pick<ReturnType<typeof openStores>, "keyIds" | "tidy" | "missingKey">,
  log: (line: string) => void,
): Promise<void> {
  if (keyIds.length > 0) log(`state keys, of which the first signs: ${keyIds.join(", ")}`);
  try {
    await tidy();
    const missing = await missingKey();
    if (missing !== undefined) throw new ConfigurationError(`--state-key: ${missing.message} ${aboutMissingKey}`);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (!(error instanceof DatabaseError) || error.isLasting)
      throw new ConfigurationError(`--database: ${error.message}`);
    log(`started without the database: ${error.message}`);
  }
}

const aboutMissingKey =
  "Add that key on a line of its own after the first; docs/team-operations.md says how to change it, and what to do if it was a wrong one. Nothing was started";
